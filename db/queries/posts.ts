import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { Post, type Review } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { NewPost } from '../../runtime/core/ports/store.ts'
import { leastTrust } from '../../runtime/core/trust.ts'
import { post, publication } from '../schema/effects.ts'
import { clip } from '../schema/media.ts'
import type { Tx } from '../tx.ts'
import { getClip } from './clips.ts'
import { lockPolicy } from './effects-targets.ts'
import { getRendition } from './renditions.ts'
import { existing, type Scope, stamp } from './scope.ts'
import { hasLeft, standDown } from './stand-down.ts'

const isPost = (tx: Tx, scope: Scope, id: string) =>
  and(eq(post.tenantId, tx.tenantId), eq(post.brandId, scope.brandId), eq(post.id, id))

export async function getPost(tx: Tx, scope: Scope, id: string): Promise<Post> {
  const [row] = await tx.db
    .select()
    .from(post)
    .where(isPost(tx, scope, id))
  return Post.parse(existing(row, 'post', id))
}

export async function listPosts(
  tx: Tx,
  scope: Scope,
  filter: { taskId?: string; ids?: readonly string[]; limit?: number },
): Promise<Post[]> {
  const newest = tx.db
    .select()
    .from(post)
    .where(
      and(
        eq(post.tenantId, tx.tenantId),
        eq(post.brandId, scope.brandId),
        filter.taskId ? eq(post.taskId, filter.taskId) : undefined,
        filter.ids ? inArray(post.id, [...filter.ids]) : undefined,
      ),
    )
    .orderBy(desc(post.createdAt), desc(post.id))
    .limit(filter.limit ?? 200)
    .as('newest')
  const rows = await tx.db
    .select()
    .from(newest)
    .innerJoin(clip, and(eq(clip.tenantId, newest.tenantId), eq(clip.id, newest.clipId)))
    .orderBy(asc(clip.ordinal), asc(newest.createdAt), asc(newest.id))
  return rows.map((row) => Post.parse(row.newest))
}

/** Content is checked against its clip and rendition; the same content again (a repeated call) is the same post. */
export async function savePost(tx: Tx, scope: Scope, fresh: NewPost): Promise<Post> {
  await assertFits(tx, scope, fresh)
  const drafted = scope.taskId ? await listPosts(tx, scope, { taskId: scope.taskId }) : []
  const twin = drafted.find((each) => each.version === 1 && isSameContent(each, fresh))
  if (twin) return twin
  const [row] = await tx.db
    .insert(post)
    .values({
      ...stamp(scope),
      tenantId: tx.tenantId,
      brandId: scope.brandId,
      taskId: scope.taskId ?? null,
      ...fresh,
      version: 1,
      trust: scope.trust,
      reviews: [],
      createdBy: scope.agent,
    })
    .returning()
  const saved = Post.parse(row)
  emitPost(tx, scope, 'post.drafted', saved)
  return saved
}

async function assertFits(
  tx: Tx,
  scope: Scope,
  { clipId, renditionId }: Pick<NewPost, 'clipId' | 'renditionId'>,
) {
  await getClip(tx, scope, clipId)
  const rendition = await getRendition(tx, scope, renditionId)
  if (rendition.clipId !== clipId) {
    throw new StakazoError(
      'bad-input',
      `rendition ${renditionId} shows clip ${rendition.clipId}, not ${clipId}`,
    )
  }
}

const isSameContent = (left: NewPost, right: NewPost): boolean =>
  left.clipId === right.clipId &&
  left.renditionId === right.renditionId &&
  left.caption === right.caption &&
  left.altText === right.altText &&
  left.language === right.language &&
  left.hashtags.join(' ') === right.hashtags.join(' ')

export type PostChange = Partial<Pick<NewPost, 'caption' | 'altText' | 'hashtags' | 'renditionId' | 'clipId'>>

/** A new version of unsent content. Reviews and approvals spoke of the old one and fall with it. */
export async function revisePost(tx: Tx, scope: Scope, id: string, change: PostChange): Promise<Post> {
  await lockPolicy(tx)
  const [locked] = await tx.db
    .select()
    .from(post)
    .where(isPost(tx, scope, id))
    .for('update')
  const before = Post.parse(existing(locked, 'post', id))
  const wanted = { ...before, ...withoutUndefined(change) }
  if (isSameContent(before, wanted)) return before
  await assertFits(tx, scope, wanted)
  const publications = await tx.db
    .select()
    .from(publication)
    .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.postId, id)))
    .for('update')
  const left = publications.find((each) => hasLeft(each.state))
  if (left) {
    throw new StakazoError(
      'conflict',
      `post ${id} is ${left.state} on ${left.network} already; draft a new post`,
      {
        details: { publicationId: left.id, state: left.state },
      },
    )
  }
  await standDown(tx, scope, publications, {
    state: 'draft',
    approvals: 'superseded',
    reason: 'the post was revised',
  })
  const [row] = await tx.db
    .update(post)
    .set({
      caption: wanted.caption,
      altText: wanted.altText,
      hashtags: wanted.hashtags,
      renditionId: wanted.renditionId,
      clipId: wanted.clipId,
      version: before.version + 1,
      trust: leastTrust(before.trust, scope.trust),
      reviews: [],
    })
    .where(isPost(tx, scope, id))
    .returning()
  const revised = Post.parse(row)
  emitPost(tx, scope, 'post.revised', revised)
  return revised
}

const withoutUndefined = (change: PostChange): PostChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

/** One review a reviewer: the newer replaces the older. */
export async function saveReview(tx: Tx, scope: Scope, postId: string, review: Review): Promise<void> {
  const [locked] = await tx.db
    .select()
    .from(post)
    .where(isPost(tx, scope, postId))
    .for('update')
  const { reviews, version } = Post.parse(existing(locked, 'post', postId))
  await tx.db
    .update(post)
    .set({ reviews: [...reviews.filter((each) => each.by !== review.by), review] })
    .where(isPost(tx, scope, postId))
  tx.emit({
    type: 'post.reviewed',
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: postId,
    payload: { by: review.by, verdict: review.verdict, score: review.score, version },
  })
}

function emitPost(tx: Tx, scope: Scope, type: string, { id, version, clipId, trust }: Post): void {
  tx.emit({
    type,
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: id,
    trust,
    payload: { version, clipId },
  })
}
