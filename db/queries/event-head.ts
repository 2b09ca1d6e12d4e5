import { and, eq } from 'drizzle-orm'
import { tenantCounter } from '../schema/record.ts'
import type { Tx } from '../transaction.ts'

/** Number of the tenant's newest event; 0 before the first. */
export async function readEventHead(tx: Tx): Promise<number> {
  const [row] = await tx.db
    .select({ value: tenantCounter.value })
    .from(tenantCounter)
    .where(and(eq(tenantCounter.tenantId, tx.tenantId), eq(tenantCounter.id, 'event')))
  return row?.value ?? 0
}
