/** Facts of one act, read under the tenant's policy lock, and what the rules say to them. Used when asked and when arming. */
import { lockPolicy } from '../../db/queries/effects-targets.ts'
import { isGivenByPerson } from '../../db/queries/given-by-person.ts'
import type { Tx } from '../../db/tx.ts'
import type { Instant } from '../core/clock.ts'
import { payloadHash } from '../core/digest.ts'
import { Verb } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import { leastTrust, type Trust } from '../core/trust.ts'
import { listPast } from './budget.ts'
import type { EffectPorts } from './effect-ports.ts'
import { type Decision, decide, Policy } from './policy.ts'
import type { ActTarget } from './verbs/act-verb.ts'
import { verbs } from './verbs/index.ts'

export interface Weighed {
  policy: Policy | undefined
  target: ActTarget
  /** Hash of the content as the rows have it now. */
  hash: string
  trust: Trust
  decision: Decision
}

export interface Weighing {
  verb: string
  targetId: string
  extra: Record<string, unknown> | undefined
  agent: string
  /** The task it belongs to, if any. */
  taskId: string | undefined
  trust: Trust
  /** When it would act. */
  at: (target: ActTarget) => Instant
  intentId: string | undefined
  phase: 'asking' | 'arming'
}

/** Locks policy, content and publication until the transaction ends. Throws `world-mismatch`, `not-found`, `conflict`. */
export async function weigh(tx: Tx, ports: EffectPorts, asked: Weighing): Promise<Weighed> {
  // An unreadable policy is no policy: everything is refused until somebody mends it.
  const policy = Policy.safeParse(await lockPolicy(tx)).data
  const verb = verbs[Verb.parse(asked.verb)]
  const target = await verb.read(tx, asked.targetId, ports.connectors)
  assertWorld(ports, target)
  const payload = { ...target.payload, ...(asked.extra ? { extra: asked.extra } : {}) }
  const at = asked.at(target)
  const trust = leastTrust(asked.trust, target.trust)
  const decision = decide(
    policy,
    {
      effect: verb.effect,
      agent: asked.agent,
      ceiling: asked.agent === 'owner' ? 'act' : ports.ceilingOf(asked.agent),
      isAsked: asked.taskId !== undefined && (await isGivenByPerson(tx, asked.taskId)),
      trust,
      needsTrust: verb.needsTrust,
      now: ports.clock.now(),
      at,
      zone: target.brand.zone,
      isBrandFrozen: target.brand.isFrozen,
      account: target.account,
      areRightsConfirmed: target.areRightsConfirmed,
      text: target.text,
      reviews: target.reviews,
      preflight: target.preflight,
      costMicros: target.costMicros,
      past: await listPast(tx, at, asked.intentId, asked.phase === 'arming' ? 'begun' : 'planned'),
      quota: target.quota,
    },
    asked.phase,
  )
  return { policy, target: { ...target, payload }, hash: payloadHash(payload), trust, decision }
}

function assertWorld({ world }: EffectPorts, { worlds, account }: ActTarget): void {
  const other = worlds.find((one) => one !== world)
  if (other === undefined) return
  throw new StakazoError(
    'world-mismatch',
    `${account.username} belongs to ${other}, this runtime acts in ${world}`,
  )
}
