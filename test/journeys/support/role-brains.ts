/** Which of our agents is speaking to a model server, told by its prompt; and a mind that thinks as that agent's rules. */
import { roster } from '../../../agents/index.ts'
import type { Role } from '../../../runtime/core/agent.ts'
import { playbookBrain } from '../../fakes/model-server/brains.ts'
import type { NormalisedRequest, Turn } from '../../fakes/model-server/turn.ts'

const OPENINGS: Partial<Record<Role, RegExp>> = {
  orchestrator: /^You are the orchestrator/,
  'content-creator': /^You are the content creator/,
  'brand-voice': /^You are the keeper of a brand/,
  compliance: /^You are the compliance officer/,
  analytics: /^You are the analyst|^You are (?:an|the) analy/,
}

/** Undefined for the question what stills show. */
export const roleOf = ({ system }: NormalisedRequest): Role | undefined =>
  roster.find(({ role }) => OPENINGS[role]?.test(system))?.role

/** Each agent's own rules, spoken over a provider's wire. */
export const rulesBrain: (request: NormalisedRequest) => Turn | undefined = playbookBrain((request) => {
  const role = roleOf(request)
  const agent = roster.find((one) => one.role === role)
  return agent && ((brief) => agent.playbook(brief))
})
