/**
 * Content-addressed bytes on disk: `<store>/<tenant>/<first two digits>/<sha256>`.
 *
 * A blob appears by rename, after its bytes are on the disk, and its row is written after that: a crash leaves bytes
 * nobody points at, never a row without bytes. Tenants share nothing, not even equal bytes.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Database } from '../db/open.ts'
import { recordBlob } from '../db/queries/blobs.ts'
import { type Clock, DAY, systemClock } from './core/clock.ts'
import { StakazoError } from './core/errors.ts'
import { isUuid, newId } from './core/ids.ts'
import type { BlobOptions, BlobRef, BlobStore } from './core/ports/blobs.ts'
import { leastTrust, TRUST, type Trust } from './core/trust.ts'

interface BlobScope {
  readonly tenantId: string
  /** What new bytes are labelled with at most; asked at each write. */
  readonly trust?: (() => Trust) | undefined
}

export interface DiskBlobs {
  readonly root: string
  forTenant(scope: BlobScope): BlobStore
}

/** Half-written files of a killed process. A day is far beyond the longest upload. */
const LEFTOVER_MS = DAY
const INCOMING = 'incoming'

/** Opens the store and sweeps what dead writers left behind. Throws `storage-unavailable`. */
export async function openDiskBlobs(options: {
  root: string
  db: Pick<Database, 'tenant'>
  clock: Clock
}): Promise<DiskBlobs> {
  const { root, db, clock } = options
  await mkdir(root, { recursive: true, mode: 0o700 }).catch(refuse)
  await sweepLeftovers(root)
  return { root, forTenant: (scope) => tenantBlobs(root, db, clock, scope) }
}

function tenantBlobs(root: string, db: Pick<Database, 'tenant'>, clock: Clock, scope: BlobScope): BlobStore {
  const { tenantId } = scope
  if (!isUuid(tenantId)) throw new StakazoError('tenant-missing', 'a blob store needs the id of a tenant')
  const directory = join(root, tenantId)
  const place = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new StakazoError('not-found', 'that is not the hash of a blob')
    return join(directory, sha256.slice(0, 2), sha256)
  }
  const register = async (ref: BlobRef, { mediaType, parents = [] }: BlobOptions) => {
    const trust = leastTrust(scope.trust?.() ?? TRUST.owner)
    await db.tenant(tenantId, (tx) =>
      recordBlob(tx, { ...ref, mediaType, parents, trust, createdAt: clock.now() }),
    )
    return ref
  }
  const incoming = async () => {
    const path = join(directory, INCOMING, newId(clock))
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return path
  }
  const store: BlobStore = {
    async has(sha256) {
      return (await sizeOf(place(sha256))) !== undefined
    },
    async path(sha256) {
      const path = place(sha256)
      if ((await sizeOf(path)) === undefined) throw absent(sha256)
      return path
    },
    async open(sha256, range = {}) {
      return createReadStream(await store.path(sha256), range)
    },
    async put(source, putOptions) {
      const temporary = await incoming().catch(refuse)
      try {
        const ref = await writeThrough(source, temporary, putOptions.maxBytes)
        await settle(temporary, place(ref.sha256)).catch(refuse)
        return await register(ref, putOptions)
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async adopt(path, adoptOptions) {
      const ref = await hashFile(path)
      const temporary = await incoming().catch(refuse)
      try {
        await move(path, temporary).catch(refuse)
        await flush(temporary).catch(refuse)
        await settle(temporary, place(ref.sha256)).catch(refuse)
        return await register(ref, adoptOptions)
      } finally {
        await rm(temporary, { force: true })
      }
    },
  }
  return store
}

const absent = (sha256: string) => new StakazoError('not-found', `there is no blob ${sha256.slice(0, 12)}…`)

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    return refuse(error)
  }
}

/** Hashes while it writes; memory holds a few chunks, whatever the size. */
async function writeThrough(
  source: Readable | Uint8Array,
  path: string,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<BlobRef> {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) return done(tooLarge(maxBytes))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const readable = source instanceof Uint8Array ? Readable.from([Buffer.from(source)]) : source
  const file = createWriteStream(path, { mode: 0o400, flush: true })
  try {
    await pipeline(readable, meter, file)
  } catch (error) {
    throw isOurDisk(error) ? asRefusal(error) : error
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** A pipeline hands one error to all its streams, so whose it was is told by the call that failed. */
const isOurDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  ['open', 'write', 'fsync', 'close'].includes(`${error.syscall}`)

const tooLarge = (maxBytes: number) =>
  new StakazoError('too-large', `the file has more than ${maxBytes} bytes`, { details: { maxBytes } })

async function hashFile(path: string): Promise<BlobRef> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Rename is atomic; the directory is flushed too, else a power cut may forget the name. */
async function settle(temporary: string, path: string): Promise<void> {
  if ((await sizeOf(path)) !== undefined) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await rename(temporary, path)
  await flush(dirname(path))
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r')
  await file.sync()
}

/** Another file system cannot take a file by rename. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    await copyFile(from, to)
    await rm(from)
  }
  await chmod(to, 0o400)
}

/** Files carry the machine's time, which business time may have left far behind. */
async function sweepLeftovers(root: string): Promise<void> {
  const nowMs = systemClock.nowMs()
  for (const tenant of (await readdir(root)).filter(isUuid)) {
    const directory = join(root, tenant, INCOMING)
    for (const name of await readdir(directory).catch(() => [])) {
      const path = join(directory, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }))
      if (nowMs - mtimeMs > LEFTOVER_MS) await rm(path, { force: true })
    }
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

function asRefusal(cause: unknown): StakazoError {
  if (cause instanceof StakazoError) return cause
  const isFull = codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT'
  return new StakazoError(
    isFull ? 'disk-full' : 'storage-unavailable',
    isFull ? 'the disk of the store is full' : `the store cannot be used: ${codeOf(cause) ?? 'unknown'}`,
    { cause },
  )
}

function refuse(cause: unknown): never {
  throw asRefusal(cause)
}
