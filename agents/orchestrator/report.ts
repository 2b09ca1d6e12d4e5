/** What the orchestrator hands back: a plan, an answer, or what it asked of the gate. */
import { z } from 'zod'
import { ROLES } from '../../runtime/core/agent.ts'
import { ActState, VerdictKind } from '../../runtime/core/effect.ts'
import { Refusal } from './brief.ts'

export const PlanStep = z.object({
  /** Unique in the task, short: `create`, `voice`. */
  key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  agent: z.enum(ROLES),
  /** The agent's brief; a value may be `{"$from": "<step key>", "path": "<field of its report>"}`. */
  brief: z.record(z.string(), z.unknown()),
  /** Keys of the steps that must be done first. */
  needs: z.array(z.string()),
})
export type PlanStep = z.infer<typeof PlanStep>

export const PlanReport = z.object({
  decision: z.literal('plan'),
  language: z.string(),
  say: z.string(),
  steps: z.array(PlanStep).min(1).max(12),
  refusals: z.array(Refusal),
})
export type PlanReport = z.infer<typeof PlanReport>

export const AnswerReport = z.object({
  decision: z.literal('answer'),
  language: z.string(),
  text: z.string(),
  cites: z.array(z.object({ what: z.string(), id: z.string() })),
  outcome: z.enum(['done', 'partial', 'refused']),
  refusals: z.array(Refusal),
})
export type AnswerReport = z.infer<typeof AnswerReport>

export const ActedReport = z.object({
  decision: z.literal('acted'),
  language: z.string(),
  intents: z.array(
    z.object({
      did: z.enum(['publish', 'schedule', 'move', 'undo']),
      publicationId: z.uuid(),
      intentId: z.uuid(),
      state: ActState,
      verdict: z.object({ kind: VerdictKind, sentence: z.string() }),
      dueAt: z.string().optional(),
    }),
  ),
  cancelled: z.array(z.uuid()),
  remembered: z.array(z.string()),
  /** Posts a reviewer held back. */
  skipped: z.array(z.object({ postId: z.uuid(), ordinal: z.int(), because: z.string() })),
  failures: z.array(z.object({ what: z.string(), id: z.string(), code: z.string(), message: z.string() })),
})
export type ActedReport = z.infer<typeof ActedReport>

export const OrchestratorReport = z.discriminatedUnion('decision', [PlanReport, AnswerReport, ActedReport])
export type OrchestratorReport = z.infer<typeof OrchestratorReport>
