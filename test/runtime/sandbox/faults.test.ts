import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openSandbox } from './harness.ts'
import { tinyMp4 } from './tiny-media.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterEach(() => sandbox.control('DELETE', '/faults'))
afterAll(() => sandbox[Symbol.asyncDispose]())

const fault = async (body: Record<string, unknown>) => {
  const { status } = await sandbox.control('POST', '/faults', { times: 1, ...body })
  expect(status).toBe(201)
}
const publishesOf = async (containerId: string) =>
  (await sandbox.log('publish')).filter((entry) => entry.containerId === containerId)

describe('faults around the publish call', () => {
  it('drops the connection after the post went live', async () => {
    const containerId = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'drop-after-accept' })
    await expect(sandbox.publish(containerId)).rejects.toThrow()
    expect(await publishesOf(containerId)).toHaveLength(1)
    const { body } = await sandbox.graph('GET', `/v26.0/${containerId}`, { fields: 'status_code' })
    expect(body.status_code).toBe('PUBLISHED')
  })

  it('drops the connection before anything happened', async () => {
    const containerId = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'drop-before-accept' })
    await expect(sandbox.publish(containerId)).rejects.toThrow()
    expect(await publishesOf(containerId)).toHaveLength(0)
    expect((await sandbox.publish(containerId)).status).toBe(200)
  })

  it('answers 500 after the post went live, or before', async () => {
    const after = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'error-500-after-accept' })
    expect((await sandbox.publish(after)).status).toBe(500)
    expect(await publishesOf(after)).toHaveLength(1)

    const before = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'error-500-before' })
    const refused = await sandbox.publish(before)
    expect([refused.status, refused.body.error.code, refused.body.error.is_transient]).toEqual([500, 2, true])
    expect(await publishesOf(before)).toHaveLength(0)
  })

  it('saves an after-accept fault for a request that is accepted', async () => {
    const { id } = await sandbox.container()
    await fault({ route: 'media_publish', kind: 'drop-after-accept' })
    expect((await sandbox.publish(id)).body.error.code).toBe(9007)
    const containerId = await sandbox.ready()
    await expect(sandbox.publish(containerId)).rejects.toThrow()
  })

  it('holds the answer back while the post is live already', async () => {
    const containerId = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'slow', ms: 60_000 })
    const giveUp = new AbortController()
    const pending = fetch(`${sandbox.url}/v26.0/${sandbox.id}/media_publish?creation_id=${containerId}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sandbox.token}`,
        'x-stakazo-origin': 'https://graph.instagram.com',
      },
      signal: giveUp.signal,
    })
    pending.catch(() => {})
    await eventually(async () => (await publishesOf(containerId)).length === 1)
    giveUp.abort()
    await expect(pending).rejects.toThrow()
  })

  it('answers with an id that cannot be read while the post is live under another', async () => {
    const containerId = await sandbox.ready()
    await fault({ kind: 'ghost-id' })
    const { body } = await sandbox.publish(containerId)
    const read = await sandbox.graph('GET', `/v26.0/${body.id}`, { fields: 'permalink' })
    expect([read.body.error.code, read.body.error.error_subcode]).toEqual([100, 33])
    const [entry] = await publishesOf(containerId)
    expect(entry?.mediaId).not.toBe(body.id)
    expect((await sandbox.graph('GET', `/v26.0/${entry?.mediaId}`, {})).status).toBe(200)
  })

  it('keeps a post out of the list for a while', async () => {
    const containerId = await sandbox.ready()
    await fault({ kind: 'late-visibility', ms: 86_400_000 })
    const { body } = await sandbox.publish(containerId)
    const list = await sandbox.graph('GET', `/v26.0/${sandbox.id}/media`, { limit: '100' })
    expect(list.body.data.map((one: { id: string }) => one.id)).not.toContain(body.id)
    expect((await sandbox.graph('GET', `/v26.0/${body.id}`)).status).toBe(200)
  })

  it('refuses as throttle, daily cap and spam in the platform’s own codes', async () => {
    const containerId = await sandbox.ready()
    const codes = []
    for (const kind of ['throttle', 'daily-cap', 'spam-refusal']) {
      await fault({ route: 'media_publish', kind })
      const { error } = (await sandbox.publish(containerId)).body
      codes.push([error.code, error.error_subcode])
    }
    expect(codes).toEqual([
      [80002, 2446079],
      [9, 2207042],
      [4, 2207051],
    ])
    expect(await publishesOf(containerId)).toHaveLength(0)
  })

  it('kills the token for good until a new one is planted', async () => {
    const containerId = await sandbox.ready()
    await fault({ route: 'media_publish', kind: 'token-death', accountId: sandbox.id })
    expect((await sandbox.publish(containerId)).body.error.error_subcode).toBe(460)
    expect((await sandbox.publish(containerId)).body.error.code).toBe(190)
    await sandbox.control('POST', `/accounts/instagram/${sandbox.id}/token`, {
      renew: true,
      token: sandbox.token,
    })
    expect((await sandbox.publish(containerId)).status).toBe(200)
  })
})

describe('faults around the upload', () => {
  it('resets the connection mid-upload and keeps the bytes', async () => {
    const { id, uri } = await sandbox.container()
    const bytes = tinyMp4({ paddingBytes: 200_000 })
    await fault({ kind: 'reset-mid-upload', afterBytes: 50_000 })
    await expect(sandbox.upload(uri, bytes)).rejects.toThrow()
    const transferred = await eventually(async () => {
      const { body } = await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'video_status' })
      return body.video_status.uploading_phase.bytes_transferred || undefined
    })
    expect(transferred).toBe(50_000)
    const rest = await sandbox.upload(uri, bytes.subarray(50_000), {
      offset: '50000',
      file_size: String(bytes.length),
    })
    expect(rest.body.success).toBe(true)
  })

  it('drops the answer to an accepted upload, not the one to a refused one', async () => {
    const { id, uri } = await sandbox.container()
    await fault({ route: 'upload', kind: 'drop-after-accept' })
    expect((await sandbox.upload(uri, tinyMp4(), { offset: '5' })).body.debug_info.type).toBe(
      'OffsetInvalidError',
    )
    await expect(sandbox.upload(uri, tinyMp4())).rejects.toThrow()
    await sandbox.finished(id)
  })

  it('processes slowly, until either clock has passed', async () => {
    const { id, uri } = await sandbox.container()
    await fault({ route: 'upload', kind: 'processing-slow', ms: 3_600_000 })
    await sandbox.upload(uri, tinyMp4())
    const status = async () =>
      (await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'status_code' })).body.status_code
    expect(await status()).toBe('IN_PROGRESS')
    await sandbox.control('PUT', '/clock', { offsetMs: 7_200_000 })
    expect(await status()).toBe('FINISHED')
    await sandbox.control('PUT', '/clock', { offsetMs: 0 })
  })

  it('fails processing', async () => {
    await fault({ route: 'container', kind: 'processing-error' })
    const { id, uri } = await sandbox.container()
    await sandbox.upload(uri, tinyMp4())
    const { body } = await sandbox.graph('GET', `/v26.0/${id}`, { fields: 'status_code,status' })
    expect(body).toMatchObject({ status_code: 'ERROR', status: expect.stringContaining('2207053') })
  })
})

describe('the fault book', () => {
  it('strikes only its route and account, and so often as told', async () => {
    await fault({ route: 'insights', kind: 'error-500-before' })
    expect((await sandbox.graph('GET', '/v26.0/me')).status).toBe(200)
    await fault({ route: 'acc*', kind: 'error-500-before', accountId: 'somebody-else' })
    expect((await sandbox.graph('GET', '/v26.0/me')).status).toBe(200)
    await fault({ route: 'acc*', kind: 'error-500-before', times: 2, skip: 1 })
    const statuses = []
    for (let count = 0; count < 4; count++) statuses.push((await sandbox.graph('GET', '/v26.0/me')).status)
    expect(statuses).toEqual([200, 500, 500, 200])
  })

  it('rolls the same dice for the same seed', async () => {
    const run = async () => {
      await sandbox.control('DELETE', '/faults')
      await sandbox.control('POST', '/faults', {
        route: 'account',
        kind: 'throttle',
        probability: 0.4,
        seed: 11,
      })
      const statuses: number[] = []
      for (let count = 0; count < 20; count++) statuses.push((await sandbox.graph('GET', '/v26.0/me')).status)
      return statuses
    }
    const first = await run()
    expect(await run()).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 403]))
  })

  it('tells what it did and is refused when it makes no sense', async () => {
    await fault({ route: 'account', kind: 'throttle' })
    await sandbox.graph('GET', '/v26.0/me')
    const { body } = await sandbox.control('GET', '/faults')
    expect(body.faults[0]).toMatchObject({ fired: 1, remaining: 0 })
    expect((await sandbox.log('fault')).at(-1)?.detail).toMatchObject({
      fault: 'throttle',
      operation: 'account',
    })
    const wrong = await sandbox.control('POST', '/faults', { kind: 'meteor' })
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'bad-input'])
    expect((await sandbox.control('POST', '/faults', { kind: 'throttle' })).status).toBe(400)
  })
})
