import type { Job, JobsOptions } from 'bullmq'
import { type Clock, DAY, SECOND, systemClock, toInstant } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { namespaceTtlMs } from '../core/namespaces.ts'
import type { DeadLetter, JobHandler, NewJob, Queue, QueueDepth } from '../core/ports/queue.ts'
import type { JobIds, JobQueue, JobWorker, QueueBackend, QueueLog } from './backend.ts'
import { FairShare } from './fair-share.ts'
import { openPostgresBackend } from './postgres-backend.ts'
import { openRedisBackend } from './redis-backend.ts'
import { openProcessor, type RunningJobs } from './running-jobs.ts'

export interface OpenQueueOptions {
  /** Where jobs live unless `redisUrl` is given. */
  readonly databaseUrl: string
  readonly redisUrl?: string | undefined
  /** Everything that may be added, such as `publishing` or `run`; each is a queue of its own. */
  readonly kinds: readonly string[]
  readonly log: QueueLog
  /** Called when dead letters reach ten, and again only after they fell below. */
  readonly onDeadLetters?: (alert: { readonly dead: number }) => void
  /** How long a worker may be silent before its jobs are given to another. */
  readonly lockMs?: number
  /** How long `close` waits for running jobs before it asks them to stop. */
  readonly patienceMs?: number
  /** Goes before every key in Redis, so that several installations can share one. */
  readonly keyPrefix?: string
  readonly clock?: Clock
}

/** Three repetitions after 1, 2 and 4 s. */
const ATTEMPTS: JobsOptions = { attempts: 4, backoff: { type: 'exponential', delay: SECOND } }
const DEAD_LETTERS_ALARMING = 10
/** By age alone: on Postgres, keeping by count reads all that is kept at every job's end (measured: half the throughput). */
const DEAD_LETTERS_KEPT = { age: (30 * DAY) / SECOND }
/** A job that took its worker along this often is suspected of having killed it. */
const STALLS_MAX = 10
/** How old the known round may be: newcomers are ahead of a flood anyway, so a stale one costs nobody a turn. */
const ROUND_STALE_MS = 100
const REST_MS = SECOND
/** Nobody reads BullMQ's event stream here. */
const EVENTS_KEPT = 10

interface Lane {
  readonly queue: JobQueue
  readonly share: FairShare
  roundReadAtMs: number
}

/** Opens BullMQ on Postgres, or on Redis when one is given. Throws `queue-unavailable`. */
export async function openQueue(options: OpenQueueOptions): Promise<Queue> {
  const { databaseUrl, redisUrl, kinds, log } = options
  const backend = redisUrl
    ? await openRedisBackend(redisUrl, log)
    : await openPostgresBackend(databaseUrl, kinds.length, log)
  return new BackedQueue(options, backend)
}

class BackedQueue implements Queue {
  readonly #options: OpenQueueOptions
  readonly #backend: QueueBackend
  readonly #clock: Clock
  readonly #lanes: ReadonlyMap<string, Lane>
  readonly #workers = new Map<string, { worker: JobWorker; running: RunningJobs }>()
  readonly #resting = new Set<JobWorker>()
  #isAlarmed = false
  #closing: Promise<void> | undefined

  constructor(options: OpenQueueOptions, backend: QueueBackend) {
    this.#options = options
    this.#backend = backend
    this.#clock = options.clock ?? systemClock
    this.#lanes = new Map(options.kinds.map((kind) => [kind, this.#openLane(kind)]))
  }

  async add(job: NewJob): Promise<void> {
    const lane = this.#lane(job.kind)
    try {
      const priority = await this.#turn(lane, job)
      await lane.queue.add(
        job.kind,
        { tenantId: job.tenantId, id: job.id },
        { ...this.#identity(job), priority },
      )
    } catch (cause) {
      const message = `a ${job.kind} job could not be added: ${(cause as Error).message}`
      throw new StakazoError('queue-unavailable', message, { cause })
    }
  }

  async work(
    kinds: readonly string[],
    handler: JobHandler,
    { concurrency }: { concurrency: number },
  ): Promise<void> {
    const { lockMs = 15 * SECOND, keyPrefix, log } = this.#options
    for (const kind of kinds) {
      this.#lane(kind)
      if (this.#workers.has(kind)) throw new StakazoError('bug', `${kind} jobs have a handler already`)
      const { process, running } = openProcessor(handler)
      const worker = this.#backend.openWorker(kind, process, {
        ...prefixOf(keyPrefix),
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs / 2,
        maxStalledCount: STALLS_MAX,
        drainDelay: this.#backend.idleSeconds,
        runRetryDelay: 2 * SECOND,
      })
      worker.on('error', (error) => {
        log.warn({ kind, error: error.message }, 'a queue worker stumbled')
        void this.#rest(worker)
      })
      worker.on('lockRenewalFailed', (ids) => {
        for (const id of ids) worker.cancelJob(id, 'given to another worker')
      })
      worker.on('failed', (job) => job?.finishedOn && void this.#alarm())
      this.#workers.set(kind, { worker, running })
      await worker.waitUntilReady()
    }
  }

  async depth(): Promise<Record<string, QueueDepth>> {
    const entries = [...this.#lanes].map(async ([kind, { queue }]) => [kind, await depthOf(queue)] as const)
    return Object.fromEntries(await Promise.all(entries))
  }

  async deadLetters({
    tenantId,
    limit = 100,
  }: {
    tenantId?: string
    limit?: number
  } = {}): Promise<DeadLetter[]> {
    const lists = [...this.#lanes.values()].map(({ queue }) => queue.getFailed(0, tenantId ? -1 : limit - 1))
    return (await Promise.all(lists))
      .flat()
      .filter((job) => tenantId === undefined || job.data.tenantId === tenantId)
      .sort((one, other) => (other.finishedOn ?? 0) - (one.finishedOn ?? 0))
      .slice(0, limit)
      .map(toDeadLetter)
  }

  async retryDead(jobId: string): Promise<void> {
    const lane = this.#lanes.get(jobId.split(SEPARATOR)[1] ?? '')
    const job = await lane?.queue.getJob(jobId)
    if (!job || !(await job.isFailed()))
      throw new StakazoError('not-found', `no dead letter has the id ${jobId}`)
    await job.retry('failed', { resetAttemptsMade: true })
    this.#isAlarmed &&= (await this.#countDead()) >= DEAD_LETTERS_ALARMING
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { patienceMs = 10 * SECOND, log } = this.#options
    await Promise.all(
      [...this.#workers].map(async ([kind, { worker, running }]) => {
        await worker.pause(true)
        const left = await running.settle(patienceMs)
        if (left > 0)
          log.warn({ kind, left }, 'jobs did not stop; they are delivered again when their locks run out')
        await worker.close(left > 0)
      }),
    )
    await Promise.all([...this.#lanes.values()].map(({ queue }) => queue.close()))
    await this.#backend.close()
  }

  /** BullMQ asks again at once when a server is gone but for ECONNREFUSED, thousands of times a second; so we rest. */
  async #rest(worker: JobWorker): Promise<void> {
    if (this.#resting.has(worker) || this.#closing) return
    this.#resting.add(worker)
    await worker.pause(true)
    await this.#clock.sleep(REST_MS)
    await this.#backend.listenAnew(worker)
    this.#resting.delete(worker)
    if (!this.#closing) await worker.resume()
  }

  #openLane(kind: string): Lane {
    const { keyPrefix, log } = this.#options
    const queue = this.#backend.openQueue(kind, {
      ...prefixOf(keyPrefix),
      streams: { events: { maxLen: EVENTS_KEPT } },
      defaultJobOptions: {
        ...ATTEMPTS,
        removeOnComplete: { age: namespaceTtlMs(kind) / SECOND },
        removeOnFail: DEAD_LETTERS_KEPT,
        stackTraceLimit: 0,
      },
    })
    queue.on('error', (error) => log.warn({ kind, error: error.message }, 'the queue stumbled'))
    return { queue, share: new FairShare(), roundReadAtMs: Number.NEGATIVE_INFINITY }
  }

  #lane(kind: string): Lane {
    const lane = this.#lanes.get(kind)
    if (!lane) throw new StakazoError('bug', `the queue was not opened for ${kind} jobs`)
    return lane
  }

  /** The job's place among the tenants' turns. */
  async #turn(lane: Lane, job: NewJob): Promise<number> {
    const nowMs = this.#clock.elapsedMs()
    if (nowMs - lane.roundReadAtMs > ROUND_STALE_MS) {
      lane.roundReadAtMs = nowMs
      const [first] = await lane.queue.getPrioritized(0, 0)
      lane.share.observe(first?.opts.priority)
    }
    return lane.share.next(job.tenantId, job.priority ?? 'medium')
  }

  /** The tenant stands in the job's key and in its deduplication key. */
  #identity({ kind, tenantId, id, delayMs = 0, dedupeKey }: NewJob): JobsOptions {
    const jobId = [tenantId, kind, id, newId()].join(SEPARATOR)
    const dueSecond = delayMs > 0 ? `@${Math.ceil((this.#clock.nowMs() + delayMs) / SECOND)}` : ''
    const key = dedupeKey === undefined ? undefined : [tenantId, kind, dedupeKey].join(SEPARATOR) + dueSecond
    return { jobId, delay: delayMs, ...(key ? { deduplication: { id: key, keepLastIfActive: true } } : {}) }
  }

  async #countDead(): Promise<number> {
    const depths = Object.values(await this.depth())
    return depths.reduce((sum, { dead }) => sum + dead, 0)
  }

  async #alarm(): Promise<void> {
    const { log, onDeadLetters } = this.#options
    const dead = await this.#countDead().catch(() => 0)
    const isAlarming = dead >= DEAD_LETTERS_ALARMING
    if (isAlarming && !this.#isAlarmed) {
      log.warn({ dead }, 'dead letters pile up')
      onDeadLetters?.({ dead })
    }
    this.#isAlarmed = isAlarming
  }
}

/** BullMQ keeps the colon for itself. */
const SEPARATOR = '~'

const prefixOf = (keyPrefix = 'stakazo') => ({ prefix: keyPrefix })

async function depthOf(queue: JobQueue): Promise<QueueDepth> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed')
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts
  return { waiting: waiting + prioritized, active, delayed, dead: failed }
}

const toDeadLetter = (job: Job<JobIds>): DeadLetter => ({
  jobId: job.id ?? '',
  kind: job.name,
  tenantId: job.data.tenantId,
  id: job.data.id,
  attempts: job.attemptsMade,
  reason: job.failedReason,
  failedAt: toInstant(job.finishedOn ?? job.timestamp),
})
