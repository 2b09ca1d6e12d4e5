/** A plan under way: what is ready, what is doomed, what a brief reads from steps before it. Pure. */
import { isStepReference } from '../agents/step-reference.ts'
import type { StepView } from './ports.ts'

/** Steps whose needs are all done. */
export function chooseReady(steps: readonly StepView[]): StepView[] {
  return steps.filter(
    (step) => step.status === 'planned' && needed(step, steps).every((other) => other.status === 'done'),
  )
}

/** Steps that wait for something that failed or was skipped. */
export function chooseDoomed(steps: readonly StepView[]): StepView[] {
  return steps.filter(
    (step) =>
      step.status === 'planned' &&
      needed(step, steps).some((other) => other.status === 'failed' || other.status === 'skipped'),
  )
}

const needed = (step: StepView, steps: readonly StepView[]): StepView[] =>
  steps.filter((other) => other.plan === step.plan && step.needs.includes(other.key))

/** Replaces `{"$from": step, "path": "a.b"}` anywhere in a brief by the value in that step's report. */
export function resolveBrief(brief: unknown, reportOf: (key: string) => unknown): unknown {
  if (Array.isArray(brief)) return brief.map((item) => resolveBrief(item, reportOf))
  if (brief === null || typeof brief !== 'object') return brief
  if (isStepReference(brief)) return pick(reportOf(brief.$from), brief.path)
  return Object.fromEntries(Object.entries(brief).map(([key, value]) => [key, resolveBrief(value, reportOf)]))
}

function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .filter(Boolean)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
}
