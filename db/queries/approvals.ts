import { and, desc, eq } from 'drizzle-orm'
import { Approval } from '../../runtime/core/entities.ts'
import type { Labelled, Trust } from '../../runtime/core/trust.ts'
import { approval, intent } from '../schema/effects.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

/** A question quotes the content it asks about, and so carries the label of its intent. */
export async function listApprovals(
  tx: Tx,
  { brandId }: Scope,
  filter: { status?: Approval['status']; limit?: number },
): Promise<Labelled<Approval>[]> {
  const rows = await tx.db
    .select({ approval, trust: intent.trust })
    .from(approval)
    .innerJoin(intent, and(eq(intent.tenantId, approval.tenantId), eq(intent.id, approval.intentId)))
    .where(
      and(
        eq(approval.tenantId, tx.tenantId),
        eq(intent.brandId, brandId),
        filter.status ? eq(approval.status, filter.status) : undefined,
      ),
    )
    .orderBy(desc(approval.askedAt), desc(approval.id))
    .limit(filter.limit ?? 100)
  return rows.map((row) => ({ value: Approval.parse(row.approval), trust: row.trust as Trust }))
}
