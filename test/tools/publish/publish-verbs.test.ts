import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/open.ts'
import { confirmRights } from '../../../db/queries/new-asset.ts'
import { addMs, HOUR, systemClock } from '../../../runtime/core/clock.ts'
import type { IntentReply, IntentRequest } from '../../../runtime/core/effect.ts'
import type { Review } from '../../../runtime/core/entities.ts'
import { newId } from '../../../runtime/core/ids.ts'
import {
  cancelPublication,
  checkPost,
  checkVoice,
  draftPost,
  listClips,
  publicationStatus,
  publishPost,
  readBrand,
  revisePost,
  schedulePost,
  undoPublication,
} from '../../../tools/index.ts'
import { toHashtags } from '../../../tools/publish/to-hashtags.ts'
import { openToolBench, type ToolBench } from '../../support/open-tools.ts'
import { saveClip, saveRendition } from '../../support/seed-post.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../../support/seed-tenant.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const directory = temporaryDirectory('publish-verbs')
let db: Database
let bench: ToolBench
let seed: SeededTenant
let content: { clipId: string; renditionId: string; altText: string; language: string; accountIds: string[] }

beforeAll(async () => {
  db = await openTestDatabase()
  bench = await openToolBench(db, directory.path)
})
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  directory[Symbol.dispose]()
})

async function freshContent(): Promise<void> {
  seed = await seedTenant(db)
  const clip = await saveClip(seed)
  const rendition = await saveRendition(db, seed, clip.id)
  content = {
    ...{ clipId: clip.id, renditionId: rendition.id, altText: 'A band on a stage', language: 'en' },
    accountIds: [seed.accountId],
  }
}

interface Drafted {
  postId: string
  version: number
  publications: { publicationId: string; accountId: string; network: string }[]
}
const draft = (args: object): Promise<Drafted> => bench.use(draftPost, { ...content, ...args }, seed)
const publicationOf = ({ publications }: Drafted): string => publications[0]?.publicationId ?? ''

describe('drafting', () => {
  beforeAll(freshContent)

  test('stores one post and one publication an account, the same ones when asked again', async () => {
    const args = {
      caption: 'Out now',
      hashtags: ['live music', '#LiveMusic', 'luna'],
      accountIds: [seed.accountId],
    }
    const first = await draft(args)
    expect(first).toMatchObject({ version: 1, publications: [{ network: 'instagram' }] })
    expect(await draft({ ...args, accountIds: [seed.accountId, seed.accountId] })).toEqual(first)
    const post = await seed.open().store.getPost(first.postId)
    expect(post.hashtags).toEqual(['#livemusic', '#luna'])
  })

  test('names the rule of the network that the text breaks, and stores nothing', async () => {
    const hashtags = Array.from({ length: 31 }, (_, index) => `tag${index}`)
    const refused = draft({ caption: 'Too many', hashtags })
    await expect(refused).rejects.toMatchObject({
      code: 'platform-content',
      details: { findings: [{ network: 'instagram', rule: 'hashtags', value: expect.stringMatching(/31/) }] },
    })
    const posts = await seed.open().store.listPosts({ taskId: seed.taskId })
    expect(posts.map((post) => post.caption)).not.toContain('Too many')
  })

  test('refuses a choice the network does not know', async () => {
    const refused = draft({ caption: 'Choices', options: { makeItViral: true } })
    await expect(refused).rejects.toMatchObject({ code: 'platform-content' })
  })

  test("refuses another brand's account and a time without a zone", async () => {
    await expect(draft({ caption: 'x', accountIds: [newId()] })).rejects.toMatchObject({ code: 'not-found' })
    await expect(draft({ caption: 'x', dueAt: '2026-12-01T18:00:00' })).rejects.toThrow(/zone/)
    const planned = await draft({ caption: 'Planned', dueAt: '2026-12-01T18:00:00+01:00' })
    const row = await seed.open().store.getPublication(publicationOf(planned))
    expect(row.dueAt).toBe('2026-12-01T17:00:00.000Z')
  })

  test('a revision keeps what is not named and is checked like a draft', async () => {
    const drafted = await draft({ caption: 'Before', hashtags: ['luna'] })
    const { postId } = drafted
    expect(await bench.use(revisePost, { postId, caption: 'After' }, seed)).toEqual({ postId, version: 2 })
    const post = await seed.open().store.getPost(postId)
    expect(post).toMatchObject({ caption: 'After', hashtags: ['#luna'], altText: 'A band on a stage' })
    const long = bench.use(revisePost, { postId, caption: 'x'.repeat(2_300) }, seed)
    await expect(long).rejects.toMatchObject({ code: 'platform-content' })
    const listed: { clips: { posts: { caption: string; version: number }[] }[] } = await bench.use(
      listClips,
      { scope: 'thread' },
      seed,
    )
    expect(listed.clips.flatMap((clip) => clip.posts)).toContainEqual(
      expect.objectContaining({ caption: 'After', version: 2 }),
    )
  })

  test('hashtags have one form', () => {
    expect(toHashtags(['#Verano 2026', 'verano2026', '!!', 'niño'])).toEqual(['#Verano2026', '#niño'])
  })
})

describe('acting', () => {
  const asked: IntentRequest[] = []
  const reply: IntentReply = {
    ...{ intentId: newId(), state: 'awaiting-approval' },
    verdict: { kind: 'ask', sentence: 'A person looks first.', rules: [] },
  }
  const intend = async (request: IntentRequest) => {
    asked.push(request)
    return reply
  }
  beforeAll(freshContent)

  test('publishing and scheduling ask the gate, with the publication as target', async () => {
    const publicationId = publicationOf(await draft({ caption: 'Act' }))
    expect(await bench.use(publishPost, { publicationId }, seed, { intend })).toEqual(reply)
    const at = addMs(systemClock.now(), HOUR)
    await bench.use(schedulePost, { publicationId, at }, seed, { intend })
    const target = { kind: 'publication', id: publicationId }
    expect(asked).toEqual([
      { verb: 'publish-post', target },
      { verb: 'publish-post', target, dueAt: at },
    ])
    const past = bench.use(schedulePost, { publicationId, at: '2020-01-01T00:00:00Z' }, seed, { intend })
    await expect(past).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('what has not left is cancelled; what is not live cannot be undone', async () => {
    const publicationId = publicationOf(await draft({ caption: 'Cancel' }))
    const undo = bench.use(undoPublication, { publicationId }, seed, { intend })
    await expect(undo).rejects.toMatchObject({ code: 'conflict' })
    const cancelled = await bench.use(cancelPublication, { publicationId, reason: 'rain' }, seed)
    expect(cancelled).toEqual({ publicationId, state: 'cancelled' })
    const status: { publications: object[] } = await bench.use(publicationStatus, {}, seed)
    expect(status.publications).toContainEqual(
      expect.objectContaining({
        publicationId,
        state: 'cancelled',
        username: 'luna',
        reason: 'rain',
        url: null,
      }),
    )
  })
})

describe('reviewing', () => {
  beforeAll(freshContent)

  test('both reviews are kept on the post, and rights fall away once confirmed', async () => {
    const { postId } = await draft({ caption: 'Tonight we play all of it live, come early' })
    const voice: Review = await bench.use(checkVoice, { postId }, seed)
    const compliance: Review = await bench.use(checkPost, { postId }, seed)
    expect([voice.verdict, compliance.verdict]).toEqual(['pass', 'pass'])
    expect(compliance.findings.map((finding) => finding.rule)).toEqual(['rights'])
    expect((await seed.open().store.getPost(postId)).reviews).toEqual([voice, compliance])
    await db.tenant(seed.tenantId, (tx) =>
      confirmRights(tx, seed.assetId, {
        ...{
          copyrightConfirmed: true,
          termsAccepted: true,
          confirmedBy: 'ana',
          confirmedAt: systemClock.now(),
        },
      }),
    )
    expect(((await bench.use(checkPost, { postId }, seed)) as Review).findings).toEqual([])
  })

  test('checking a post does not taint the run by the name of its film', async () => {
    const { postId } = await draft({ caption: 'Clean' })
    let least = -1
    await bench.use(checkPost, { postId }, seed, {
      onMeter: (meter) => {
        least = meter.least
      },
    })
    expect(least).toBe(3)
  })

  test('the brand is read as its owner wrote it', async () => {
    expect(await bench.use(readBrand, {}, seed)).toMatchObject({
      name: 'Luna Records',
      zone: 'Europe/Madrid',
    })
  })
})
