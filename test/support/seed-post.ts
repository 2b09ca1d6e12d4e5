import { and, eq } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { recordBlob } from '../../db/queries/blobs.ts'
import { approval, intent } from '../../db/schema/effects.ts'
import { due } from '../../db/schema/record.ts'
import { addMs, DAY, MINUTE, systemClock } from '../../runtime/core/clock.ts'
import { sha256Hex } from '../../runtime/core/digest.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import type { SeededTenant } from './seed-tenant.ts'

export const CLIP_SCORE = { total: 0.7, sound: 0.6, motion: 0.5, cuts: 0.4, reasons: ['loud'] }

export async function saveClip(target: SeededTenant, ordinal = 1, startMs = 1_000) {
  const { store } = target.open()
  return store.saveClip({
    assetId: target.assetId,
    ordinal,
    startMs,
    endMs: startMs + 9_000,
    score: CLIP_SCORE,
  })
}

export async function putBlob(db: Database, target: SeededTenant, text: string): Promise<string> {
  const sha256 = sha256Hex(text)
  await db.tenant(target.tenantId, (tx) =>
    recordBlob(tx, {
      ...{ sha256, bytes: text.length, mediaType: 'video/mp4', parents: [target.assetSha256] },
      ...{ trust: TRUST.owner, createdAt: systemClock.now() },
    }),
  )
  return sha256
}

export async function saveRendition(db: Database, target: SeededTenant, clipId: string, renderKey = newId()) {
  const sha256 = await putBlob(db, target, `${target.tenantId}/${renderKey}`)
  return target.open().store.saveRendition({
    ...{ clipId, format: '9:16', sha256, coverSha256: null, width: 1080, height: 1920, durationMs: 9_000 },
    ...{ bytes: 10, reframe: 'center-crop', quality: 'final', loudnessLufs: -14, truePeakDbtp: -1.2 },
    renderKey,
  })
}

let drafted = 0

/** Clip, rendition, post and publication, ready to be published. */
export async function draftPost(db: Database, target: SeededTenant, caption = 'Out now') {
  const clip = await saveClip(target, 1, 1_000 * ++drafted)
  const rendition = await saveRendition(db, target, clip.id)
  const { store } = target.open()
  const post = await store.savePost({
    ...{ clipId: clip.id, renditionId: rendition.id, caption, altText: 'A stage' },
    ...{ hashtags: ['#live'], language: 'en' },
  })
  const publication = await store.draftPublication({
    ...{ postId: post.id, accountId: target.accountId, options: { shareToFeed: true } },
  })
  return { clip, rendition, post, publication, store }
}

/** An act as the gate writes it, with an open question. */
export async function plantIntent(db: Database, target: SeededTenant, publicationId: string, state: string) {
  const id = newId()
  const now = systemClock.now()
  await db.tenant(target.tenantId, async (tx) => {
    await tx.db.insert(intent).values({
      ...{ tenantId: target.tenantId, id, key: `publish-post:publication:${publicationId}` },
      ...{ verb: 'publish-post', targetKind: 'publication', targetId: publicationId, effect: 'write' },
      ...{ world: 'sandbox', accountId: target.accountId, brandId: target.brandId, taskId: target.taskId },
      ...{ agent: 'content-creator', payload: {}, payloadHash: 'h', trust: TRUST.inference, state },
      ...{ verdict: {}, dueAt: now, lateAt: addMs(now, 60 * MINUTE), createdAt: now },
    })
    await tx.db.insert(approval).values({
      ...{ tenantId: target.tenantId, id: newId(), intentId: id, hash: 'h', status: 'pending' },
      ...{ question: { caption: 'Out now' }, askedAt: now, expiresAt: addMs(now, DAY) },
    })
    await tx.due('intent', id, 'sandbox', now)
  })
  return id
}

export const readIntent = (db: Database, target: SeededTenant, id: string) =>
  db.tenant(target.tenantId, async (tx) => {
    const [row] = await tx.db.select().from(intent).where(eq(intent.id, id))
    const [asked] = await tx.db.select().from(approval).where(eq(approval.intentId, id))
    const [waiting] = await tx.db
      .select()
      .from(due)
      .where(and(eq(due.kind, 'intent'), eq(due.id, id)))
    return { row, asked, waiting }
  })
