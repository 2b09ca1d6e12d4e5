import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approval } from '../../db/schema/effects.ts'
import { memEpisode, memItem } from '../../db/schema/memory.ts'
import { run, step } from '../../db/schema/runs.ts'
import { addMs, DAY, MINUTE } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST, type Trust } from '../../runtime/core/trust.ts'
import { draftPost, plantIntent } from '../support/seed-post.ts'
import type { SeededTenant } from '../support/seed-tenant.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
})
afterAll(() => at[Symbol.asyncDispose]())

async function addStep(seed: SeededTenant, agent: string, headline: string, trust: Trust) {
  at.clock.set(addMs(at.clock.now(), MINUTE))
  const now = at.clock.now()
  await at.db.tenant(seed.tenantId, (tx) =>
    tx.db.insert(step).values({
      ...{ tenantId: seed.tenantId, id: newId(), taskId: seed.taskId, key: agent, plan: 1, agent, brief: {} },
      ...{ needs: [], status: 'done', headline, trust, createdAt: now, endedAt: now },
    }),
  )
}

async function endTask(seed: SeededTenant, text: string) {
  at.clock.set(addMs(at.clock.now(), MINUTE))
  await at.db.tenant(seed.tenantId, (tx) =>
    tx.db
      .update(run)
      .set({ status: 'success', output: { text }, endedAt: at.clock.now() })
      .where(eq(run.id, seed.taskId)),
  )
}

const read = (seed: SeededTenant) =>
  at.db.tenant(seed.tenantId, async (tx) => ({
    episodes: await tx.db.select().from(memEpisode),
    items: await tx.db.select().from(memItem).orderBy(memItem.episodeId, memItem.seq),
  }))

describe('an ended task', () => {
  test('becomes an episode in the order of what happened, each text with its own trust', async () => {
    const seed = await at.seed()
    await addStep(seed, 'content-creator', 'Three clips, each on the chorus.', TRUST.verified)
    at.clock.set(addMs(at.clock.now(), MINUTE))
    await at.bind(seed).memory.remember({ subject: 'clips', predicate: 'open', text: 'Open on the chorus.' })
    await addStep(seed, 'engagement', 'Fans ask for vinyl.', TRUST.foreign)
    await endTask(seed, 'Three clips are out.')
    await at.memory.keepEpisode(seed.tenantId, seed.taskId)
    const { episodes, items } = await read(seed)
    expect(items.map(({ seq, actor, body, trust }) => [seq, actor, body, trust])).toEqual([
      [0, 'owner', 'Cut three clips', 3],
      [1, 'content-creator', 'Three clips, each on the chorus.', 2],
      [2, 'learning', 'Open on the chorus.', 3],
      [3, 'engagement', 'Fans ask for vinyl.', 0],
      [4, 'orchestrator', 'Three clips are out.', 0],
    ])
    expect(episodes).toMatchObject([{ id: seed.taskId, title: 'Cut three clips', trust: 0 }])
    expect(episodes[0]?.summary).toContain('chorus')
    const [answer] = await at.bind(seed).memory.recall('which fans ask for vinyl')
    expect(answer).toMatchObject({ kind: 'item', trust: 0, text: 'foreign text: "Fans ask for vinyl."' })
  })

  test('is kept once, however often it is kept and whoever does it at the same time', async () => {
    const seed = await at.seed()
    await endTask(seed, 'Done.')
    await Promise.all([1, 2, 3].map(() => at.memory.keepEpisode(seed.tenantId, seed.taskId)))
    await at.memory.keepEpisode(seed.tenantId, seed.taskId)
    const { episodes, items } = await read(seed)
    expect([episodes.length, items.map((item) => item.body)]).toEqual([1, ['Cut three clips', 'Done.']])
  })

  test('keeps who decided and why in their own words', async () => {
    const seed = await at.seed()
    const { publication } = await draftPost(at.db, seed)
    const intentId = await plantIntent(at.db, seed, publication.id, 'awaiting-approval')
    const decided = {
      status: 'rejected',
      decidedBy: 'Marta',
      reason: 'the old logo',
      decidedAt: at.clock.now(),
    }
    await at.db.tenant(seed.tenantId, (tx) =>
      tx.db.update(approval).set(decided).where(eq(approval.intentId, intentId)),
    )
    await endTask(seed, 'Not published.')
    await at.memory.keepEpisode(seed.tenantId, seed.taskId)
    const [found] = await at.bind(seed).memory.recall('who rejected because of the logo')
    expect(found).toMatchObject({
      ...{ text: 'Marta rejected publish-post: the old logo', trust: TRUST.owner, source: 'approval' },
    })
  })

  test('that still runs, or never was, is left alone', async () => {
    const seed = await at.seed()
    await at.memory.keepEpisode(seed.tenantId, seed.taskId)
    await at.memory.keepEpisode(seed.tenantId, newId())
    expect((await read(seed)).episodes).toEqual([])
  })

  test('whose episode a crash took is kept by the next tidying', async () => {
    const seed = await at.seed()
    await endTask(seed, 'Done.')
    at.clock.set(addMs(at.clock.now(), DAY))
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ kept: 1 })
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ kept: 0 })
    expect((await read(seed)).items).toHaveLength(2)
  })
})
