/** Writes down what a failure before the effect leads to. */
import { listReserved } from '../../db/queries/effects-budget.ts'
import { getIntent, type IntentRow } from '../../db/queries/effects-intents.ts'
import { lockPolicy, setAccountStatus } from '../../db/queries/effects-targets.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs } from '../core/clock.ts'
import type { ActState } from '../core/effect.ts'
import type { StakazoError } from '../core/errors.ts'
import type { EffectPorts } from './effect-ports.ts'
import { type FailurePlan, planFailure } from './failures.ts'
import { moveAct } from './move-act.ts'
import { raiseAlert } from './raise-alert.ts'

const UNSENT: readonly ActState[] = ['claimed', 'armed', 'sent']

export async function failAct(
  ports: EffectPorts,
  tenantId: string,
  held: IntentRow,
  error: StakazoError,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    await lockPolicy(tx)
    const row = await getIntent(tx, held.id)
    const isOurs = row.leaseEpoch === held.leaseEpoch && UNSENT.some((state) => state === row.state)
    const state = {
      attempts: row.attempts,
      roll: ports.random.next(),
      freesInMs: await freesIn(tx, ports, row),
    }
    const plan: FailurePlan = isOurs ? planFailure(error, state, ports.timings) : { kind: 'yield' }
    await follow(tx, ports, row, error, plan)
  })
}

async function follow(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  error: StakazoError,
  plan: FailurePlan,
): Promise<void> {
  const { clock } = ports
  const reason = `${error.message}. ${error.row.hint}`
  const noted = { error: { code: error.code, message: error.message, details: error.details ?? null } }
  const move = { from: UNSENT, epoch: row.leaseEpoch, reason, facts: { code: error.code } }
  switch (plan.kind) {
    case 'retry':
      return again(tx, ports, row, { ...move, patch: noted }, plan.delayMs, plan.isCounted)
    case 'reschedule':
      await again(tx, ports, row, { ...move, patch: noted }, plan.delayMs, false)
      return raiseAlert(tx, clock, row, { kind: 'daily-cap', severity: 'warning', message: reason })
    case 'hold': {
      await setAccountStatus(tx, row.accountId, { status: plan.account, pausedReason: error.message })
      await moveAct(tx, clock, row, { ...move, to: 'held', patch: { ...noted, leaseUntil: null } })
      return raiseAlert(tx, clock, row, {
        kind: `account-${plan.account}`,
        severity: 'critical',
        message: reason,
      })
    }
    case 'look':
      await moveAct(tx, clock, row, {
        ...move,
        to: 'unknown',
        patch: { ...noted, unknownSince: clock.now(), leaseUntil: null },
      })
      return tx.due('intent', row.id, row.world, clock.now())
    case 'fail':
      await moveAct(tx, clock, row, { ...move, to: 'failed', patch: noted })
      return raiseAlert(tx, clock, row, { kind: 'act-failed', severity: plan.severity, message: reason })
    case 'yield':
      // Put anew, so that our claimer's "done" does not take the row away from its new owner.
      return tx.due('intent', row.id, row.world, addMs(clock.now(), ports.timings.leaseMs))
  }
}

type Noted = Omit<Parameters<typeof moveAct>[3], 'to'>

/** What is not counted is the platform's wish to wait: the time until the act is late waits with it. */
async function again(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  move: Noted,
  delayMs: number,
  isCounted: boolean,
): Promise<void> {
  const dueAt = addMs(ports.clock.now(), delayMs)
  const lateAt = isCounted ? row.lateAt : addMs(row.lateAt as Instant, delayMs)
  const attempts = isCounted ? row.attempts : Math.max(0, row.attempts - 1)
  const patch = { ...move.patch, dueAt, lateAt, attempts, leaseUntil: null }
  await moveAct(tx, ports.clock, row, { ...move, to: 'scheduled', patch })
  await tx.due('intent', row.id, row.world, dueAt)
}

/** When the oldest of our own acts leaves the network's window; undefined when we know of none. */
async function freesIn(tx: Tx, ports: EffectPorts, row: IntentRow): Promise<number | undefined> {
  const network = Object.values(ports.connectors).find(
    (connector) => connector.network === row.payload.network,
  )
  if (!network) return undefined
  const now = ports.clock.now()
  const { perMs } = network.quota
  const acts = await listReserved(tx, addMs(now, -perMs), row.id, 'begun')
  const oldest = acts
    .filter((act) => act.accountId === row.accountId && act.unit === 'action' && act.at <= now)
    .map((act) => act.at)
    .sort()
    .at(0)
  return oldest === undefined ? undefined : Math.max(0, instantMs(oldest) + perMs - instantMs(now))
}
