import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRange } from '../../../runtime/api/send-blob.ts'
import type { Asset } from '../../../runtime/core/entities.ts'
import { openMediaBinaries } from '../../../tools/media/engine/binaries.ts'
import { makeSampleFilm } from '../../../tools/media/engine/sample-film.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { makeBrand, openStage, rawRequest, type Stage } from './stage.ts'

let stage: Stage
let film: string
const directory = temporaryDirectory('films')
beforeAll(async () => {
  stage = await openStage({ limits: { uploadBytes: 4_000_000, uploadsPerMinute: 1_000 } })
  film = join(directory.path, 'film.mp4')
  await makeSampleFilm(await openMediaBinaries(), { path: film, durationMs: 4_000 })
})
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]()
  directory[Symbol.dispose]()
})

const upload = (body: Buffer, headers: Record<string, string> = {}) =>
  rawRequest(`${stage.url}/v1/assets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.key}`, 'content-type': 'video/mp4', ...headers },
    body,
  })

/** Everything in the data directory that an upload could leave. */
const listLeftovers = () =>
  readdirSync(stage.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /upload|incoming\/./.test(name),
  )

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n'
const CONCAT = "ffconcat version 1.0\nfile '/etc/passwd'\n"

describe('an upload', () => {
  it('is kept with its facts and comes back byte for byte', async () => {
    const brand = await makeBrand(stage.client)
    const asset = await stage.client.upload(film, { brandId: brand.id })
    expect(asset).toMatchObject({ name: 'film.mp4', kind: 'video', brandId: brand.id, rights: null })
    expect(asset.info?.durationMs).toBeGreaterThan(3_500)
    const copy = join(directory.path, 'copy.mp4')
    await stage.client.download(`/v1/assets/${asset.id}/content`, copy)
    expect(readFileSync(copy).equals(readFileSync(film))).toBe(true)
    expect(asset.sha256).toBe(createHash('sha256').update(readFileSync(film)).digest('hex'))
  })

  it('may come as a form', async () => {
    const head = '--edge\r\ncontent-disposition: form-data; name="file"; filename="Película.mp4"\r\n\r\n'
    const body = Buffer.concat([Buffer.from(head), readFileSync(film), Buffer.from('\r\n--edge--\r\n')])
    const { status, json } = await upload(body, { 'content-type': 'multipart/form-data; boundary=edge' })
    expect(status).toBe(201)
    expect(json.name).toBe('Película.mp4')
  })

  it.each([
    ['no bytes', () => Buffer.alloc(0), 422, 'media-empty'],
    ['a playlist', () => Buffer.from(PLAYLIST), 422, /^media-/],
    ['a concat script', () => Buffer.from(CONCAT), 422, /^media-/],
    ['noise', () => randomBytes(50_000), 422, /^media-/],
    ['half a film', () => readFileSync(film).subarray(0, 3_000), 422, /^media-/],
    ['too much', () => Buffer.alloc(4_000_001), 413, 'too-large'],
  ])('of %s is refused clearly and leaves nothing', async (_, bytes, status, code) => {
    const before = await stage.client.get<{ items: Asset[] }>('/v1/assets', { limit: 200 })
    const answer = await upload(bytes())
    expect(answer.status).toBe(status)
    expect(answer.json.code).toMatch(code)
    expect(answer.json.hint).not.toBe('')
    expect(await stage.client.get('/v1/assets', { limit: 200 })).toEqual(before)
    expect(listLeftovers()).toEqual([])
  })

  it('as a form without a file is refused', async () => {
    const body = Buffer.from('--edge\r\ncontent-disposition: form-data; name="x"\r\n\r\n1\r\n--edge--\r\n')
    const { status, json } = await upload(body, { 'content-type': 'multipart/form-data; boundary=edge' })
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'bad-input' })
  })

  it('with a name that looks like a path stays a name', async () => {
    const path = join(directory.path, 'x.mp4')
    writeFileSync(path, readFileSync(film))
    const asset = await stage.client.upload(path, { name: '../../etc/cron.d/x' })
    expect(asset.name).toBe('../../etc/cron.d/x')
    expect(listLeftovers()).toEqual([])
  })
})

describe('content', () => {
  it('answers a range with exactly those bytes', async () => {
    const asset = await stage.client.upload(film, {})
    const headers = { authorization: `Bearer ${stage.key}`, range: 'bytes=4-7' }
    const part = await rawRequest(`${stage.url}/v1/assets/${asset.id}/content`, { headers })
    expect(part).toMatchObject({ status: 206, text: 'ftyp' })
    expect(part.headers['content-range']).toBe(`bytes 4-7/${asset.bytes}`)
  })

  it.each([
    [undefined, undefined],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=50-500', { start: 50, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=9-3', 'unsatisfiable'],
    ['bytes=0-1,5-6', undefined],
    ['lines=1-2', undefined],
  ])('reads the range %s of 100 bytes as %j', (text, range) => {
    expect(parseRange(text, 100)).toEqual(range)
  })
})

describe('rights', () => {
  it('are recorded with who confirmed them, in the ledger too', async () => {
    const asset = await stage.client.upload(film, {})
    const body = { copyrightConfirmed: true, termsAccepted: true, confirmedBy: 'Ana' }
    const confirmed = await stage.client.send<Asset>('PUT', `/v1/assets/${asset.id}/rights`, body)
    expect(confirmed.rights).toMatchObject({
      copyrightConfirmed: true,
      termsAccepted: true,
      confirmedBy: 'Ana',
    })
    const { items } = await stage.client.get<{ items: { kind: string; subjectId: string }[] }>('/v1/ledger', {
      limit: 200,
    })
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'asset.rights-confirmed', subjectId: asset.id }),
    )
  })

  it('cannot be confirmed by half', async () => {
    const asset = await stage.client.upload(film, {})
    const body = { copyrightConfirmed: true, termsAccepted: false }
    await expect(stage.client.send('PUT', `/v1/assets/${asset.id}/rights`, body)).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})
