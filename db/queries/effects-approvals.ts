/** Questions to people. An answer closes the one open question that has its id and its hash, or nothing. */
import { and, eq } from 'drizzle-orm'
import { StakazoError } from '../../runtime/core/errors.ts'
import { approval } from '../schema/effects.ts'
import type { Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

export type ApprovalRow = typeof approval.$inferSelect

export async function insertApproval(
  tx: Tx,
  row: Pick<ApprovalRow, 'id' | 'intentId' | 'hash' | 'question' | 'askedAt' | 'expiresAt'>,
): Promise<void> {
  await tx.db.insert(approval).values({ ...row, tenantId: tx.tenantId, status: 'pending' })
}

export async function getApproval(tx: Tx, id: string): Promise<ApprovalRow> {
  const row = firstRow(
    await tx.db
      .select()
      .from(approval)
      .where(and(eq(approval.tenantId, tx.tenantId), eq(approval.id, id))),
  )
  if (!row) throw new StakazoError('not-found', `there is no approval ${id}`)
  return row
}

export const listApprovalsOf = (tx: Tx, intentId: string): Promise<ApprovalRow[]> =>
  tx.db
    .select()
    .from(approval)
    .where(and(eq(approval.tenantId, tx.tenantId), eq(approval.intentId, intentId)))
    .orderBy(approval.askedAt, approval.id)

/** The conditional update that consumes a question: pending, with this very hash; undefined when it was not. */
export async function closeApproval(
  tx: Tx,
  id: string,
  hash: string,
  set: Pick<ApprovalRow, 'status' | 'decidedBy' | 'decidedAt' | 'reason'>,
): Promise<ApprovalRow | undefined> {
  return firstRow(
    await tx.db
      .update(approval)
      .set(set)
      .where(
        and(
          eq(approval.tenantId, tx.tenantId),
          eq(approval.id, id),
          eq(approval.hash, hash),
          eq(approval.status, 'pending'),
        ),
      )
      .returning(),
  )
}

/** Closes whatever question of the act is open. */
export async function closeOpenApproval(
  tx: Tx,
  intentId: string,
  set: Pick<ApprovalRow, 'status' | 'decidedAt' | 'reason'>,
): Promise<ApprovalRow | undefined> {
  return firstRow(
    await tx.db
      .update(approval)
      .set(set)
      .where(
        and(
          eq(approval.tenantId, tx.tenantId),
          eq(approval.intentId, intentId),
          eq(approval.status, 'pending'),
        ),
      )
      .returning(),
  )
}
