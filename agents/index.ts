/** Who works here, by hand. A role of the vocabulary that is not in this list is not built yet. */
import { z } from 'zod'
import { type AnyAgent, ROLES, type Role } from '../runtime/core/agent.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import { analytics } from './analytics/agent.ts'
import { brandVoice } from './brand-voice/agent.ts'
import { compliance } from './compliance/agent.ts'
import { contentCreator } from './content-creator/agent.ts'
import { orchestrator } from './orchestrator/agent.ts'
import { ActBrief } from './orchestrator/brief.ts'

export const roster: readonly AnyAgent[] = [orchestrator, contentCreator, brandVoice, compliance, analytics]

const findAgent = (role: string): AnyAgent | undefined => roster.find((agent) => agent.role === role)

export function getAgent(role: string): AnyAgent {
  const agent = findAgent(role)
  if (agent) return agent
  const built = roster.map((one) => one.role).join(', ')
  const isPlanned = (ROLES as readonly string[]).includes(role)
  throw new StakazoError(
    isPlanned ? 'unsupported-request' : 'not-found',
    isPlanned
      ? `the agent ${role} is not built yet; there are ${built}`
      : `there is no agent ${role}; there are ${built}`,
    { details: { role, built: roster.map((one) => one.role) } },
  )
}

export interface RoleCard {
  role: Role
  mission: string
  /** JSON schema of its brief, so that a planner writes briefs that parse. */
  brief: unknown
}

/** Who can be given a step, for the orchestrator's brief. Of its own briefs a planner may write only acts. */
export const describeRoles = (agents: readonly AnyAgent[]): RoleCard[] =>
  agents.map(({ role, mission, brief }) => ({
    role,
    mission,
    brief: z.toJSONSchema(role === 'orchestrator' ? ActBrief : brief, { io: 'input' }),
  }))
