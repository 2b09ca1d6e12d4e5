import { eq } from 'drizzle-orm'
import { policy } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'

/** A tenant's rules as stored; undefined means that every act is refused. */
export async function readPolicy(tx: Tx): Promise<{ body: unknown; version: number } | undefined> {
  const [row] = await tx.db.select().from(policy).where(eq(policy.tenantId, tx.tenantId))
  return row && { body: row.body, version: row.version }
}
