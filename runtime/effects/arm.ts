/** From due to armed: the act is taken, decided again (it may only become harder) and its amounts are held. */
import { listApprovalsOf } from '../../db/queries/effects-approvals.ts'
import {
  claimIntent,
  findIntent,
  type IntentRow,
  listArmed,
  readLeaseLeftMs,
} from '../../db/queries/effects-intents.ts'
import { setAccountStatus } from '../../db/queries/effects-targets.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs } from '../core/clock.ts'
import { payloadHash } from '../core/digest.ts'
import { type ActState, TERMINAL_STATES } from '../core/effect.ts'
import type { Trust } from '../core/trust.ts'
import { askAnew, extraOf } from './approvals.ts'
import { findTrip } from './breaker.ts'
import { hold } from './budget.ts'
import type { EffectPorts } from './effect-ports.ts'
import { ask, verdictOf } from './gateway.ts'
import { moveAct } from './move-act.ts'
import { type Decision, type Granted, tighten } from './policy.ts'
import { raiseAlert } from './raise-alert.ts'
import { type Weighed, weigh } from './weigh.ts'

const CLAIMABLE: readonly ActState[] = ['scheduled', 'claimed', 'armed', 'sent', 'accepted', 'unknown']
const RESTING: ReadonlySet<string> = new Set<ActState>([
  ...TERMINAL_STATES,
  'draft',
  'awaiting-approval',
  'held',
])

/**
 * The act, now ours; undefined when there is nothing to do now. A later time is put on the due row, which keeps it; a row
 * that is left as it was goes when its claimer is done. Settling it here instead would race with a quick answer that puts
 * it anew.
 */
export async function takeAct(tx: Tx, ports: EffectPorts, id: string): Promise<IntentRow | undefined> {
  const { clock, world, timings } = ports
  const row = await findIntent(tx, id)
  if (!row || RESTING.has(row.state)) return undefined
  if (row.world !== world) {
    ports.log.warn({ intentId: id, world: row.world }, 'an act of the other world was left alone')
    return undefined
  }
  if (row.state === 'scheduled' && row.dueAt > clock.now()) {
    await tx.due('intent', id, row.world, row.dueAt)
    return undefined
  }
  const claimed = await claimIntent(tx, id, { world, states: CLAIMABLE, leaseMs: timings.leaseMs })
  // Putting the row anew keeps it for the owner: our claimer will now think its work done.
  if (!claimed) {
    await tx.due('intent', id, row.world, addMs(clock.now(), await readLeaseLeftMs(tx, id)))
    return undefined
  }
  const epoch = claimed.leaseEpoch
  if (claimed.state === 'scheduled')
    return moveAct(tx, clock, claimed, { from: ['scheduled'], to: 'claimed', epoch })
  if (claimed.state !== 'sent') return claimed
  return moveAct(tx, clock, claimed, {
    from: ['sent'],
    to: 'unknown',
    epoch,
    reason: 'its worker vanished while the answer was awaited',
    patch: { unknownSince: claimed.unknownSince ?? clock.now() },
  })
}

/** Decides again under the policy lock and arms; undefined when the act went elsewhere (asked, held, later, over). */
export async function armAct(tx: Tx, ports: EffectPorts, row: IntentRow): Promise<IntentRow | undefined> {
  const { clock } = ports
  const now = clock.now()
  const weighed = await weighNow(tx, ports, row)
  if (row.lateAt < now) return tooLate(tx, ports, row)
  const trip = await findAccountTrip(tx, weighed, row, now)
  if (trip !== undefined) return restAccount(tx, ports, row, trip)
  if (!(await mayAct(tx, ports, row, weighed))) return undefined
  await hold(tx, clock, row, now, weighed.target.costMicros)
  const patch = { armedAt: row.armedAt ?? now, attempts: row.attempts + 1 }
  return moveAct(tx, clock, row, { from: ['claimed', 'armed'], to: 'armed', patch, epoch: row.leaseEpoch })
}

/** The last look before the one call: hours may have passed in uploads, and a switch may have been thrown. */
export async function sendAct(tx: Tx, ports: EffectPorts, row: IntentRow): Promise<IntentRow | undefined> {
  if (!(await mayAct(tx, ports, row, await weighNow(tx, ports, row)))) return undefined
  return moveAct(tx, ports.clock, row, { from: ['armed'], to: 'sent', epoch: row.leaseEpoch })
}

const weighNow = (tx: Tx, ports: EffectPorts, row: IntentRow): Promise<Weighed> =>
  weigh(tx, ports, {
    verb: row.verb,
    targetId: row.targetId,
    extra: extraOf(row),
    agent: row.agent,
    taskId: row.taskId ?? undefined,
    trust: row.trust as Trust,
    at: () => ports.clock.now(),
    intentId: row.id,
    phase: 'arming',
  })

async function mayAct(tx: Tx, ports: EffectPorts, row: IntentRow, weighed: Weighed): Promise<boolean> {
  if (weighed.hash !== row.payloadHash) {
    await askAnew(tx, ports, row, weighed)
    return false
  }
  const decision = tighten(await grantedTo(tx, row), weighed.decision)
  if (decision.kind === 'allow' && decision.held === undefined && decision.notBefore === undefined)
    return true
  await standBack(tx, ports, row, weighed, decision)
  return false
}

async function grantedTo(tx: Tx, row: IntentRow): Promise<Granted> {
  const answers = await listApprovalsOf(tx, row.id)
  const yes = answers.findLast(({ status, hash }) => status === 'approved' && hash === row.payloadHash)
  if (yes) return { by: 'person', rules: rulesOf(yes.question) }
  return verdictOf(row).kind === 'allow' ? { by: 'policy' } : { by: 'nobody' }
}

function rulesOf(question: Record<string, unknown>): string[] {
  const verdict = question.verdict
  const rules = verdict !== null && typeof verdict === 'object' && 'rules' in verdict ? verdict.rules : []
  return Array.isArray(rules) ? rules.filter((rule) => typeof rule === 'string') : []
}

/** Harder than what was granted: refused, asked, held or later. */
async function standBack(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  weighed: Weighed,
  decision: Decision,
): Promise<void> {
  const from: readonly ActState[] = ['claimed', 'armed']
  const { sentence, rules, kind, held, notBefore } = decision
  const move = { from, epoch: row.leaseEpoch, facts: { rules } }
  if (kind === 'deny') {
    await moveAct(tx, ports.clock, row, { ...move, to: 'cancelled', reason: sentence })
    await raiseAlert(tx, ports.clock, row, { kind: 'act-refused', severity: 'warning', message: sentence })
  } else if (kind === 'ask') {
    const asked = { ...move, to: 'awaiting-approval' as const, reason: sentence }
    const patch = { verdict: { kind, sentence, rules }, leaseUntil: null }
    const moved = await moveAct(tx, ports.clock, row, { ...asked, patch })
    const cause = { agent: row.agent, ...(row.taskId === null ? {} : { taskId: row.taskId }) }
    await ask(tx, ports, moved, { ...weighed, decision }, cause)
  } else if (held !== undefined) {
    await moveAct(tx, ports.clock, row, { ...move, to: 'held', reason: held, patch: { leaseUntil: null } })
  } else {
    await postpone(tx, ports, row, notBefore ?? ports.clock.now(), sentence)
  }
}

async function postpone(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  dueAt: Instant,
  reason: string,
): Promise<void> {
  const lateAt = addMs(dueAt, Math.max(0, instantMs(row.lateAt) - instantMs(row.dueAt)))
  const patch = { dueAt, lateAt, leaseUntil: null }
  await moveAct(tx, ports.clock, row, {
    from: ['claimed', 'armed'],
    to: 'scheduled',
    reason,
    patch,
    epoch: row.leaseEpoch,
  })
  await tx.due('intent', row.id, row.world, dueAt)
}

/** `missed` promises that no call was made; what was tried and ran out of time failed. */
async function tooLate(tx: Tx, ports: EffectPorts, row: IntentRow): Promise<undefined> {
  const isUntried = row.armedAt === null
  const reason = isUntried
    ? 'it was too late when its turn came'
    : `it ran out of time: ${reasonOf(row.error)}`
  const move = { from: ['claimed', 'armed'] as const, epoch: row.leaseEpoch, reason }
  await moveAct(tx, ports.clock, row, { ...move, to: isUntried ? 'missed' : 'failed' })
  const kind = isUntried ? 'act-missed' : 'act-failed'
  await raiseAlert(tx, ports.clock, row, { kind, severity: 'warning', message: reason })
}

function reasonOf(error: unknown): string {
  const message =
    error !== null && typeof error === 'object' && 'message' in error ? error.message : undefined
  return typeof message === 'string' ? message : 'no reason was noted'
}

/** A retry of the same act is no burst and no twin: the act itself is left out. */
async function findAccountTrip(
  tx: Tx,
  { policy, target }: Weighed,
  row: IntentRow,
  now: Instant,
): Promise<string | undefined> {
  if (!policy || target.look === undefined) return undefined
  const since = addMs(now, -Math.max(policy.breaker.twinMs, policy.breaker.burstMs))
  const armed = await listArmed(tx, { accountId: row.accountId, verb: row.verb, since, exceptId: row.id })
  const acts = armed.map(({ armedAt, payload }) => ({ armedAtMs: instantMs(armedAt), look: lookOf(payload) }))
  return findTrip(policy, acts, { look: target.look, nowMs: instantMs(now) })
}

function lookOf({ caption, media }: Record<string, unknown>): string {
  const sha256 = media !== null && typeof media === 'object' && 'sha256' in media ? media.sha256 : null
  return payloadHash({ caption: caption ?? null, sha256 })
}

async function restAccount(tx: Tx, ports: EffectPorts, row: IntentRow, trip: string): Promise<undefined> {
  await setAccountStatus(tx, row.accountId, { status: 'paused', pausedReason: trip })
  const reason = `the account rests: ${trip}`
  const patch = { leaseUntil: null }
  await moveAct(tx, ports.clock, row, {
    from: ['claimed', 'armed'],
    to: 'held',
    reason,
    patch,
    epoch: row.leaseEpoch,
  })
  await raiseAlert(tx, ports.clock, row, { kind: 'account-paused', severity: 'critical', message: reason })
}
