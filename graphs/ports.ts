/** What graphs need of the house. Bound to one run and its lease at the composition root; every write is fenced by it. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Role } from '../runtime/core/agent.ts'
import type { ToolOutcome } from '../runtime/core/playbook.ts'
import type { Trust } from '../runtime/core/trust.ts'

export interface ToolRequest {
  readonly id: string
  readonly name: string
  readonly args: unknown
}

/** Ends a run early without a crash. */
export type LimitOutcome = 'needs-more-steps' | 'over-budget' | 'over-time'

export interface RolePorts {
  readonly model: BaseChatModel
  /** Never throws for what a tool or its caller did wrong; throws `cancelled` and `stale-lease`. */
  useTool(request: ToolRequest, trust: Trust): Promise<{ outcome: ToolOutcome; trust: Trust }>
  /** A limit the run has hit, checked before each model turn. */
  findLimit(turns: number): Promise<LimitOutcome | undefined>
  readonly signal: AbortSignal
}

/** One step of a plan as the planner writes it. */
export interface PlannedStep {
  key: string
  agent: string
  brief: Record<string, unknown>
  needs: string[]
}

export interface StepView extends PlannedStep {
  id: string
  plan: number
  status: 'planned' | 'released' | 'done' | 'failed' | 'skipped'
  report: unknown
  trust: Trust
}

export interface Refusal {
  asked: string
  because: string
}

export interface Answer {
  text: string
  cites: readonly { what: string; id: string }[]
  outcome: 'done' | 'partial' | 'refused'
  refusals: readonly Refusal[]
  /** Who wrote it: `provider:model`, or `playbook` for rules. */
  by: readonly string[]
}

export interface NewPlan {
  plan: number
  steps: readonly PlannedStep[]
  say: string
  refusals: readonly Refusal[]
  trust: Trust
  by: readonly string[]
  degraded: readonly string[]
}

export interface OrchestratorPorts {
  /** The roles that have an agent. */
  readonly roles: ReadonlySet<Role>
  model(stage: 'plan' | 'judge'): BaseChatModel
  /** The brief of the orchestrator for a stage, with the trust of everything in it. */
  brief(
    stage: 'plan' | 'judge',
    replansLeft: number,
  ): Promise<{ brief: Record<string, unknown>; prompt: string; trust: Trust }>
  /** Checks each step's brief against its agent's; a sentence per problem. `$from` references count as fitting. */
  findBriefProblems(steps: readonly PlannedStep[]): string[]
  /** Stores the DAG; asked again for the same plan it keeps what is stored. Returns what is stored. */
  storePlan(plan: NewPlan): Promise<void>
  listSteps(): Promise<StepView[]>
  /** Makes the step's run and releases it; a second call does nothing. Fails the step when its brief cannot be resolved. */
  releaseStep(stepId: string): Promise<void>
  /** Steps that can never run because what they need failed. */
  skipStep(stepId: string, because: string): Promise<void>
  /** True while an act of this task waits for a person, its time or the platform. */
  hasOpenActs(): Promise<boolean>
  park(phase: 'working' | 'waiting'): Promise<void>
  finish(answer: Answer): Promise<void>
  readonly signal: AbortSignal
}

/** Called by the model to hand in its report; the only way a role ends well. */
export const SUBMIT_REPORT = 'submit-report'
