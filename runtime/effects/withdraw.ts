/** Taking an act back before it armed; afterwards only a deletion can. Whoever moves the row first wins. */
import { closeOpenApproval } from '../../db/queries/effects-approvals.ts'
import { getIntent, type IntentRow, listIntents } from '../../db/queries/effects-intents.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../core/clock.ts'
import type { ActState } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import type { EffectPorts } from './effect-ports.ts'
import { moveAct } from './move-act.ts'

const WITHDRAWABLE: readonly ActState[] = ['draft', 'awaiting-approval', 'scheduled', 'claimed', 'held']

/** Throws `conflict` once it is armed or over. */
export async function withdraw(
  ports: EffectPorts,
  tenantId: string,
  intentId: string,
  by: string,
  reason: string,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    const row = await getIntent(tx, intentId)
    if (!WITHDRAWABLE.some((state) => state === row.state)) {
      throw new StakazoError('conflict', `the act is ${row.state}; only what has not armed can be taken back`)
    }
    await withdrawRow(tx, ports.clock, row, `${by}: ${reason}`)
  })
}

/** Every act of a task that has not armed; what has goes on to its end. Part of the caller's transaction. */
export async function withdrawTask(tx: Tx, clock: Clock, taskId: string, reason: string): Promise<void> {
  for (const row of await listIntents(tx, { taskId, states: WITHDRAWABLE }))
    await withdrawRow(tx, clock, row, reason)
}

async function withdrawRow(tx: Tx, clock: Clock, row: IntentRow, reason: string): Promise<void> {
  await moveAct(tx, clock, row, { from: WITHDRAWABLE, to: 'cancelled', reason })
  const closed = await closeOpenApproval(tx, row.id, { status: 'cancelled', decidedAt: clock.now(), reason })
  if (closed) await tx.settleDue('approval', closed.id)
}
