import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openClient, openSandbox } from './harness.ts'
import { tinyJpeg, tinyMp4 } from './tiny-media.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

describe('a Reel by bytes', () => {
  it('goes from container through upload and polling to a post whose permalink opens', async () => {
    const { graph, id, upload, url } = sandbox
    const made = await graph('POST', `/v26.0/${id}/media`, {
      media_type: 'REELS',
      upload_type: 'resumable',
      caption: 'Tuesday roast ☕ #coffee',
    })
    expect(made.body.uri).toBe(`https://rupload.facebook.com/ig-api-upload/v26.0/${made.body.id}`)
    const bytes = tinyMp4({ durationMs: 9_000 })
    expect((await upload(made.body.uri, bytes)).body).toEqual({
      success: true,
      message: 'Upload successful.',
    })
    await sandbox.finished(made.body.id)
    const published = await sandbox.publish(made.body.id)
    expect(published.status).toBe(200)

    const { body: media } = await graph('GET', `/v26.0/${published.body.id}`, {
      fields: 'permalink,media_type,media_product_type,caption,media_url,timestamp,username',
    })
    expect(media).toMatchObject({
      media_type: 'VIDEO',
      media_product_type: 'REELS',
      caption: 'Tuesday roast ☕ #coffee',
      username: 'luna',
    })
    expect(media.permalink).toMatch(/^https:\/\/www\.instagram\.com\/reel\/[\w-]+\/$/)
    const page = await fetch(`${url}/${media.permalink.replace('https://', '')}`)
    expect(page.status).toBe(200)
    const film = await fetch(`${url}/${media.media_url.replace('https://', '')}`, {
      headers: { range: 'bytes=4-7' },
    })
    expect([film.status, film.headers.get('content-range'), await film.text()]).toEqual([
      206,
      `bytes 4-7/${bytes.length}`,
      'ftyp',
    ])
    const status = await graph('GET', `/v26.0/${made.body.id}`, { fields: 'status_code' })
    expect(status.body.status_code).toBe('PUBLISHED')
  })

  it('shows the page also to a request mapped from the real host', async () => {
    const media = await sandbox.publish(await sandbox.ready())
    const { body } = await sandbox.graph('GET', `/v26.0/${media.body.id}`, { fields: 'permalink' })
    const { origin, pathname } = new URL(body.permalink)
    const page = await fetch(sandbox.url + pathname, { headers: { 'x-stakazo-origin': origin } })
    expect(await page.text()).toContain('sandbox')
  })

  it('resumes behind the bytes that arrived', async () => {
    const { id, uri } = await sandbox.container()
    const bytes = tinyMp4({ paddingBytes: 4_000 })
    const cut = await sandbox.upload(uri, bytes.subarray(0, 1_000), { file_size: String(bytes.length) })
    expect(cut.body.debug_info).toMatchObject({ retriable: true, type: 'PartialRequestError' })
    const { body } = await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'video_status,status_code' })
    expect(body).toMatchObject({
      status_code: 'IN_PROGRESS',
      video_status: { uploading_phase: { status: 'in_progress', bytes_transferred: 1_000 } },
    })
    const wrong = await sandbox.upload(uri, bytes, {})
    expect(wrong.body.debug_info.type).toBe('OffsetInvalidError')
    const rest = await sandbox.upload(uri, bytes.subarray(1_000), {
      offset: '1000',
      file_size: String(bytes.length),
    })
    expect(rest.body.success).toBe(true)
    await sandbox.finished(id)
  })

  it('refuses to publish before the container is finished', async () => {
    const { id } = await sandbox.container()
    const early = await sandbox.publish(id)
    expect([early.status, early.body.error.code, early.body.error.error_subcode]).toEqual([
      400, 9007, 2207027,
    ])
  })

  it('makes a second post when media_publish is called a second time, and the witness shows both', async () => {
    const containerId = await sandbox.ready({ caption: 'twice' })
    const [first, second] = [await sandbox.publish(containerId), await sandbox.publish(containerId)]
    expect(second.status).toBe(200)
    expect(second.body.id).not.toBe(first.body.id)
    const entries = (await sandbox.log('publish')).filter((entry) => entry.containerId === containerId)
    expect(entries.map((entry) => entry.mediaId)).toEqual([first.body.id, second.body.id])
    const { body } = await sandbox.control('GET', '/publications')
    expect(body.duplicates).toBeGreaterThanOrEqual(1)
  })

  it('expires a container after 24 business hours', async () => {
    await using late = await openSandbox()
    const containerId = await late.ready()
    await late.control('PUT', '/clock', { offsetMs: 25 * 3_600_000 })
    const status = await late.graph('GET', `/v26.0/${containerId}`, { fields: 'status_code' })
    expect(status.body.status_code).toBe('EXPIRED')
    const published = await late.publish(containerId)
    expect([published.body.error.code, published.body.error.error_subcode]).toEqual([-2, 2207020])
  })

  it('ends as ERROR with the subcode when the film breaks a rule', async () => {
    const films = [
      tinyMp4({ isFastStart: false }),
      tinyMp4({ durationMs: 2_000 }),
      tinyMp4({ durationMs: 16 * 60_000 }),
      tinyMp4({ videoCodec: 'vp09' }),
      tinyMp4({ framesPerSecond: 12 }),
      tinyMp4({ width: 2560 }),
      tinyMp4({ audioHertz: 65_000 }),
      Buffer.from('not a film at all'),
    ]
    for (const film of films) {
      const { id, uri } = await sandbox.container()
      await sandbox.upload(uri, film)
      const { body } = await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'status_code,status' })
      expect(body).toMatchObject({ status_code: 'ERROR', status: expect.stringContaining('2207026') })
    }
  })

  it('ends as ERROR when the thumbnail lies behind the end', async () => {
    const { id, uri } = await sandbox.container({ thumb_offset: '9000' })
    await sandbox.upload(uri, tinyMp4({ durationMs: 8_000 }))
    const { body } = await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'status' })
    expect(body.status).toContain('2207057')
  })
})

describe('media by URL', () => {
  const files: Record<string, Buffer> = {
    '/photo.jpg': tinyJpeg(),
    '/wide.jpg': tinyJpeg(2_000, 500),
    '/page.html': Buffer.from('<html>'),
    '/film.mp4': tinyMp4(),
  }
  const origin = createServer((request, response) => {
    const file = files[request.url ?? '']
    if (request.url === '/away') response.writeHead(302, { location: '/photo.jpg' }).end()
    else response.writeHead(file ? 200 : 404).end(file)
  })
  let base: string
  let owner: Client
  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
    const address = origin.address()
    base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    owner = await openClient(sandbox.url, { username: 'by.url' })
  })
  afterAll(() => void origin.close())

  const create = (parameters: Record<string, string>) =>
    owner.graph('POST', `/v26.0/${owner.id}/media`, parameters)
  const refusal = async (parameters: Record<string, string>) => {
    const { error } = (await create(parameters)).body
    return [error.code, error.error_subcode]
  }

  it('fetches an image before it answers', async () => {
    const { body } = await create({ image_url: `${base}/photo.jpg`, caption: 'still', alt_text: 'a cup' })
    const published = await owner.publish(body.id)
    const media = await owner.graph('GET', `/v26.0/${published.body.id}`, {
      fields: 'media_type,permalink,alt_text',
    })
    expect(media.body).toMatchObject({ media_type: 'IMAGE', alt_text: 'a cup' })
    expect(media.body.permalink).toContain('/p/')
  })

  it('refuses what cannot be fetched or is no fitting image', async () => {
    expect(await refusal({ image_url: 'https://cdn.example.com/a.jpg' })).toEqual([9004, 2207052])
    expect(await refusal({ image_url: `${base}/missing.jpg` })).toEqual([9004, 2207052])
    expect(await refusal({ image_url: `${base}/away` })).toEqual([9004, 2207052])
    expect(await refusal({ image_url: `${base}/page.html` })).toEqual([36001, 2207005])
    expect(await refusal({ image_url: `${base}/wide.jpg` })).toEqual([36003, 2207009])
    expect(await refusal({ media_type: 'REELS', video_url: 'http://169.254.169.254/x.mp4' })).toEqual([
      9004, 2207052,
    ])
  })

  it('fetches a video after its answer', async () => {
    const { body } = await create({ media_type: 'REELS', video_url: `${base}/film.mp4` })
    await owner.finished(body.id)
    expect((await owner.publish(body.id)).status).toBe(200)
  })

  it('joins two to ten children to a carousel', async () => {
    const child = async () =>
      (await create({ image_url: `${base}/photo.jpg`, is_carousel_item: 'true' })).body.id
    const children = [await child(), await child()]
    expect(await refusal({ media_type: 'CAROUSEL', children: children[0] })).toEqual([100, 2207028])
    const { body } = await create({
      media_type: 'CAROUSEL',
      children: JSON.stringify(children),
      caption: 'two',
    })
    const published = await owner.publish(body.id)
    const media = await owner.graph('GET', `/v26.0/${published.body.id}`, {
      fields: 'media_type,children{media_type}',
    })
    expect(media.body.media_type).toBe('CAROUSEL_ALBUM')
    expect(media.body.children.data).toHaveLength(2)
  })

  it('keeps a story out of the media list and in the stories', async () => {
    const { body } = await create({ media_type: 'STORIES', image_url: `${base}/photo.jpg` })
    const published = await owner.publish(body.id)
    const stories = await owner.graph('GET', `/v26.0/${owner.id}/stories`)
    const posts = await owner.graph('GET', `/v26.0/${owner.id}/media`)
    expect(stories.body.data.map((one: { id: string }) => one.id)).toEqual([published.body.id])
    expect(posts.body.data.map((one: { id: string }) => one.id)).not.toContain(published.body.id)
  })
})

describe('the media list', () => {
  it('pages by cursor until next is absent', async () => {
    const owner = await openClient(sandbox.url, { username: 'pager' })
    const made: string[] = []
    for (let count = 0; count < 5; count++) made.unshift((await owner.publish(await owner.ready())).body.id)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await owner.graph('GET', `/v26.0/${owner.id}/media`, {
        limit: '2',
        ...(after ? { after } : {}),
      })
      seen.push(...page.body.data.map((one: { id: string }) => one.id))
      if (page.body.paging.next)
        expect(page.body.paging.next).toMatch(/^https:\/\/graph\.instagram\.com\/v26\.0\//)
      after = page.body.paging.next && page.body.paging.cursors.after
    } while (after)
    expect(seen).toEqual(made)
  })
})

describe('quotas', () => {
  it('ends at the daily cap and tells what is used', async () => {
    const owner = await openClient(sandbox.url, { username: 'capped', settings: { postsPerDay: 2 } })
    for (let count = 0; count < 2; count++) await owner.publish(await owner.ready())
    const third = await owner.publish(await owner.ready())
    expect([third.status, third.body.error.code, third.body.error.error_subcode]).toEqual([403, 9, 2207042])
    const limit = await owner.graph('GET', `/v26.0/${owner.id}/content_publishing_limit`, {
      fields: 'config,quota_usage',
    })
    expect(limit.body.data[0]).toEqual({ quota_usage: 2, config: { quota_total: 2, quota_duration: 86_400 } })
  })

  it('gives the slot back after 24 business hours', async () => {
    await using fresh = await openSandbox()
    const owner = await openClient(fresh.url, { username: 'capped', settings: { postsPerDay: 1 } })
    await owner.publish(await owner.ready())
    await owner.control('PUT', '/clock', { offsetMs: 25 * 3_600_000 })
    expect((await owner.publish(await owner.ready())).status).toBe(200)
  })

  it('throttles an account over its calls an hour and says when to come back', async () => {
    const owner = await openClient(sandbox.url, { username: 'eager', settings: { callsPerHour: 3 } })
    for (let count = 0; count < 3; count++) expect((await owner.graph('GET', '/v26.0/me')).status).toBe(200)
    const over = await owner.graph('GET', '/v26.0/me')
    expect(over.body.error.code).toBe(80002)
    const usage = JSON.parse(over.headers.get('x-business-use-case-usage') ?? '{}')
    expect(usage[owner.id][0]).toMatchObject({ type: 'instagram', call_count: 133 })
    expect(usage[owner.id][0].estimated_time_to_regain_access).toBeGreaterThan(50)
  })
})
