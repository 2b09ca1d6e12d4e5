import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

test('an allowed act is published once, read back and mirrored', async () => {
  const { publicationId } = await stage.draft('First light')
  const reply = await stage.ask(publicationId)
  expect(reply).toMatchObject({ state: 'scheduled', verdict: { kind: 'allow' } })
  await stage.settle()
  const publication = await stage.publication(publicationId)
  expect(publication).toMatchObject({ state: 'verified', intentId: reply.intentId, reason: null })
  expect(publication?.url).toMatch(/^https:\/\/www\.instagram\.com\/reel\//)
  const live = await stage.live()
  expect(live.map(({ mediaId }) => mediaId)).toEqual([publication?.remoteId])
})

test('a model that asks again gets the act that exists', async () => {
  const { publicationId } = await stage.draft('Asked twice')
  const first = await stage.ask(publicationId)
  await stage.settle()
  const again = await stage.ask(publicationId, { toolCallId: 'another' })
  expect(again).toMatchObject({ intentId: first.intentId, state: 'verified' })
  await stage.settle()
  expect((await stage.live()).length).toBe(2)
})

test('first figures and comments come back into the series', async () => {
  await stage.settle(['metrics'])
  const { store } = stage.tenant.open()
  const points = await store.listMetrics({ metrics: ['views'] })
  expect(points.length).toBeGreaterThan(3)
  expect(points.every(({ source }) => source === 'instagram')).toBe(true)
})
