/** Acts and money are held in the transaction that plans them, counted while held, settled or let go when it ends. */
import { holdReservation, listReserved } from '../../db/queries/effects-budget.ts'
import type { IntentRow } from '../../db/queries/effects-intents.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Clock, DAY, type Instant } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { PastAct } from './policy.ts'

/** Longest window of any cap, and a day. */
const LOOK_BACK_MS = 31 * DAY

export async function listPast(
  tx: Tx,
  at: Instant,
  exceptIntentId: string | undefined,
  counted: 'planned' | 'begun',
): Promise<PastAct[]> {
  const rows = await listReserved(tx, addMs(at, -LOOK_BACK_MS), exceptIntentId, counted)
  return rows.map((row) => ({ ...row, unit: row.unit === 'spend' ? 'spend' : 'action' }))
}

export async function hold(
  tx: Tx,
  clock: Clock,
  row: Pick<IntentRow, 'id' | 'agent' | 'accountId'>,
  at: Instant,
  costMicros: number,
): Promise<void> {
  const held = { intentId: row.id, agent: row.agent, accountId: row.accountId, at }
  await holdReservation(tx, { ...held, id: newId(clock), unit: 'action', amount: 1 })
  if (costMicros > 0)
    await holdReservation(tx, { ...held, id: newId(clock), unit: 'spend', amount: costMicros })
}
