/**
 * After a lost answer: look, and end it as verified or failed. It is sent again only where the platform itself would
 * know and says no; elsewhere a bounded window ends with a person.
 */
import { endReservations } from '../../db/queries/effects-budget.ts'
import type { IntentRow } from '../../db/queries/effects-intents.ts'
import { setAccountStatus } from '../../db/queries/effects-targets.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs, toInstant } from '../core/clock.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import type { Lookup, Verified } from '../core/ports/publisher.ts'
import type { EffectPorts } from './effect-ports.ts'
import { moveAct } from './move-act.ts'
import { raiseAlert } from './raise-alert.ts'
import type { Act } from './verbs/act-verb.ts'

/** The one call was made and its outcome is not known. */
export async function loseAct(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  error: StakazoError,
): Promise<void> {
  const now = ports.clock.now()
  await ports.db.tenant(tenantId, async (tx) => {
    const patch = { unknownSince: now, leaseUntil: null, error: note(error, 0) }
    const reason = 'the answer was lost; it is being looked up'
    await moveAct(tx, ports.clock, row, {
      from: ['sent'],
      to: 'unknown',
      reason,
      patch,
      epoch: row.leaseEpoch,
      facts: { code: error.code },
    })
    await tx.due('intent', row.id, row.world, addMs(now, ports.timings.lookMs[0] ?? 0))
  })
}

export async function reconcileAct(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  open: () => Promise<Act>,
): Promise<void> {
  const { act, found, trouble } = await look(row, open)
  const isSettled = sinceLost(ports, row) >= ports.timings.settleMs
  if (found.found === 'live') return adopt(ports, tenantId, row, act, found.remoteId)
  if (found.found === 'not-live' && found.isAuthoritative && isSettled)
    return sendAgain(ports, tenantId, row, found.isHandleUsable)
  await lookLater(ports, tenantId, row, trouble)
}

async function look(
  row: IntentRow,
  open: () => Promise<Act>,
): Promise<{ act: Act | undefined; found: Lookup; trouble: StakazoError | undefined }> {
  try {
    const act = await open()
    return { act, found: await act.lookup(row.handle ?? {}), trouble: undefined }
  } catch (error) {
    return { act: undefined, found: { found: 'unsure' }, trouble: fromUnknown(error) }
  }
}

const sinceLost = ({ clock }: EffectPorts, row: IntentRow): number =>
  clock.nowMs() - instantMs(row.unknownSince ?? clock.now())

async function adopt(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  act: Act | undefined,
  remoteId: string | undefined,
): Promise<void> {
  const accepted = await ports.db.tenant(tenantId, async (tx) => {
    const id = remoteId ?? row.remoteId
    const moved = await moveAct(tx, ports.clock, row, {
      from: ['unknown'],
      to: 'accepted',
      epoch: row.leaseEpoch,
      patch: { remoteId: id, error: null, unknownSince: null },
      shown: { remoteId: id },
      facts: { foundBy: 'lookup' },
    })
    await endReservations(tx, row.id, 'settled')
    await tx.due('intent', row.id, row.world, ports.clock.now())
    return moved
  })
  if (act) await verifyAct(ports, tenantId, accepted, act)
}

/** The platform says it is not there, late enough to be believed. The attempts are bounded all the same. */
async function sendAgain(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  isHandleUsable: boolean,
): Promise<void> {
  const { clock, timings } = ports
  await ports.db.tenant(tenantId, async (tx) => {
    const move = { from: ['unknown'] as const, epoch: row.leaseEpoch, facts: { foundBy: 'lookup' } }
    if (row.attempts >= timings.attempts) {
      const reason = `it was sent ${row.attempts} times and never became visible`
      await moveAct(tx, clock, row, { ...move, to: 'failed', reason, patch: { unknownSince: null } })
      return raiseAlert(tx, clock, row, { kind: 'act-failed', severity: 'warning', message: reason })
    }
    const patch = {
      unknownSince: null,
      leaseUntil: null,
      dueAt: clock.now(),
      lateAt: laterOf(row.lateAt as Instant, addMs(clock.now(), timings.settleMs)),
      ...(isHandleUsable ? {} : { handle: null }),
    }
    const reason = 'the platform does not have it; it is sent again'
    await moveAct(tx, clock, row, { ...move, to: 'scheduled', reason, patch })
    await tx.due('intent', row.id, row.world, clock.now())
  })
}

const laterOf = (left: Instant, right: Instant) => (left > right ? left : right)

async function lookLater(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  trouble: StakazoError | undefined,
): Promise<void> {
  const { clock, timings } = ports
  const tries = triesOf(row) + 1
  const isOver = sinceLost(ports, row) >= timings.unknownMs
  await ports.db.tenant(tenantId, async (tx) => {
    if (trouble?.code === 'auth-expired') await askToReconnect(tx, ports, row, trouble)
    const error = note(trouble ?? new StakazoError('outcome-unknown', 'the platform cannot tell yet'), tries)
    const move = { from: ['unknown'] as const, epoch: row.leaseEpoch }
    if (isOver) {
      const reason = 'nobody can tell whether it went out; look at the account and settle it'
      await moveAct(tx, clock, row, {
        ...move,
        to: 'failed',
        reason,
        patch: { error: { ...error, code: 'needs-person' } },
      })
      return raiseAlert(tx, clock, row, { kind: 'needs-person', severity: 'critical', message: reason })
    }
    await moveAct(tx, clock, row, {
      ...move,
      to: 'unknown',
      patch: { error, leaseUntil: null },
      facts: { tries },
    })
    await tx.due('intent', row.id, row.world, addMs(clock.now(), waitOf(ports, row, tries)))
  })
}

/** Growing; while the request may still be on its way, not beyond the moment from which a "no" counts. */
function waitOf(ports: EffectPorts, row: IntentRow, tries: number): number {
  const { lookMs, settleMs } = ports.timings
  const wait = lookMs[Math.min(tries, lookMs.length - 1)] ?? settleMs
  const untilSettled = settleMs - sinceLost(ports, row)
  return untilSettled > 0 ? Math.min(wait, untilSettled) : wait
}

async function askToReconnect(
  tx: Tx,
  { clock }: EffectPorts,
  row: IntentRow,
  error: StakazoError,
): Promise<void> {
  await setAccountStatus(tx, row.accountId, { status: 'reconnect', pausedReason: error.message })
  if (triesOf(row) > 0) return
  await raiseAlert(tx, clock, row, {
    kind: 'account-reconnect',
    severity: 'critical',
    message: error.message,
  })
}

/**
 * The effect happened; this reads its address. Nothing read here un-publishes it: after a few tries it ends as verified,
 * with what is known.
 */
export async function verifyAct(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  act: Act,
): Promise<void> {
  const { clock, timings } = ports
  const read = await readBack(row, act)
  if ('verified' in read) return finish(ports, tenantId, row, read.remoteId, read.verified, undefined)
  const tries = triesOf(row) + 1
  if (tries >= timings.verifyTries) {
    const reason = `live by the platform's word; it could not be read back (${read.trouble.code})`
    return finish(ports, tenantId, row, row.remoteId, { url: undefined, publishedAt: undefined }, reason)
  }
  await ports.db.tenant(tenantId, async (tx) => {
    const patch = { error: note(read.trouble, tries), leaseUntil: null }
    await moveAct(tx, clock, row, {
      from: ['accepted'],
      to: 'accepted',
      epoch: row.leaseEpoch,
      patch,
      shown: {},
      facts: { tries },
    })
    const wait = timings.lookMs[Math.min(tries, timings.lookMs.length - 1)] ?? 0
    await tx.due('intent', row.id, row.world, addMs(clock.now(), wait))
  })
}

/** By the id we have; where that leads nowhere (ids in answers have been seen to), by looking for the content. */
async function readBack(
  row: IntentRow,
  act: Act,
): Promise<{ remoteId: string; verified: Verified } | { trouble: StakazoError }> {
  let remoteId = row.remoteId ?? undefined
  try {
    if (remoteId !== undefined) return { remoteId, verified: await act.verify(remoteId) }
  } catch (error) {
    const trouble = fromUnknown(error)
    if (trouble.code !== 'not-found') return { trouble }
  }
  try {
    const found = await act.lookup(row.handle ?? {})
    remoteId = found.found === 'live' ? found.remoteId : undefined
    if (remoteId !== undefined) return { remoteId, verified: await act.verify(remoteId) }
    return { trouble: new StakazoError('not-found', 'it is live, but which post it is cannot be told') }
  } catch (error) {
    return { trouble: fromUnknown(error) }
  }
}

async function finish(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  remoteId: string | null,
  { url, publishedAt }: Verified,
  reason: string | undefined,
): Promise<void> {
  const { clock, timings } = ports
  const isPublished = row.verb === 'publish-post'
  await ports.db.tenant(tenantId, async (tx) => {
    const at = publishedAt === undefined ? clock.now() : toInstant(instantMs(publishedAt))
    await moveAct(tx, clock, row, {
      from: ['accepted'],
      to: 'verified',
      epoch: row.leaseEpoch,
      patch: { remoteId, error: null },
      shown: { remoteId, url: url ?? null, publishedAt: at },
      facts: { remoteId, url: url ?? null },
      ...(reason === undefined ? {} : { reason }),
    })
    if (reason !== undefined)
      await raiseAlert(tx, clock, row, { kind: 'unread-post', severity: 'info', message: reason })
    if (isPublished)
      await tx.due('metrics', row.targetId, row.world, addMs(clock.now(), timings.metricsMs[0] ?? 0))
    else await tx.settleDue('metrics', row.targetId)
  })
}

const note = ({ code, message }: StakazoError, tries: number) => ({ code, message, tries })

function triesOf({ error }: IntentRow): number {
  const tries = error !== null && typeof error === 'object' && 'tries' in error ? error.tries : 0
  return typeof tries === 'number' ? tries : 0
}
