/** Plans as graphs without cycles: pure checks and choices, no storage. */
import type { PlannedStep, StepView } from './ports.ts'

/** What is wrong with a plan, one sentence each; empty when it can run. */
export function findPlanProblems(steps: readonly PlannedStep[], roles: ReadonlySet<string>): string[] {
  const problems: string[] = []
  const keys = new Set<string>()
  if (steps.length === 0) problems.push('The plan has no steps.')
  for (const step of steps) {
    if (keys.has(step.key)) problems.push(`Two steps are called "${step.key}".`)
    keys.add(step.key)
    if (!roles.has(step.agent)) problems.push(`There is no agent "${step.agent}" for step "${step.key}".`)
  }
  for (const step of steps) {
    for (const need of step.needs) {
      if (!keys.has(need)) problems.push(`Step "${step.key}" needs "${need}", which is no step of this plan.`)
    }
  }
  const cycle = findCycle(steps)
  if (cycle) problems.push(`The steps ${cycle.map((key) => `"${key}"`).join(' → ')} wait for each other.`)
  return problems
}

/** Depth-first search with colours; returns the keys along one cycle. */
function findCycle(steps: readonly PlannedStep[]): string[] | undefined {
  const needsOf = new Map(steps.map((step) => [step.key, step.needs]))
  const done = new Set<string>()
  const path: string[] = []
  const visit = (key: string): string[] | undefined => {
    if (done.has(key)) return undefined
    const seenAt = path.indexOf(key)
    if (seenAt >= 0) return [...path.slice(seenAt), key]
    path.push(key)
    for (const need of needsOf.get(key) ?? []) {
      const cycle = visit(need)
      if (cycle) return cycle
    }
    path.pop()
    done.add(key)
    return undefined
  }
  for (const step of steps) {
    const cycle = visit(step.key)
    if (cycle) return cycle
  }
  return undefined
}

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
  const record = brief as Record<string, unknown>
  if (typeof record.$from === 'string') return pick(reportOf(record.$from), String(record.path ?? ''))
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, resolveBrief(value, reportOf)]),
  )
}

function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .filter(Boolean)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
}

/** Keys a brief reads from, so that trust and needs follow the data. */
export function referencedSteps(brief: unknown): string[] {
  if (Array.isArray(brief)) return brief.flatMap(referencedSteps)
  if (brief === null || typeof brief !== 'object') return []
  const record = brief as Record<string, unknown>
  return typeof record.$from === 'string' ? [record.$from] : Object.values(record).flatMap(referencedSteps)
}
