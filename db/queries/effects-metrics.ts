/** What the networks told about accounts and publications, and what people wrote under them. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { RemoteComment } from '../../runtime/core/ports/publisher.ts'
import { publication } from '../schema/effects.ts'
import { comment, metricPoint } from '../schema/record.ts'
import type { Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

/** When figures of an account itself were last read. */
export async function lastAccountReading(tx: Tx, accountId: string): Promise<string | undefined> {
  const row = firstRow(
    await tx.db
      .select({ at: metricPoint.at })
      .from(metricPoint)
      .where(
        and(
          eq(metricPoint.tenantId, tx.tenantId),
          eq(metricPoint.accountId, accountId),
          isNull(metricPoint.publicationId),
        ),
      )
      .orderBy(desc(metricPoint.at))
      .limit(1),
  )
  return row?.at
}

/** New comments are added, edited ones take their newer text; returns how many there were. */
export async function saveComments(
  tx: Tx,
  about: { brandId: string; accountId: string; publicationId: string },
  comments: readonly (RemoteComment & { id: string })[],
): Promise<number> {
  if (comments.length === 0) return 0
  const rows = comments.map(({ id, remoteId, author, text, at }) => ({
    tenantId: tx.tenantId,
    ...about,
    id,
    remoteId,
    author,
    text,
    at,
  }))
  const saved = await tx.db
    .insert(comment)
    .values(rows)
    .onConflictDoUpdate({
      target: [comment.tenantId, comment.accountId, comment.remoteId],
      set: { text: sql`excluded.text`, author: sql`excluded.author` },
    })
    .returning({ id: comment.id })
  return saved.length
}

export async function findPublication(
  tx: Tx,
  id: string,
): Promise<typeof publication.$inferSelect | undefined> {
  return firstRow(
    await tx.db
      .select()
      .from(publication)
      .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id))),
  )
}
