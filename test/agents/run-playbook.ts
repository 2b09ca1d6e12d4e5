/**
 * Runs a playbook against answers of its tools, keeping both sides to the contract: arguments must parse by the tool's
 * own input schema and answers by its output schema.
 */
import type { PlaybookCall, PlaybookRun, ToolOutcome } from '../../runtime/core/playbook.ts'
import { findTool } from '../../tools/index.ts'

export interface SeenCall {
  tool: string
  args: Record<string, unknown>
}
export type Answer = (args: Record<string, unknown>, nth: number) => unknown
export const refuse = (code: string, message: string) => ({ refused: { code, message } })

const isRefusal = (value: unknown): value is ReturnType<typeof refuse> =>
  typeof value === 'object' && value !== null && 'refused' in value

export function runPlaybook<Report>(
  run: PlaybookRun<Report>,
  answers: Readonly<Record<string, Answer>>,
): { report: Report; calls: SeenCall[] } {
  const calls: SeenCall[] = []
  const answer = ({ tool, args }: PlaybookCall): ToolOutcome => {
    const known = findTool(tool)
    const reply = answers[tool]
    if (!known || !reply) throw new TypeError(`no answer for ${tool}`)
    // What travels as JSON arrives without its undefined members.
    const sent = JSON.parse(JSON.stringify(args)) as Record<string, unknown>
    const input = known.input.parse(sent) as Record<string, unknown>
    const nth = calls.filter((seen) => seen.tool === tool).length
    calls.push({ tool, args: sent })
    const value = reply(input, nth)
    if (isRefusal(value)) return { ok: false, ...value.refused }
    return { ok: true, value: known.output.parse(value) }
  }
  let step = run.next()
  while (!step.done) {
    const asked = step.value
    step = run.next(Array.isArray(asked) ? asked.map(answer) : answer(asked))
  }
  return { report: step.value, calls }
}
