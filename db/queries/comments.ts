import { and, desc, eq } from 'drizzle-orm'
import { Comment } from '../../runtime/core/entities.ts'
import { comment } from '../schema/record.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

export async function listComments(
  tx: Tx,
  { brandId }: Scope,
  filter: { publicationId?: string; accountId?: string; limit?: number },
): Promise<Comment[]> {
  const rows = await tx.db
    .select()
    .from(comment)
    .where(
      and(
        eq(comment.tenantId, tx.tenantId),
        eq(comment.brandId, brandId),
        filter.publicationId ? eq(comment.publicationId, filter.publicationId) : undefined,
        filter.accountId ? eq(comment.accountId, filter.accountId) : undefined,
      ),
    )
    .orderBy(desc(comment.at), desc(comment.id))
    .limit(filter.limit ?? 100)
  return rows.map((row) => Comment.parse({ ...row, trust: 0 }))
}
