/** Two small agents with rules of their own, enough to run the real engine without the real roster. */
import { z } from 'zod'
import { type AnyAgent, defineAgent } from '../../../runtime/core/agent.ts'
import { askAll, call } from '../../../runtime/core/playbook.ts'
import { defineTool } from '../../../runtime/core/tool.ts'

const LIMITS = { turns: 10, costMicros: 1_000_000, wallMs: 60_000 }
const PROMPT = new URL('data:text/plain,You are a role of {{brand.name}}.')

export interface Bench {
  /** Told of each run of the counting tool, so that a test sees repetitions. */
  counted: string[]
  /** Runs inside the counting tool. */
  during: (word: string, signal: AbortSignal) => Promise<void>
}

export function tinyTeam(bench: Bench): AnyAgent[] {
  const countWord = defineTool({
    name: 'count-word',
    does: 'Count the letters of a word.',
    effect: { kind: 'record' },
    input: z.object({ word: z.string() }),
    output: z.object({ letters: z.int() }),
    yields: 'clean',
    async run({ word }, ctx) {
      bench.counted.push(word)
      await bench.during(word, ctx.signal)
      ctx.progress(1, `counted ${word}`)
      return { letters: word.length }
    },
  })
  const Words = z.object({ words: z.array(z.string()) })
  const Lengths = z.object({ lengths: z.array(z.int()) })
  const counter = defineAgent<z.infer<typeof Words>, z.infer<typeof Lengths>>({
    role: 'analytics',
    mission: 'Count letters.',
    tools: [countWord],
    brief: Words,
    report: Lengths,
    tier: 'fast',
    limits: LIMITS,
    ceiling: 'observe',
    memory: { reads: [], writes: [] },
    prompt: PROMPT,
    headline: (report) => `counted ${report.lengths.length} words`,
    *playbook({ words }) {
      const outcomes = yield* askAll<{ letters: number }>(words.map((word) => call('count-word', { word })))
      const lengths = outcomes.map((outcome) => (outcome.ok ? outcome.value.letters : -1))
      return { lengths }
    },
  })
  return [counter, tinyBoss()]
}

/** Plans one counting step for each line of the message, each after the one before, then answers with the sums. */
function tinyBoss(): AnyAgent {
  return defineAgent<Record<string, unknown>, Record<string, unknown>>({
    role: 'orchestrator',
    mission: 'Plan the counting.',
    tools: [],
    brief: z.record(z.string(), z.unknown()),
    report: z.record(z.string(), z.unknown()),
    tier: 'smart',
    limits: LIMITS,
    ceiling: 'act',
    memory: { reads: [], writes: [] },
    prompt: PROMPT,
    headline: () => 'planned',
    *playbook(brief) {
      const lines = String(brief.message).split('\n')
      if (brief.stage === 'plan') {
        const steps = lines.map((line, index) => ({
          key: `line-${index}`,
          agent: 'analytics',
          brief: { words: line.split(' ') },
          needs: index === 0 ? [] : [`line-${index - 1}`],
        }))
        return { decision: 'plan', language: 'en', say: 'counting', steps, refusals: [] }
      }
      const steps = brief.steps as { status: string; report: { lengths: number[] } | null }[]
      const text = steps.map((step) => (step.report ? step.report.lengths.join('+') : step.status)).join('; ')
      const outcome = steps.every((step) => step.status === 'done') ? 'done' : 'partial'
      return { decision: 'answer', language: 'en', text, cites: [], outcome, refusals: [] }
    },
  })
}
