/** Amounts held before an act and settled after it; both count against every window. */
import { and, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import { intent, reservation } from '../schema/effects.ts'
import type { Tx } from '../tx.ts'

export type ReservationRow = typeof reservation.$inferSelect

/**
 * Held and settled amounts since an instant, those of one act left out. `begun` counts only acts that armed: when arming,
 * two planned acts must not wait for each other.
 */
export const listReserved = (
  tx: Tx,
  since: string,
  exceptIntentId: string | undefined,
  counted: 'planned' | 'begun',
) =>
  tx.db
    .select({
      agent: reservation.agent,
      accountId: reservation.accountId,
      unit: reservation.unit,
      amount: reservation.amount,
      at: reservation.at,
    })
    .from(reservation)
    .innerJoin(intent, and(eq(intent.tenantId, reservation.tenantId), eq(intent.id, reservation.intentId)))
    .where(
      and(
        eq(reservation.tenantId, tx.tenantId),
        counted === 'begun' ? isNotNull(intent.armedAt) : undefined,
        gt(reservation.at, since),
        inArray(reservation.status, ['held', 'settled']),
        exceptIntentId === undefined ? undefined : ne(reservation.intentId, exceptIntentId),
      ),
    )

/** Holds an amount, or moves what is held to the time it will now be used. */
export async function holdReservation(
  tx: Tx,
  row: Pick<ReservationRow, 'id' | 'intentId' | 'agent' | 'accountId' | 'unit' | 'amount' | 'at'>,
): Promise<void> {
  await tx.db
    .insert(reservation)
    .values({ ...row, tenantId: tx.tenantId, status: 'held' })
    .onConflictDoUpdate({
      target: [reservation.tenantId, reservation.intentId, reservation.unit],
      set: { at: row.at, amount: row.amount, status: sql`'held'` },
    })
}

export async function endReservations(
  tx: Tx,
  intentId: string,
  status: 'settled' | 'released',
): Promise<void> {
  await tx.db
    .update(reservation)
    .set({ status })
    .where(
      and(
        eq(reservation.tenantId, tx.tenantId),
        eq(reservation.intentId, intentId),
        eq(reservation.status, 'held'),
      ),
    )
}
