/** One library on one backend: pings through an idle queue, then a flood added at rest and drained. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { newId } from '../../runtime/core/ids.ts'
import { openQueue } from '../../runtime/queue/open-queue.ts'
import { answer } from './run-child.ts'

export interface QueueInput {
  readonly library: 'stakazo' | 'bullmq'
  readonly databaseUrl: string
  readonly redisUrl?: string
  readonly keyPrefix?: string
  readonly pings: number
  readonly flood: number
}

export interface QueueResult {
  readonly idleMs: number[]
  readonly addsPerSecond: number
  readonly drainedPerSecond: number
}

interface Lane extends AsyncDisposable {
  add(id: string): Promise<void>
  work(handle: (id: string) => void, concurrency: number): Promise<void>
}

/** Long enough for a worker to be waiting again, and never in step with one. */
const REST_MS = [5, 11, 7, 13] as const
const ADDERS = 8
const FLOOD_CONCURRENCY = 8

async function pingIdle(input: QueueInput): Promise<number[]> {
  await using lane = await openLane(input, 'ping')
  const arrived = new EventTarget()
  await lane.work((id) => arrived.dispatchEvent(new Event(id)), 1)
  const idleMs: number[] = []
  for (let ping = -10; ping < input.pings; ping += 1) {
    const id = `ping-${ping}`
    const seen = new Promise((resolve) => arrived.addEventListener(id, resolve, { once: true }))
    const startedMs = performance.now()
    await lane.add(id)
    await seen
    // The first ten warm connections and statements.
    if (ping >= 0) idleMs.push(performance.now() - startedMs)
    await delay(REST_MS[Math.abs(ping) % REST_MS.length])
  }
  return idleMs
}

async function floodAndDrain(input: QueueInput): Promise<Omit<QueueResult, 'idleMs'>> {
  await using lane = await openLane(input, 'flood')
  const startedMs = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: ADDERS }, async () => {
      while (next < input.flood) await lane.add(`job-${next++}`)
    }),
  )
  const addsPerSecond = (input.flood * 1_000) / (performance.now() - startedMs)
  const done = new Set<string>()
  const drained = new AbortController()
  const allDone = once(drained.signal, 'abort')
  const drainMs = performance.now()
  await lane.work((id) => {
    done.add(id)
    if (done.size === input.flood) drained.abort()
  }, FLOOD_CONCURRENCY)
  await allDone
  return { addsPerSecond, drainedPerSecond: (input.flood * 1_000) / (performance.now() - drainMs) }
}

const openLane = (input: QueueInput, kind: string): Promise<Lane> =>
  input.library === 'stakazo' ? openOurs(input, kind) : openRaw(input, kind)

async function openOurs({ databaseUrl, redisUrl, keyPrefix }: QueueInput, kind: string): Promise<Lane> {
  const log = { info: () => undefined, warn: () => undefined }
  const place = { databaseUrl, ...(redisUrl ? { redisUrl } : {}), ...(keyPrefix ? { keyPrefix } : {}) }
  const queue = await openQueue({ ...place, kinds: [kind], log })
  const tenants = Array.from({ length: 5 }, () => newId())
  let added = 0
  return {
    add: (id) => queue.add({ kind, tenantId: tenants[added++ % tenants.length] ?? '', id, dedupeKey: id }),
    work: (handle, concurrency) => queue.work([kind], async ({ id }) => handle(id), { concurrency }),
    [Symbol.asyncDispose]: () => queue.close(),
  }
}

/** As BullMQ's manual writes it: a queue, a worker, jobs that leave nothing behind. */
async function openRaw({ databaseUrl, redisUrl, keyPrefix }: QueueInput, kind: string): Promise<Lane> {
  const pool = redisUrl ? undefined : await openRawPool(databaseUrl)
  const redis = redisUrl ? new Redis(redisUrl, { maxRetriesPerRequest: null }) : undefined
  const name = `raw-${kind}`
  const prefix = { prefix: keyPrefix ?? 'raw' }
  const queue = pool
    ? new Queue(name, { connection: pool, ...prefix }, createPostgresBackend)
    : new Queue(name, { connection: redis as Redis, ...prefix })
  let worker: { close(): Promise<void> } | undefined
  return {
    add: async (id) => {
      await queue.add(kind, { id }, { removeOnComplete: true })
    },
    work: async (handle, concurrency) => {
      const process = async ({ data }: { data: { id: string } }) => handle(data.id)
      const made = pool
        ? new Worker(name, process, { connection: pool, concurrency, ...prefix }, createPostgresBackend)
        : new Worker(name, process, { connection: redis as Redis, concurrency, ...prefix })
      worker = made
      await made.waitUntilReady()
    },
    async [Symbol.asyncDispose]() {
      await worker?.close()
      await queue.close()
      await pool?.end()
      redis?.disconnect()
    },
  }
}

async function openRawPool(databaseUrl: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5, options: '-c search_path=bullmq' })
  const client = await pool.connect()
  await runMigrations(client, 'bullmq')
  client.release()
  return pool
}

await answer(async (input: QueueInput): Promise<QueueResult> => {
  const idleMs = await pingIdle(input)
  return { idleMs, ...(await floodAndDrain(input)) }
})
