import { listReferences } from '../step-reference.ts'
import type { PlanStep } from './report.ts'

/** Pure: everything that keeps a plan from running, as sentences a planner can act on; empty for a sound plan. */
export function findPlanFaults(steps: readonly PlanStep[], roles: readonly string[]): string[] {
  const keys = steps.map((step) => step.key)
  const repeated = keys.filter((key, index) => keys.indexOf(key) !== index)
  const faults = [...new Set(repeated)].map((key) => `two steps are called "${key}"`)
  for (const { key, agent, needs, brief } of steps) {
    if (!roles.includes(agent))
      faults.push(`step "${key}": there is no agent "${agent}" (${roles.join(', ')})`)
    for (const need of needs) {
      if (!keys.includes(need)) faults.push(`step "${key}" needs "${need}", which is no step`)
    }
    const before = ancestors(steps, key)
    for (const { $from } of listReferences(brief)) {
      if (!before.has($from)) faults.push(`step "${key}" reads from "${$from}" without needing it`)
    }
    if (before.has(key)) faults.push(`step "${key}" waits for itself`)
  }
  return faults
}

/** Everything a step waits for, itself included when the plan runs in a circle. */
function ancestors(steps: readonly PlanStep[], key: string): Set<string> {
  const needsOf = (of: string) => steps.find((step) => step.key === of)?.needs ?? []
  const found = new Set<string>()
  const open = [...needsOf(key)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...needsOf(next))
  }
  return found
}
