import { and, eq, inArray, notInArray } from 'drizzle-orm'
import { post, publication } from '../schema/effects.ts'
import { clip } from '../schema/media.ts'
import type { Tx } from '../tx.ts'

/** States in which nobody counts on a publication: it was never asked for, or it is over. */
const IDLE = ['draft', 'cancelled', 'failed', 'missed']

/** Which of these ids are clips the task itself made, or posts of it that no account is waiting for. */
export async function listOwnDrafts(tx: Tx, taskId: string, ids: readonly string[]): Promise<string[]> {
  const clips = await tx.db
    .select({ id: clip.id })
    .from(clip)
    .where(and(eq(clip.tenantId, tx.tenantId), eq(clip.taskId, taskId), inArray(clip.id, [...ids])))
  const posts = await tx.db
    .select({ id: post.id })
    .from(post)
    .where(and(eq(post.tenantId, tx.tenantId), eq(post.taskId, taskId), inArray(post.id, [...ids])))
  if (posts.length === 0) return clips.map(({ id }) => id)
  const awaited = await tx.db
    .select({ id: publication.postId })
    .from(publication)
    .where(
      and(
        eq(publication.tenantId, tx.tenantId),
        inArray(
          publication.postId,
          posts.map(({ id }) => id),
        ),
        notInArray(publication.state, IDLE),
      ),
    )
  const busy = new Set(awaited.map(({ id }) => id))
  return [...clips, ...posts].map(({ id }) => id).filter((id) => !busy.has(id))
}
