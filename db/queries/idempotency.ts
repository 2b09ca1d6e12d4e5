/** First come, first served: one row a key; the answer is kept for whoever asks again. */
import { and, eq, isNull, lt } from 'drizzle-orm'
import { addMs, type Clock, DAY, MINUTE } from '../../runtime/core/clock.ts'
import { idempotency } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'

/** A request in flight longer than this died with its process: every request ends sooner. */
const ABANDONED_MS = 10 * MINUTE
const KEPT_MS = DAY

export type Admission =
  | { kind: 'first' }
  | { kind: 'in-flight' }
  | { kind: 'mismatch' }
  | { kind: 'replay'; status: number; response: unknown }

export async function admitRequest(
  tx: Tx,
  clock: Clock,
  id: string,
  requestHash: string,
): Promise<Admission> {
  const now = clock.now()
  const mine = eq(idempotency.tenantId, tx.tenantId)
  await tx.db.delete(idempotency).where(and(mine, lt(idempotency.createdAt, addMs(now, -KEPT_MS))))
  await tx.db
    .delete(idempotency)
    .where(and(mine, isNull(idempotency.status), lt(idempotency.createdAt, addMs(now, -ABANDONED_MS))))
  const made = await tx.db
    .insert(idempotency)
    .values({ tenantId: tx.tenantId, id, requestHash, createdAt: now })
    .onConflictDoNothing()
    .returning({ id: idempotency.id })
  if (made.length > 0) return { kind: 'first' }
  const [row] = await tx.db
    .select()
    .from(idempotency)
    .where(and(mine, eq(idempotency.id, id)))
  if (!row || (row.requestHash === requestHash && row.status === null)) return { kind: 'in-flight' }
  if (row.requestHash !== requestHash) return { kind: 'mismatch' }
  return { kind: 'replay', status: row.status ?? 200, response: row.response }
}

export async function keepAnswer(tx: Tx, id: string, status: number, response: unknown): Promise<void> {
  await tx.db
    .update(idempotency)
    .set({ status, response })
    .where(and(eq(idempotency.tenantId, tx.tenantId), eq(idempotency.id, id)))
}

/** The request failed and wrote nothing: the key may be used again. */
export async function forgetRequest(tx: Tx, id: string): Promise<void> {
  await tx.db
    .delete(idempotency)
    .where(and(eq(idempotency.tenantId, tx.tenantId), eq(idempotency.id, id), isNull(idempotency.status)))
}
