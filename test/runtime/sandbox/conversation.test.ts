import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandbox } from './harness.ts'

const DAY_MS = 86_400_000

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let media: string
beforeAll(async () => {
  sandbox = await openSandbox()
  media = (await sandbox.publish(await sandbox.ready({ caption: 'Where do you drink yours?' }))).body.id
  await sandbox.control('PUT', '/clock', { offsetMs: 2 * DAY_MS })
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const plant = async (text: string, more: Record<string, unknown> = {}) =>
  (
    await sandbox.control('POST', '/comments', {
      network: 'instagram',
      publicationId: media,
      username: 'angry.ana',
      text,
      ...more,
    })
  ).body.comment.id

describe('the audience', () => {
  it('comments over time, in the past of the business clock', async () => {
    const { body } = await sandbox.graph('GET', `/v26.0/${media}/comments`, {
      fields: 'id,text,timestamp,username',
      limit: '100',
    })
    expect(body.data.length).toBeGreaterThan(3)
    const times = body.data.map((one: { timestamp: string }) => Date.parse(one.timestamp))
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a))
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() + 2 * DAY_MS)
    const again = await sandbox.graph('GET', `/v26.0/${media}`, { fields: 'comments_count,like_count' })
    expect(again.body.comments_count).toBe(body.data.length)
    expect(again.body.like_count).toBeGreaterThan(10)
  })

  it('answers a planted crisis with complaints and more views', async () => {
    const before = await sandbox.graph('GET', `/v26.0/${media}/insights`, { metric: 'views,comments' })
    const planted = await sandbox.control('POST', '/audience', {
      network: 'instagram',
      accountId: sandbox.id,
      kind: 'crisis',
      comments: 40,
      durationMs: 0,
    })
    expect(planted.body.boosted).toContain(media)
    const after = await sandbox.graph('GET', `/v26.0/${media}/insights`, { metric: 'views,comments' })
    const value = (answer: typeof before, index: number) => answer.body.data[index].values[0].value
    expect(value(after, 0) - value(before, 0)).toBeGreaterThanOrEqual(8_000)
    expect(value(after, 1) - value(before, 1)).toBe(40)
  })
})

describe('the account', () => {
  it('answers a comment, and an answer to an answer joins the same thread', async () => {
    const commentId = await plant('Mi pedido no llega')
    const first = await sandbox.graph('POST', `/v26.0/${commentId}/replies`, {
      message: 'Lo miramos ahora mismo',
    })
    await sandbox.graph('POST', `/v26.0/${first.body.id}/replies`, { message: 'Ya está en camino' })
    const { body } = await sandbox.graph('GET', `/v26.0/${commentId}/replies`, {
      fields: 'text,parent_id,from',
    })
    expect(body.data).toMatchObject([
      { text: 'Ya está en camino', parent_id: commentId, from: { id: sandbox.id, username: 'luna' } },
      { text: 'Lo miramos ahora mismo', parent_id: commentId },
    ])
    expect((await sandbox.log('reply')).map((entry) => entry.detail?.text)).toContain('Ya está en camino')
  })

  it('hides, shows and deletes comments', async () => {
    const commentId = await plant('spam spam')
    const hidden = async () =>
      (await sandbox.graph('GET', `/v26.0/${commentId}`, { fields: 'hidden' })).body.hidden
    await sandbox.graph('POST', `/v26.0/${commentId}`, { hide: 'true' })
    expect(await hidden()).toBe(true)
    await sandbox.graph('POST', `/v26.0/${commentId}`, { hide: 'false' })
    expect(await hidden()).toBe(false)
    expect((await sandbox.graph('DELETE', `/v26.0/${commentId}`)).body).toEqual({ success: true })
    expect((await sandbox.graph('GET', `/v26.0/${commentId}`)).body.error.error_subcode).toBe(33)
  })

  it('is held to the rules for its own words', async () => {
    const say = async (message: string) =>
      (await sandbox.graph('POST', `/v26.0/${media}/comments`, { message })).body.error?.code
    expect(await say('a'.repeat(301))).toBe(100)
    expect(await say('#a #b #c #d #e')).toBe(100)
    expect(await say('see https://a.example and https://b.example')).toBe(100)
    expect(await say('COME TO OUR SHOP')).toBe(100)
    expect(await say('Come to our shop: https://a.example #a')).toBeUndefined()
  })

  it('turns comments off and on', async () => {
    await sandbox.graph('POST', `/v26.0/${media}`, { comment_enabled: 'false' })
    const refused = await sandbox.graph('POST', `/v26.0/${media}/comments`, { message: 'hello' })
    expect(refused.body.error.code).toBe(100)
    await sandbox.graph('POST', `/v26.0/${media}`, { comment_enabled: 'true' })
    expect((await sandbox.graph('POST', `/v26.0/${media}/comments`, { message: 'hello' })).status).toBe(200)
  })
})

describe('insights', () => {
  it('show first views within seconds of real time, even on a frozen clock', async () => {
    await using frozen = await openSandbox()
    await frozen.control('PUT', '/clock', { rate: 0 })
    const { body } = await frozen.publish(await frozen.ready())
    const views = async () =>
      (await frozen.graph('GET', `/v26.0/${body.id}/insights`, { metric: 'views' })).body.data[0].values[0]
        .value
    const { eventually } = await import('../../support/eventually.ts')
    expect(await eventually(async () => (await views()) || undefined)).toBeGreaterThan(0)
  })

  it('sum an account’s days and leave out what has no data', async () => {
    const now = Math.floor(Date.now() / 1000)
    const range = (fromDays: number, toDays: number) => ({
      since: String(now + fromDays * 86_400),
      until: String(now + toDays * 86_400),
    })
    const total = { period: 'day', metric_type: 'total_value' }
    const ask = async (parameters: Record<string, string>) =>
      (await sandbox.graph('GET', `/v26.0/${sandbox.id}/insights`, parameters)).body.data
    const [views] = await ask({
      metric: 'views',
      breakdown: 'media_product_type',
      ...total,
      ...range(-0.5, 2),
    })
    expect(views.total_value.value).toBeGreaterThan(0)
    expect(views.total_value.breakdowns[0].results).toEqual([
      { dimension_values: ['REEL'], value: views.total_value.value },
    ])
    expect(await ask({ metric: 'views', ...total, ...range(-9, -5) })).toEqual([])
    const [reach] = await ask({ metric: 'reach', period: 'day', ...range(-0.5, 2) })
    expect(reach.values).toHaveLength(3)
    const [followers] = await ask({
      metric: 'follower_demographics',
      period: 'lifetime',
      metric_type: 'total_value',
      breakdown: 'country',
    })
    expect(followers.total_value.breakdowns[0].results[0].dimension_values).toEqual(['ES'])
    const [online] = await ask({ metric: 'online_followers', period: 'lifetime' })
    expect(Object.keys(online.values[0].value)).toHaveLength(24)
  })
})
