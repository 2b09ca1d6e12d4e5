/** Who works here: the roster as agents.yaml lowers it. */
import type { Resolved } from './config/config.ts'
import type { AnyAgent } from './core/agent.ts'
import { type Autonomy, lowestAutonomy } from './core/effect.ts'

/** agents.yaml may change a tier, tighten a limit and lower a ceiling; code's own values are the most there is. */
export function applyOverrides(
  agents: readonly AnyAgent[],
  overrides: Resolved['config']['agents'],
): AnyAgent[] {
  return agents.map((agent) => {
    const own = overrides[agent.role]
    if (!own) return agent
    return {
      ...agent,
      tier: own.tier ?? agent.tier,
      limits: { ...agent.limits, ...own.limits },
      ceiling: lowestAutonomy(agent.ceiling, own.autonomy ?? agent.ceiling),
      playbook: (brief) => agent.playbook(brief),
      headline: (report) => agent.headline(report),
    }
  })
}

/** The most a role may ever do; the owner is bound by the tenant's policy alone, a stranger may only look. */
export const ceilingIn =
  (team: readonly AnyAgent[]) =>
  (agent: string): Autonomy =>
    agent === 'owner' ? 'act' : (team.find((one) => one.role === agent)?.ceiling ?? 'observe')
