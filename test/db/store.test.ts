import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import { publication as table } from '../../db/schema/effects.ts'
import { blob } from '../../db/schema/media.ts'
import { addMs, DAY, MINUTE, systemClock } from '../../runtime/core/clock.ts'
import {
  CLIP_SCORE,
  draftPost,
  plantIntent,
  putBlob,
  readIntent,
  saveClip,
  saveRendition,
} from '../support/seed-post.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../support/seed-tenant.ts'

let db: Database
let seed: SeededTenant
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const score = CLIP_SCORE

describe('clips and renditions', () => {
  beforeAll(async () => {
    seed = await seedTenant(db)
  })

  test('a clip that replaces another keeps its number and is the only current one', async () => {
    const first = await saveClip(seed)
    const { store } = seed.open()
    const { assetId } = seed
    const fresh = { assetId, ordinal: 1, startMs: 2_000, endMs: 8_000, score, supersedes: first.id }
    const second = await store.saveClip(fresh)
    const current = await store.listClips({ taskId: seed.taskId })
    expect(current.map((clip) => clip.id)).toEqual([second.id])
    expect((await store.listClips({ taskId: seed.taskId, all: true })).map((clip) => clip.id)).toContain(
      first.id,
    )
    await expect(store.saveClip({ ...fresh, startMs: 3_000 })).rejects.toMatchObject({ code: 'conflict' })
    expect((await store.saveClip(fresh)).id, 'the same call repeated after a crash').toBe(second.id)
  })

  test('renders the same key once per clip and finds it by key', async () => {
    const clip = await saveClip(seed, 2)
    const made = await saveRendition(db, seed, clip.id, 'key-a')
    const { store } = seed.open()
    const again = await store.saveRendition({ ...made, renderKey: 'key-a' })
    expect(again.id).toBe(made.id)
    expect(await store.findRendition('key-a')).toEqual(made)
    expect(await store.findRendition('key-b')).toBeUndefined()
    const [row] = await db.tenant(seed.tenantId, (tx) =>
      tx.db.select().from(blob).where(eq(blob.id, made.sha256)),
    )
    expect(row?.references, 'the second saving points at nothing new').toBe(1)
  })

  test('an analysis is kept by bytes and engine', async () => {
    const { store } = seed.open()
    await store.saveAnalysis('abc', 'e-1', { cuts: [1] })
    await store.saveAnalysis('abc', 'e-1', { cuts: [2] })
    expect(await store.findAnalysis('abc', 'e-1')).toEqual({ cuts: [1] })
    expect(await store.findAnalysis('abc', 'e-2')).toBeUndefined()
  })
})

describe('posts and publications', () => {
  beforeAll(async () => {
    seed = await seedTenant(db)
  })

  test('the same post and publication asked for again are the rows that exist', async () => {
    const { post, publication, store } = await draftPost(db, seed)
    expect((await store.savePost(post)).id).toBe(post.id)
    const again = await store.draftPublication({ postId: post.id, accountId: seed.accountId, options: {} })
    expect(again).toEqual(publication)
    expect(publication).toMatchObject({ state: 'draft', world: 'sandbox', network: 'instagram' })
  })

  test('a rendition of another clip is refused', async () => {
    const { rendition, store } = await draftPost(db, seed)
    const other = await saveClip(seed, 9, 60_000)
    const fresh = { clipId: other.id, renditionId: rendition.id, caption: 'x', altText: '' }
    await expect(store.savePost({ ...fresh, hashtags: [], language: 'en' })).rejects.toMatchObject({
      code: 'bad-input',
    })
  })

  test('a revision is a new version without reviews, and calls acts and questions back', async () => {
    const { post, publication, store } = await draftPost(db, seed, 'First words')
    await store.saveReview(post.id, { by: 'brand-voice', verdict: 'pass', score: 0.9, findings: [] })
    await store.saveReview(post.id, { by: 'compliance', verdict: 'pass', score: 1, findings: [] })
    await store.saveReview(post.id, { by: 'brand-voice', verdict: 'revise', score: 0.5, findings: [] })
    expect((await store.getPost(post.id)).reviews.map(({ by, score: value }) => [by, value])).toEqual([
      ['compliance', 1],
      ['brand-voice', 0.5],
    ])
    const intentId = await plantIntent(db, seed, publication.id, 'awaiting-approval')
    const revised = await store.revisePost(post.id, { caption: 'Better words' })
    expect(revised).toMatchObject({ version: 2, caption: 'Better words', altText: 'A stage', reviews: [] })
    const { row, asked, waiting } = await readIntent(db, seed, intentId)
    expect([row?.state, asked?.status, waiting]).toEqual(['draft', 'superseded', undefined])
    expect((await store.getPublication(publication.id)).state).toBe('draft')
    expect((await store.revisePost(post.id, { caption: 'Better words' })).version).toBe(2)
  })

  test('what has left can be neither revised, moved nor cancelled', async () => {
    const { post, publication, store } = await draftPost(db, seed, 'Gone already')
    await db.tenant(seed.tenantId, (tx) =>
      tx.db.update(table).set({ state: 'armed' }).where(eq(table.id, publication.id)),
    )
    const conflict = { code: 'conflict' }
    await expect(store.revisePost(post.id, { caption: 'x' })).rejects.toMatchObject(conflict)
    await expect(store.reschedulePublication(publication.id, null)).rejects.toMatchObject(conflict)
    await expect(store.cancelPublication(publication.id, 'late')).rejects.toThrow(/undo-publication/)
  })

  test('what is over is neither moved nor cancelled into something else', async () => {
    const { publication, store } = await draftPost(db, seed, 'Failed already')
    await db.tenant(seed.tenantId, (tx) =>
      tx.db.update(table).set({ state: 'failed' }).where(eq(table.id, publication.id)),
    )
    await expect(store.cancelPublication(publication.id, 'x')).rejects.toThrow(/failed; draft the post anew/)
    await expect(store.reschedulePublication(publication.id, null)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('cancelling ends the act, closes its question and clears its time', async () => {
    const { publication, store } = await draftPost(db, seed, 'Never mind')
    const intentId = await plantIntent(db, seed, publication.id, 'scheduled')
    const cancelled = await store.cancelPublication(publication.id, 'the gig is off')
    expect(cancelled).toMatchObject({ state: 'cancelled', reason: 'the gig is off' })
    const { row, asked, waiting } = await readIntent(db, seed, intentId)
    expect([row?.state, asked?.status, waiting]).toEqual(['cancelled', 'cancelled', undefined])
    expect((await store.cancelPublication(publication.id, 'again')).reason).toBe('the gig is off')
  })

  test('moving takes the act and what is due along, as late as before', async () => {
    const { publication, store } = await draftPost(db, seed, 'Later')
    const intentId = await plantIntent(db, seed, publication.id, 'scheduled')
    const at = addMs(systemClock.now(), 3 * DAY)
    expect((await store.reschedulePublication(publication.id, at)).dueAt).toBe(at)
    const { row, waiting } = await readIntent(db, seed, intentId)
    expect([row?.dueAt, row?.lateAt, waiting?.dueAt]).toEqual([at, addMs(at, 60 * MINUTE), at])
  })

  test('why tells what happened around an id, oldest first', async () => {
    const { post, publication, store } = await draftPost(db, seed, 'Why me')
    await store.cancelPublication(publication.id, 'a better one came')
    const lines = await store.listWhy(publication.id)
    expect(lines.map((line) => line.type)).toEqual(
      expect.arrayContaining(['post.drafted', 'publication.drafted', 'publication.cancelled']),
    )
    expect(lines.at(-1)).toMatchObject({ agent: 'content-creator', summary: 'a better one came' })
    expect((await store.listWhy(post.id)).length).toBeGreaterThanOrEqual(lines.length)
  })
})

describe('the vault', () => {
  beforeAll(async () => {
    seed = await seedTenant(db)
  })

  test('equal bytes merge, new bytes are the next version, names and retention follow the rule', async () => {
    const { store } = seed.open()
    const item = (sha256: string, metadata = {}) => ({
      ...{ folder: 'clips_metadata' as const, entityType: 'clip', entityId: 'Verano 1', sha256 },
      ...{ source: 'content-creator', runId: null, metadata },
    })
    const first = await store.saveVaultItem(item(await putBlob(db, seed, 'one'), { views: 1 }))
    const again = await store.saveVaultItem(item(await putBlob(db, seed, 'one'), { likes: 2 }))
    const second = await store.saveVaultItem(item(await putBlob(db, seed, 'two')))
    expect(again).toMatchObject({ id: first.id, version: 1, metadata: { views: 1, likes: 2 } })
    expect(second.version).toBe(2)
    expect(second.name).toBe(`clip-verano-1__${second.createdAt.slice(0, 10).replaceAll('-', '')}__v2.json`)
    expect(second.retainUntil).toBe(addMs(second.createdAt as never, 365 * DAY))
    const audit = await store.saveVaultItem({ ...item(await putBlob(db, seed, 'one')), folder: 'audits' })
    expect(audit.retainUntil).toBe(addMs(audit.createdAt as never, 5 * 365 * DAY))
    expect((await store.listVault({ entityId: 'Verano 1', folder: 'clips_metadata' })).length).toBe(2)
  })

  test('two writers of one record take different versions', async () => {
    const shas = await Promise.all(['a', 'b', 'c', 'd'].map((text) => putBlob(db, seed, text)))
    const saved = await Promise.all(
      shas.map((sha256) =>
        seed.open().store.saveVaultItem({
          ...{ folder: 'audits', entityType: 'race', entityId: '1', sha256, source: 'x', runId: null },
          metadata: {},
        }),
      ),
    )
    expect(saved.map((each) => each.version).sort()).toEqual([1, 2, 3, 4])
  })
})

describe('measurements, alerts and health', () => {
  beforeAll(async () => {
    seed = await seedTenant(db)
  })

  test('a point is stored once and read oldest first', async () => {
    const { store } = seed.open()
    const point = (minute: number, value: number) => ({
      ...{ accountId: seed.accountId, publicationId: null, metric: 'views', source: 'test', value },
      at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`,
    })
    expect(await store.saveMetrics([point(15, 5), point(0, 1)])).toBe(2)
    expect(await store.saveMetrics([point(15, 5), point(30, 9)])).toBe(1)
    const read = await store.listMetrics({ metrics: ['views'], from: point(0, 0).at, to: point(30, 0).at })
    expect(read.map((each) => each.value)).toEqual([1, 5])
    expect((await store.listMetrics({ limit: 2 })).map((each) => each.value)).toEqual([5, 9])
  })

  test('health counts what is there', async () => {
    const { store } = seed.open()
    await store.raiseAlert({ kind: 'spike', severity: 'critical', message: 'views fell', subject: {} })
    const figures = await store.readHealth()
    expect(figures).toMatchObject({
      ...{ 'runs.running': 1, 'accounts.active': 1, 'alertsOpen.critical': 1, 'queue.depth': 0 },
      ...{ 'approvals.pending': 0, 'blobs.bytes': 1_000 },
    })
  })
})
