/** One agent with one tool, for our loop; the tool answers with a kilobyte, as real ones do. */
import { z } from 'zod'
import { type AnyAgent, defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import { ask, call } from '../../runtime/core/playbook.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { tinyTeam } from '../runtime/runs/tiny-team.ts'
import { TOOL } from './scripted-model.ts'

export const FACT = 'x'.repeat(1_000)

/** How often the tool really ran. */
export interface Tally {
  calls: number
}

export const Fact = z.object({ number: z.int(), text: z.string() })

/** The fact-noter and the small orchestrator of the engine's tests, which plans one step a line. */
export function stepTeam(calls: number, tally: Tally): readonly [AnyAgent, AnyAgent] {
  const noteFact = defineTool({
    name: TOOL,
    does: 'Note a fact.',
    effect: { kind: 'record' },
    input: z.object({ number: z.int() }),
    output: Fact,
    yields: 'clean',
    async run({ number }) {
      tally.calls += 1
      return { number, text: FACT }
    },
  })
  const Brief = z.object({ words: z.array(z.string()) })
  const Report = z.object({ facts: z.int() })
  const noter = defineAgent<z.infer<typeof Brief>, z.infer<typeof Report>>({
    role: 'analytics',
    mission: 'Note facts.',
    tools: [noteFact],
    brief: Brief,
    report: Report,
    tier: 'fast',
    limits: { turns: calls + 2, costMicros: 1_000_000, wallMs: 10 * MINUTE },
    ceiling: 'observe',
    memory: { reads: [], writes: [] },
    prompt: new URL('data:text/plain,You note facts.'),
    headline: (report) => `noted ${report.facts} facts`,
    *playbook() {
      for (let number = 0; number < calls; number += 1) yield* ask(call(TOOL, { number }))
      return { facts: calls }
    },
  })
  const boss = tinyTeam({ counted: [], during: async () => undefined }).find(
    (agent) => agent.role === 'orchestrator',
  )
  if (!boss) throw new Error('the tiny team has no orchestrator')
  return [noter, boss]
}
