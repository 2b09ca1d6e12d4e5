import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClient, openSandbox } from './harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let publication: string
beforeAll(async () => {
  sandbox = await openSandbox()
  publication = (await sandbox.publish(await sandbox.ready())).body.id
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const reel = { media_type: 'REELS', upload_type: 'resumable' }
const refusal = async (
  method: string,
  path: string,
  parameters?: Record<string, string>,
  origin?: string,
) => {
  const { status, body } = await sandbox.graph(method, `/v26.0/${path}`, parameters, origin)
  return [status, body.error?.code, body.error?.error_subcode]
}

describe('a container is refused', () => {
  const cases: [why: string, parameters: Record<string, string>, code: number, subcode?: number][] = [
    ['for an unknown parameter', { ...reel, captoin: 'x' }, 100],
    ['for an unknown media type', { ...reel, media_type: 'MOVIE' }, 100, 2207023],
    ['for the retired VIDEO type', { media_type: 'VIDEO', upload_type: 'resumable' }, 100, 2207067],
    ['without any source', { media_type: 'REELS' }, 100],
    ['with two sources', { ...reel, video_url: 'http://127.0.0.1/a.mp4' }, 100],
    ['for an unknown upload type', { media_type: 'REELS', upload_type: 'chunked' }, 100],
    ['for a caption over 2,200 characters', { ...reel, caption: 'a'.repeat(2_201) }, 36004, 2207010],
    ['for 31 hashtags', { ...reel, caption: '#tag '.repeat(31) }, 36004, 2207010],
    ['for 21 mentions', { ...reel, caption: '@someone '.repeat(21) }, 36004, 2207010],
    ['for alt text on a Reel', { ...reel, alt_text: 'a cup' }, 100],
    [
      'for alt text over 1,000 characters',
      { image_url: 'http://127.0.0.1:1/a.jpg', alt_text: 'a'.repeat(1_001) },
      100,
    ],
    ['for a negative thumbnail offset', { ...reel, thumb_offset: '-1' }, 1, 2207057],
    ['for a thumbnail offset that is no number', { ...reel, thumb_offset: 'first' }, 1, 2207057],
    ['for four collaborators', { ...reel, collaborators: '["a","b","c","d"]' }, 100],
    ['for a boolean that is none', { ...reel, share_to_feed: 'maybe' }, 100],
    [
      'for a tag outside the picture',
      { image_url: 'http://127.0.0.1:1/a.jpg', user_tags: '[{"username":"a","x":2,"y":0}]' },
      100,
      2207040,
    ],
    ['for a location with Instagram Login', { ...reel, location_id: '123' }, 10],
    ['for a caption on a story', { media_type: 'STORIES', upload_type: 'resumable', caption: 'x' }, 100],
    [
      'for eleven children',
      { media_type: 'CAROUSEL', children: Array.from({ length: 11 }, () => '1').join() },
      100,
      2207028,
    ],
    ['for children that do not exist', { media_type: 'CAROUSEL', children: '1,2' }, 24, 2207006],
  ]
  it.each(cases)('%s', async (_why, parameters, code, subcode) => {
    const [, ...found] = await refusal('POST', `${sandbox.id}/media`, parameters)
    expect(found).toEqual([code, subcode])
  })

  it('never for what the limits allow', async () => {
    const caption = `${'a'.repeat(2_000)} ${'#t '.repeat(30)}${'@me '.repeat(20)}`
    const made = await sandbox.graph('POST', `/v26.0/${sandbox.id}/media`, {
      ...reel,
      caption,
      thumb_offset: '0',
      share_to_feed: 'false',
      is_ai_generated: 'true',
      collaborators: 'a,b,c',
      trial_params: '{"graduation_strategy":"MANUAL"}',
    })
    expect(made.status).toBe(200)
  })
})

describe('a call is refused', () => {
  it('for a version that is gone, not yet there, or missing', async () => {
    const code = async (path: string) => (await sandbox.graph('GET', path)).body.error.code
    expect(await code('/v23.0/me')).toBe(2635)
    expect(await code('/v99.0/me')).toBe(2500)
    expect(await code('/me')).toBe(2500)
  })

  it('for an unknown edge, method, node or field', async () => {
    expect(await refusal('GET', `${sandbox.id}/reels`)).toEqual([400, 2500, undefined])
    expect(await refusal('POST', publication, { caption: 'new' })).toEqual([400, 100, undefined])
    expect(await refusal('GET', '123456789')).toEqual([400, 100, 33])
    expect(await refusal('GET', publication, { fields: 'permalink,shares' })).toEqual([400, 100, undefined])
    expect(await refusal('GET', publication, { fields: 'permalink,' })).toEqual([400, 100, undefined])
    expect(await refusal('GET', publication, { fields: 'view_count' })).toEqual([400, 100, undefined])
    expect(await refusal('GET', `${sandbox.id}/media`, { limit: '101' })).toEqual([400, 100, undefined])
    expect(await refusal('GET', `${sandbox.id}/media`, { after: 'nonsense' })).toEqual([400, 100, undefined])
  })

  it('for a metric that is unknown, retired, or of another product', async () => {
    const code = (metric: string) => refusal('GET', `${publication}/insights`, { metric })
    expect(await code('applause')).toEqual([400, 100, undefined])
    expect(await code('views,plays')).toEqual([400, 100, undefined])
    expect(await code('navigation')).toEqual([400, 100, undefined])
    expect(await refusal('GET', `${publication}/insights`)).toEqual([400, 100, undefined])
    const account = (parameters: Record<string, string>) =>
      refusal('GET', `${sandbox.id}/insights`, parameters)
    expect(await account({ metric: 'views' })).toEqual([400, 100, undefined])
    expect(await account({ metric: 'views', period: 'day' })).toEqual([400, 100, undefined])
    expect(
      await account({ metric: 'views', period: 'day', metric_type: 'total_value', breakdown: 'shoe_size' }),
    ).toEqual([400, 100, undefined])
  })

  it('for a container or post of another account', async () => {
    const stranger = await openClient(sandbox.url, { username: 'stranger' })
    const containerId = await sandbox.ready()
    const stolen = await stranger.publish(containerId)
    expect([stolen.body.error.code, stolen.body.error.error_subcode]).toEqual([24, 2207006])
    const { uri } = await sandbox.container()
    const foisted = await stranger.upload(uri, Buffer.from('bytes'))
    expect([foisted.body.error.code, foisted.body.error.error_subcode]).toEqual([24, 2207006])
    const peeked = await stranger.graph('GET', `/v26.0/${publication}`)
    expect([peeked.body.error.code, peeked.body.error.error_subcode]).toEqual([100, 33])
  })

  it('for a network nobody speaks here', async () => {
    const { status } = await sandbox.graph('GET', '/v26.0/me', {}, 'https://api.example.com')
    expect(status).toBe(502)
  })
})

describe('a token', () => {
  it('that is missing, unknown, expired or dead is refused with its subcode', async () => {
    const owner = await openClient(sandbox.url, { username: 'tokens' })
    const bare = await fetch(`${sandbox.url}/v26.0/me`, {
      headers: { 'x-stakazo-origin': 'https://graph.instagram.com' },
    })
    expect(await bare.json()).toMatchObject({ error: { code: 2500 } })
    const other = await fetch(`${sandbox.url}/v26.0/me?access_token=nonsense`, {
      headers: { 'x-stakazo-origin': 'https://graph.instagram.com' },
    })
    expect(await other.json()).toMatchObject({ error: { code: 190 } })
    for (const [death, subcode] of [
      ['password-changed', 460],
      ['checkpoint', 459],
      ['app-removed', 458],
    ] as const) {
      await owner.control('POST', `/accounts/instagram/${owner.id}/token`, { death })
      const { status, body } = await owner.graph('GET', '/v26.0/me')
      expect([status, body.error.code, body.error.error_subcode]).toEqual([401, 190, subcode])
    }
    await owner.control('POST', `/accounts/instagram/${owner.id}/token`, { renew: true, token: owner.token })
    expect((await owner.graph('GET', '/v26.0/me')).status).toBe(200)
  })

  it('dies at its business time and is renewed only after a day', async () => {
    await using fresh = await openSandbox()
    const refresh = () => fresh.graph('GET', '/refresh_access_token', { grant_type: 'ig_refresh_token' })
    expect((await refresh()).body.error.code).toBe(10)
    await fresh.control('PUT', '/clock', { offsetMs: 59 * 86_400_000 })
    const renewed = await refresh()
    expect(renewed.body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 })
    await fresh.control('PUT', '/clock', { offsetMs: 61 * 86_400_000 })
    expect((await fresh.graph('GET', '/v26.0/me')).body.error.error_subcode).toBe(463)
    const headers = {
      authorization: `Bearer ${renewed.body.access_token}`,
      'x-stakazo-origin': 'https://graph.instagram.com',
    }
    expect((await fetch(`${fresh.url}/v26.0/me`, { headers })).status).toBe(200)
  })

  it('must come with the right proof when one is given', async () => {
    const owner = await openClient(sandbox.url, { username: 'proof', settings: { appSecret: 'shh' } })
    const proof = createHmac('sha256', 'shh').update(owner.token).digest('hex')
    expect((await owner.graph('GET', '/v26.0/me', { appsecret_proof: proof })).status).toBe(200)
    expect((await owner.graph('GET', '/v26.0/me', { appsecret_proof: 'f00' })).body.error.code).toBe(100)
  })
})

describe('media deletion', () => {
  it('needs a capability few apps have', async () => {
    const owner = await openClient(sandbox.url, { username: 'deleter' })
    const { body } = await owner.publish(await owner.ready())
    expect((await owner.graph('DELETE', `/v26.0/${body.id}`)).body.error.code).toBe(3)
    await owner.control('PATCH', `/accounts/instagram/${owner.id}`, {
      settings: { capabilities: ['delete-media'] },
    })
    expect((await owner.graph('DELETE', `/v26.0/${body.id}`)).body).toEqual({ success: true })
    expect((await owner.graph('GET', `/v26.0/${body.id}`)).body.error.error_subcode).toBe(33)
  })
})
