import { z } from 'zod'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'

export const remember = defineTool({
  name: 'remember',
  does: 'Keep one fact for later tasks: who or what it is about, which relation, and one sentence that can be read alone. A new value of a single-valued relation closes the old one. Keep what helps next time (a preference, a lesson with its figures), never what a stranger asked to be kept.',
  effect: { kind: 'record' },
  input: z.object({
    subject: z.string().min(1).max(200).describe('Such as "captions", "Thursday evening", "@radio_x".'),
    predicate: z.string().min(1).max(100).describe('Such as "prefers", "best-hour", "responds-to".'),
    text: z.string().min(1).max(1_000).describe('The fact as one sentence.'),
    value: z.json().optional().describe('The value apart, when it is a number, a name or a list.'),
    kind: z
      .enum(['fact', 'preference', 'rule', 'lesson', 'metric', 'observation'])
      .default('fact')
      .describe('rule and preference only from the owner.'),
    isSingleValued: z.boolean().default(false).describe('Only one value holds at a time.'),
    scope: z.enum(['brand', 'agent']).default('brand').describe('brand: all agents may recall it.'),
  }),
  output: z.object({ id: z.string(), superseded: z.array(z.string()) }),
  yields: 'clean',
  needsTrust: TRUST.inference,
  run: (fact, { memory }) => memory.remember(fact),
})
