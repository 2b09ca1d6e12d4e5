import { createHash } from 'node:crypto'
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import { blob } from '../../db/schema/media.ts'
import { type DiskBlobs, openDiskBlobs } from '../../runtime/blobs.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { sha256Hex } from '../../runtime/core/digest.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { openTestDatabase } from '../support/seed-tenant.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const directory = temporaryDirectory('blobs')
let db: Database
let disk: DiskBlobs
beforeAll(async () => {
  db = await openTestDatabase()
  disk = await openDiskBlobs({ root: join(directory.path, 'store'), db, clock: systemClock })
})
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  directory[Symbol.dispose]()
})

const text = { mediaType: 'text/plain' }
const rowOf = (tenantId: string, sha256: string) =>
  db.tenant(tenantId, async (tx) => {
    const [row] = await tx.db.select().from(blob).where(eq(blob.id, sha256))
    return row
  })
const incomingOf = (tenantId: string) => readdir(join(disk.root, tenantId, 'incoming'))

test('bytes put are found by their hash, whole or in part, under their tenant', async () => {
  const tenantId = newId()
  const store = disk.forTenant({ tenantId, trust: () => TRUST.inference })
  const ref = await store.put(Buffer.from('hello world'), text)
  expect(ref).toEqual({ sha256: sha256Hex('hello world'), bytes: 11 })
  expect((await buffer(await store.open(ref.sha256))).toString()).toBe('hello world')
  expect((await buffer(await store.open(ref.sha256, { start: 6, end: 8 }))).toString()).toBe('wor')
  expect(await store.path(ref.sha256)).toBe(join(disk.root, tenantId, ref.sha256.slice(0, 2), ref.sha256))
  expect(await rowOf(tenantId, ref.sha256)).toMatchObject({
    bytes: 11,
    trust: TRUST.inference,
    references: 0,
  })
})

test("another tenant's hash does not exist here, and no name leads out of the store", async () => {
  const { sha256 } = await disk.forTenant({ tenantId: newId() }).put(Buffer.from('secret'), text)
  const stranger = disk.forTenant({ tenantId: newId() })
  expect(await stranger.has(sha256)).toBe(false)
  await expect(stranger.open(sha256)).rejects.toMatchObject({ code: 'not-found' })
  await expect(stranger.path('../../../etc/passwd')).rejects.toMatchObject({ code: 'not-found' })
  expect(() => disk.forTenant({ tenantId: '../other' })).toThrow(/tenant/)
})

test('200 MB pass through a bounded memory', async () => {
  const chunk = Buffer.alloc(1 << 20, 'x')
  const hash = createHash('sha256')
  let peak = 0
  const film = Readable.from(
    (function* () {
      for (let count = 0; count < 200; count++) {
        hash.update(chunk)
        peak = Math.max(peak, process.memoryUsage().rss)
        yield chunk
      }
    })(),
  )
  const before = process.memoryUsage().rss
  const store = disk.forTenant({ tenantId: newId() })
  const { sha256, bytes } = await store.put(film, { mediaType: 'video/mp4' })
  expect([sha256, bytes]).toEqual([hash.digest('hex'), 200 << 20])
  expect(peak - before).toBeLessThan(100 << 20)
  expect((await stat(await store.path(sha256))).size).toBe(200 << 20)
})

test('two writers of the same bytes meet in one blob', async () => {
  const tenantId = newId()
  const store = disk.forTenant({ tenantId })
  const both = await Promise.all([
    store.put(Buffer.from('twice'), text),
    store.put(Buffer.from('twice'), text),
  ])
  expect(both[0]).toEqual(both[1])
  expect(await incomingOf(tenantId)).toEqual([])
})

test('a stream past the limit or broken half-way leaves nothing', async () => {
  const tenantId = newId()
  const store = disk.forTenant({ tenantId })
  const long = store.put(Readable.from([Buffer.alloc(900), Buffer.alloc(200)]), { ...text, maxBytes: 1_000 })
  await expect(long).rejects.toMatchObject({ code: 'too-large', details: { maxBytes: 1_000 } })
  const broken = new Readable({
    read() {
      this.push(Buffer.alloc(10))
      this.destroy(new Error('the client went away'))
    },
  })
  await expect(store.put(broken, text)).rejects.toThrow('the client went away')
  expect(await incomingOf(tenantId)).toEqual([])
  expect(await readdir(join(disk.root, tenantId))).toEqual(['incoming'])
})

test('adopting takes a file over, with its parents and their trust', async () => {
  const tenantId = newId()
  const source = join(directory.path, 'rendered.mp4')
  await writeFile(source, 'rendered')
  const foreign = await disk
    .forTenant({ tenantId, trust: () => TRUST.foreign })
    .put(Buffer.from('upload'), text)
  const store = disk.forTenant({ tenantId })
  const ref = await store.adopt(source, { mediaType: 'video/mp4', parents: [foreign.sha256] })
  await expect(stat(source)).rejects.toThrow(/ENOENT/)
  expect((await buffer(await store.open(ref.sha256))).toString()).toBe('rendered')
  expect(await rowOf(tenantId, ref.sha256)).toMatchObject({
    parents: [foreign.sha256],
    trust: TRUST.foreign,
  })
})

test('opening sweeps what killed writers left long ago, not what is being written', async () => {
  const tenantId = newId()
  const incoming = join(disk.root, tenantId, 'incoming')
  await mkdir(incoming, { recursive: true })
  await writeFile(join(incoming, 'old'), 'x')
  await writeFile(join(incoming, 'new'), 'x')
  const longAgo = new Date(Date.now() - 3 * 86_400_000)
  await utimes(join(incoming, 'old'), longAgo, longAgo)
  await openDiskBlobs({ root: disk.root, db, clock: systemClock })
  expect(await readdir(incoming)).toEqual(['new'])
})
