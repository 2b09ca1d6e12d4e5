import { z } from 'zod'
import type { Screen } from './screen.ts'

export interface WhyView {
  id: string
  effect: Record<string, unknown> | null
  lines: { at: string; type: string; agent: string | null; summary: string }[]
}

/** The whole sentence is in `--json`. */
const SUMMARY_CHARS = 90

const Effect = z.object({
  verb: z.string(),
  state: z.string(),
  agent: z.string(),
  reasoning: z.string().nullable(),
  trust: z.number(),
  verdict: z.object({ kind: z.string(), sentence: z.string() }),
  answers: z.array(
    z.object({ status: z.string(), by: z.string().nullable(), reason: z.string().nullable() }),
  ),
  payloadHash: z.string(),
  remoteId: z.string().nullable(),
  url: z.string().nullable(),
  figures: z.record(z.string(), z.number()),
})

export function showWhy(screen: Screen, { effect, lines }: WhyView): void {
  const known = Effect.safeParse(effect).data
  if (known) {
    const row = (name: string, value: string) =>
      screen.line(`${screen.style('bold', name.padEnd(9))} ${value}`)
    row('act', `${known.verb}, ${known.state}`)
    row('agent', `${known.agent}${known.reasoning ? `: ${known.reasoning}` : ''} (trust ${known.trust})`)
    row('verdict', `${known.verdict.kind}: ${known.verdict.sentence}`)
    for (const { status, by, reason } of known.answers)
      row('answer', `${status}${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}`)
    row('hash', known.payloadHash)
    row('platform', `${known.remoteId ?? '-'}  ${known.url ?? ''}`)
    const figures = Object.entries(known.figures).map(([metric, value]) => `${metric} ${value}`)
    if (figures.length > 0) row('figures', figures.join(', '))
    screen.line()
  }
  for (const { at, type, agent, summary } of lines) {
    const short = summary.length > SUMMARY_CHARS ? `${summary.slice(0, SUMMARY_CHARS - 1)}…` : summary
    const time = screen.style('dim', at.slice(11, 19))
    screen.line(`${time} ${type.padEnd(20)} ${(agent ?? '').padEnd(16)} ${short}`)
  }
}
