import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { StakazoError } from '../../runtime/core/errors.ts'
import { newId } from '../../runtime/core/ids.ts'
import type { JobPriority, Queue, RunningJob } from '../../runtime/core/ports/queue.ts'
import { type OpenQueueOptions, openQueue } from '../../runtime/queue/open-queue.ts'
import { eventually } from '../support/eventually.ts'

export interface QueueServer extends AsyncDisposable {
  readonly options: Pick<OpenQueueOptions, 'databaseUrl' | 'redisUrl' | 'keyPrefix'>
  /** Everything stored that belongs to a single job: its names, and its content. */
  listJobs(): Promise<{ names: string[]; data: unknown }[]>
}

const KIND = 'publishing/reels'
const workerFile = join(import.meta.dirname, '..', 'runtime', 'queue', 'worker-child.ts')

/** What every queue must do, whatever it stands on. */
export function queueConformance(openServer: () => Promise<QueueServer>): void {
  describe('queue', { timeout: 60_000 }, () => {
    const scope: AsyncDisposable[] = []
    afterEach(async () => {
      for (const resource of scope.splice(0).reverse()) await resource[Symbol.asyncDispose]()
    })

    const [a, b] = [newId(), newId()]

    async function newServer(): Promise<QueueServer> {
      const server = await openServer()
      scope.push(server)
      return server
    }

    async function open(server: QueueServer, more: Partial<OpenQueueOptions> = {}): Promise<Queue> {
      const log = { info: () => undefined, warn: () => undefined }
      const queue = await openQueue({ ...server.options, kinds: [KIND], log, ...more })
      scope.push(queue)
      return queue
    }

    /** Starts a worker that notes what it gets. */
    async function collect(queue: Queue, concurrency = 1): Promise<RunningJob[]> {
      const seen: RunningJob[] = []
      await queue.work([KIND], async (job) => void seen.push(job), { concurrency })
      return seen
    }

    it('delivers what was added, ids and nothing else', async () => {
      const queue = await open(await newServer())
      await queue.add({ kind: KIND, tenantId: a, id: 'first', dedupeKey: 'key' })
      const seen = await collect(queue)
      await eventually(() => seen.length === 1)
      expect(seen).toEqual([{ kind: KIND, tenantId: a, id: 'first', attempt: 1 }])
    })

    it('carries the tenant in every name of a job and holds only ids', async () => {
      const server = await newServer()
      const queue = await open(server)
      await queue.add({ kind: KIND, tenantId: a, id: 'one', dedupeKey: 'key' })
      await queue.add({ kind: KIND, tenantId: a, id: 'two', delayMs: 60_000, dedupeKey: 'key' })
      const jobs = await server.listJobs()
      expect(jobs).toHaveLength(2)
      for (const { names, data } of jobs) {
        expect(names.length).toBeGreaterThan(0)
        for (const name of names) expect(name).toContain(a)
        expect(data).toEqual({ tenantId: a, id: expect.stringMatching(/^(one|two)$/) })
      }
    })

    it('wakes an idle worker by notification: fifty jobs one after the other, sooner than one poll each', async () => {
      const queue = await open(await newServer())
      const seen = await collect(queue)
      for (let added = 1; added <= 50; added++) {
        await queue.add({ kind: KIND, tenantId: a, id: String(added) })
        await eventually(() => seen.length === added, { everyMs: 1, withinMs: 4_000 })
      }
    })

    it('drops a second wake-up while the first waits, per tenant', async () => {
      const queue = await open(await newServer())
      for (const id of ['1', '2', '3']) await queue.add({ kind: KIND, tenantId: a, id, dedupeKey: 'same' })
      await queue.add({ kind: KIND, tenantId: b, id: '4', dedupeKey: 'same' })
      const seen = await collect(queue)
      await queue.add({ kind: KIND, tenantId: a, id: 'end', priority: 'low' })
      await eventually(() => seen.some(({ id }) => id === 'end'))
      expect(seen.map(({ id }) => id)).toEqual(['1', '4', 'end'])
    })

    it('runs exactly once more for any number of wake-ups during a run', async () => {
      const queue = await open(await newServer())
      const gate = Promise.withResolvers<void>()
      const seen: string[] = []
      await queue.work(
        [KIND],
        async ({ id }) => {
          seen.push(id)
          if (seen.length === 1) await gate.promise
        },
        { concurrency: 4 },
      )
      await queue.add({ kind: KIND, tenantId: a, id: 'run', dedupeKey: 'run' })
      await eventually(() => seen.length === 1)
      for (let again = 0; again < 5; again++)
        await queue.add({ kind: KIND, tenantId: a, id: 'run', dedupeKey: 'run' })
      gate.resolve()
      await eventually(async () => {
        const { waiting, active } = (await queue.depth())[KIND] ?? { waiting: 1, active: 1 }
        return seen.length === 2 && waiting + active === 0
      })
      expect(seen).toEqual(['run', 'run'])
    })

    it('keeps a delayed job back, and an earlier wake-up of the same thing is not lost in it', async () => {
      const queue = await open(await newServer())
      await queue.add({ kind: KIND, tenantId: a, id: 'thing', delayMs: 1_500, dedupeKey: 'thing' })
      expect((await queue.depth())[KIND]).toMatchObject({ delayed: 1, waiting: 0 })
      const seen = await collect(queue)
      await queue.add({ kind: KIND, tenantId: a, id: 'thing', dedupeKey: 'thing' })
      await eventually(() => seen.length === 1)
      expect((await queue.depth())[KIND]).toMatchObject({ delayed: 1 })
      await eventually(() => seen.length === 2)
    })

    it('takes higher priorities first', async () => {
      const queue = await open(await newServer())
      const order: JobPriority[] = ['low', 'medium', 'critical', 'high']
      for (const priority of order) await queue.add({ kind: KIND, tenantId: a, id: priority, priority })
      const seen = await collect(queue)
      await eventually(() => seen.length === 4)
      expect(seen.map(({ id }) => id)).toEqual(['critical', 'high', 'medium', 'low'])
    })

    it('lets a small tenant through a flood of another, and the flood goes on', async () => {
      const queue = await open(await newServer())
      await Promise.all(
        Array.from({ length: 200 }, (_, place) => queue.add({ kind: KIND, tenantId: a, id: `a${place}` })),
      )
      for (const id of ['b1', 'b2', 'b3']) await queue.add({ kind: KIND, tenantId: b, id })
      const seen = await collect(queue)
      await eventually(() => seen.length === 203)
      const lastOfSmall = seen.findLastIndex(({ tenantId }) => tenantId === b)
      expect(lastOfSmall).toBeLessThan(10)
    })

    it('repeats a failing job three times, then keeps it as a dead letter until somebody retries it', async () => {
      const queue = await open(await newServer())
      const attempts: number[] = []
      let isBroken = true
      await queue.work(
        [KIND],
        async ({ attempt }) => {
          attempts.push(attempt)
          if (isBroken) throw new StakazoError('platform-transient', 'the platform is down')
        },
        { concurrency: 1 },
      )
      await queue.add({ kind: KIND, tenantId: a, id: 'post' })
      const [letter] = await eventually(
        async () => {
          const letters = await queue.deadLetters()
          return letters.length > 0 && letters
        },
        { withinMs: 30_000 },
      )
      expect(attempts).toEqual([1, 2, 3, 4])
      expect(letter).toMatchObject({
        kind: KIND,
        tenantId: a,
        id: 'post',
        attempts: 4,
        reason: 'platform-transient: the platform is down',
      })
      expect(await queue.deadLetters({ tenantId: b })).toEqual([])
      expect(await queue.depth()).toEqual({ [KIND]: { waiting: 0, active: 0, delayed: 0, dead: 1 } })
      isBroken = false
      await queue.retryDead(letter?.jobId ?? '')
      await eventually(() => attempts.length === 5)
      expect(attempts[4]).toBe(1)
      await eventually(async () => (await queue.depth())[KIND]?.dead === 0)
    })

    it('raises one alarm at ten dead letters, and does not repeat what cannot succeed', async () => {
      const alarms: number[] = []
      const queue = await open(await newServer(), { onDeadLetters: ({ dead }) => alarms.push(dead) })
      let runs = 0
      await queue.work(
        [KIND],
        async () => {
          runs++
          throw new StakazoError('platform-content', 'refused')
        },
        { concurrency: 1 },
      )
      for (let place = 0; place < 12; place++) await queue.add({ kind: KIND, tenantId: a, id: `bad${place}` })
      await eventually(async () => (await queue.deadLetters()).length === 12)
      await eventually(() => alarms.length > 0)
      expect(runs).toBe(12)
      expect(alarms).toHaveLength(1)
      expect(alarms[0]).toBeGreaterThanOrEqual(10)
    })

    it('waits at closing for the job that runs', async () => {
      const queue = await open(await newServer())
      const gate = Promise.withResolvers<void>()
      let state = 'idle'
      await queue.work(
        [KIND],
        async () => {
          state = 'running'
          await gate.promise
          state = 'done'
        },
        { concurrency: 1 },
      )
      await queue.add({ kind: KIND, tenantId: a, id: 'slow' })
      await eventually(() => state === 'running')
      const closed = queue.close()
      gate.resolve()
      await closed
      expect(state).toBe('done')
    })

    it('gives a job back at closing when patience ends, without losing an attempt', async () => {
      const server = await newServer()
      const first = await open(server, { patienceMs: 0 })
      let isRunning = false
      await first.work(
        [KIND],
        (_, { signal }) => {
          isRunning = true
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        },
        { concurrency: 1 },
      )
      await first.add({ kind: KIND, tenantId: a, id: 'slow' })
      await eventually(() => isRunning)
      await first.close()
      const seen = await collect(await open(server))
      await eventually(() => seen.length === 1)
      expect(seen).toEqual([{ kind: KIND, tenantId: a, id: 'slow', attempt: 1 }])
    })

    it('delivers again what a killed worker had taken', async () => {
      const server = await newServer()
      const lockMs = 1_000
      const queue = await open(server, { lockMs })
      await queue.add({ kind: KIND, tenantId: a, id: 'orphan' })
      const child = spawn(
        process.execPath,
        [workerFile, JSON.stringify({ ...server.options, kind: KIND, lockMs })],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      const seen = await collect(queue)
      await eventually(() => seen.length === 1, { withinMs: 20_000 })
      expect(seen[0]).toMatchObject({ tenantId: a, id: 'orphan' })
    })

    it('refuses kinds it was not opened for, a second handler and unknown dead letters', async () => {
      const queue = await open(await newServer())
      await collect(queue)
      await expect(queue.add({ kind: 'other', tenantId: a, id: '1' })).rejects.toMatchObject({ code: 'bug' })
      await expect(collect(queue)).rejects.toMatchObject({ code: 'bug' })
      await expect(queue.retryDead('nobody')).rejects.toMatchObject({ code: 'not-found' })
    })

    it('closes twice without complaint', async () => {
      const queue = await open(await newServer())
      await collect(queue)
      await Promise.all([queue.close(), queue.close()])
    })
  })
}
