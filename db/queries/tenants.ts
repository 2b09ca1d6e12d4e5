import { eq } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { tenant } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'

export interface TenantRow {
  id: string
  name: string
  createdAt: string
}

/** Makes the tenant the transaction belongs to; false when it is there already. */
export async function createTenant(tx: Tx, clock: Clock, name: string): Promise<boolean> {
  const made = await tx.db
    .insert(tenant)
    .values({ tenantId: tx.tenantId, id: tx.tenantId, name, createdAt: clock.now() })
    .onConflictDoNothing()
    .returning({ id: tenant.id })
  if (made.length === 0) return false
  tx.emit({ type: 'tenant.created', subjectId: tx.tenantId, trust: 3, payload: { name } })
  tx.record({ kind: 'tenant.created', subjectId: tx.tenantId, body: { name } })
  return true
}

export async function findTenant(tx: Tx): Promise<TenantRow | undefined> {
  const [row] = await tx.db.select().from(tenant).where(eq(tenant.tenantId, tx.tenantId))
  return row && { id: row.id, name: row.name, createdAt: row.createdAt }
}
