import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '../../db/open.ts'
import { findRun } from '../../db/queries/runs.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { openQueue } from '../../runtime/queue/open-queue.ts'
import { submitTask } from '../../runtime/runs/submit-task.ts'
import { wake } from '../../runtime/worker/due-worker.ts'
import { makeTenant } from '../runtime/runs/open-engine.ts'
import { eventually } from '../support/eventually.ts'
import { openBenchServer } from './bench-database.ts'
import type { Benchmark, Figure } from './benchmark.ts'
import { listFamily, memoryOf } from './processes.ts'
import { runChild } from './run-child.ts'
import { percentile } from './statistics.ts'
import type { TransactionsInput, TransactionsResult } from './transactions-driver.ts'

const TRANSACTIONS = new URL('./transactions-driver.ts', import.meta.url)
const ENGINE = new URL('./engine-driver.ts', import.meta.url)
const log = { info: () => undefined, warn: () => undefined }
/** What the issue asks of an idle queue. */
const IDLE_P95_MS = 50

export const load: Benchmark = {
  name: 'load',
  does: 'the embedded database under runs, transactions of two tenants, reads and a queue at once, in three processes',
  async run({ isQuick, say }) {
    const size = isQuick
      ? { tasks: 10, transactions: 1_000, pings: 60 }
      : { tasks: 60, transactions: 10_000, pings: 300 }
    await using server = await openBenchServer()
    const url = await server.newDatabase()
    await using queue = await openQueue({ databaseUrl: url, kinds: ['run', 'cache/ping'], log })
    await using db = await openDatabase({
      url,
      clock: systemClock,
      random: systemRandom,
      onDue: (row) => wake(queue, row),
    })
    const homes = [await makeTenant(db), await makeTenant(db)]
    const ping = await openPing(queue)
    say('idle queue')
    const idleMs = await ping(size.pings)

    say(`${size.tasks} tasks, ${size.transactions} transactions, reads, pings`)
    const stop = new AbortController()
    const engine = runChild(ENGINE, { databaseUrl: url }, { signal: stop.signal }).catch(() => undefined)
    const startedMs = performance.now()
    const taskIds = await Promise.all(
      Array.from({ length: size.tasks }, async (_, place) => {
        const home = homes[place % 2] ?? homes[0]
        const { taskId } = await submitTask(
          { db, clock: systemClock, world: 'sandbox' },
          home?.tenantId ?? '',
          {
            brandId: home?.brandId ?? '',
            message: 'one three\nfive',
          },
        )
        return { taskId, tenantId: home?.tenantId ?? '' }
      }),
    )
    const input: TransactionsInput = {
      databaseUrl: url,
      tenants: homes.map((home) => home.tenantId),
      transactions: size.transactions,
    }
    const reading = new AbortController()
    const reads = readAll(db, homes, reading.signal)
    const [busyMs, done] = await Promise.all([
      ping(size.pings),
      runChild<TransactionsResult>(TRANSACTIONS, input),
      waitForTasks(db, taskIds),
    ])
    const wallMs = performance.now() - startedMs
    reading.abort()
    const read = await reads
    const memory = memoryOf(listFamily(server.serverPid))
    stop.abort()
    await engine
    assertWhole(done, read, size.transactions)
    await assertEvents(db, homes)
    return toFigures({ ...size, idleMs, busyMs, wallMs, done, read, pssMb: memory.pssMb })
  },
}

interface Reads {
  count: number
  foreign: number
}

interface Outcome {
  readonly tasks: number
  readonly idleMs: number[]
  readonly busyMs: number[]
  readonly wallMs: number
  readonly done: TransactionsResult
  readonly read: Reads
  readonly pssMb: number
}

function toFigures({ tasks, idleMs, busyMs, wallMs, done, read, pssMb }: Outcome): Figure[] {
  const aim = { what: 'aim', value: IDLE_P95_MS }
  const bare = percentile(done.bareMs, 0.5)
  return [
    { what: 'errors', value: done.errors, unit: 'of all' },
    { what: 'foreign rows seen', value: done.foreign + read.foreign, unit: 'of all' },
    {
      what: `transactions of two tenants (${done.ms.length})`,
      value: (done.ms.length * 1_000) / done.wallMs,
      unit: '/s',
    },
    {
      what: 'one transaction with its event, p50, under load',
      value: percentile(done.ms, 0.5),
      unit: 'ms',
      against: { what: 'the same insert by postgres.js alone, under the same load', value: bare },
    },
    { what: 'one transaction with its event, p95, under load', value: percentile(done.ms, 0.95), unit: 'ms' },
    {
      what: `tasks of two dependent steps (${tasks}), with all the rest`,
      value: wallMs / tasks,
      unit: 'ms/task',
    },
    { what: 'reads beside it', value: (read.count * 1_000) / wallMs, unit: '/s' },
    { what: 'add to process, idle, p50', value: percentile(idleMs, 0.5), unit: 'ms', against: aim },
    { what: 'add to process, idle, p95', value: percentile(idleMs, 0.95), unit: 'ms', against: aim },
    { what: 'add to process, under load, p50', value: percentile(busyMs, 0.5), unit: 'ms', against: aim },
    { what: 'add to process, under load, p95', value: percentile(busyMs, 0.95), unit: 'ms', against: aim },
    { what: "database's processes at the end, PSS", value: pssMb, unit: 'MB' },
  ]
}

function assertWhole(done: TransactionsResult, read: Reads, wanted: number): void {
  const foreign = done.foreign + read.foreign
  if (done.errors > 0) throw new Error(`${done.errors} transactions failed: ${done.firstError}`)
  if (foreign > 0) throw new Error(`${foreign} rows of another tenant were seen`)
  if (done.ms.length !== wanted) throw new Error(`${done.ms.length} transactions were done, not ${wanted}`)
}

/** Sequences without a gap: no event was lost or numbered twice. */
async function assertEvents(db: Database, homes: readonly { tenantId: string }[]): Promise<void> {
  for (const { tenantId } of homes) {
    const [row] = await db.tenant(tenantId, (tx) =>
      tx.db.execute(sql`select count(*)::int as count, max(seq)::int as last from event`),
    )
    if (row?.count !== row?.last) throw new Error(`the stream has ${row?.count} events up to ${row?.last}`)
  }
}

/** Everything as one tenant after the other, without naming it: what it sees of another is counted. */
async function readAll(
  db: Database,
  homes: readonly { tenantId: string }[],
  signal: AbortSignal,
): Promise<Reads> {
  const reads: Reads = { count: 0, foreign: 0 }
  while (!signal.aborted) {
    for (const { tenantId } of homes) {
      const [row] = await db.tenant(tenantId, (tx) =>
        tx.db.execute(sql`
          select (select count(*) from event where tenant_id <> ${tenantId})
               + (select count(*) from run where tenant_id <> ${tenantId})
               + (select count(*) from tool_call where tenant_id <> ${tenantId})
               + (select count(*) from checkpoints.checkpoints where tenant_id <> ${tenantId}) as foreign_rows`),
      )
      reads.count += 1
      reads.foreign += Number(row?.foreign_rows ?? 1)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return reads
}

const waitForTasks = (db: Database, tasks: readonly { taskId: string; tenantId: string }[]): Promise<void> =>
  Promise.all(
    tasks.map(({ taskId, tenantId }) =>
      eventually(
        async () => {
          const row = await db.tenant(tenantId, (tx) => findRun(tx, taskId))
          if (row?.status === 'error') throw new Error(`task ${taskId} failed: ${JSON.stringify(row.error)}`)
          return row?.status === 'success'
        },
        { withinMs: 10 * 60_000, everyMs: 500 },
      ),
    ),
  ).then(() => undefined)

type PingQueue = Awaited<ReturnType<typeof openQueue>>

/** Adds one job at a time and waits until it ran; between two, the worker waits again. */
async function openPing(queue: PingQueue): Promise<(count: number) => Promise<number[]>> {
  const arrived = new EventTarget()
  await queue.work(['cache/ping'], async ({ id }) => void arrived.dispatchEvent(new Event(id)), {
    concurrency: 1,
  })
  const tenantId = newId()
  return async (count) => {
    const ms: number[] = []
    for (let place = 0; place < count; place += 1) {
      const id = newId()
      const seen = new Promise((resolve) => arrived.addEventListener(id, resolve, { once: true }))
      const startedMs = performance.now()
      await queue.add({ kind: 'cache/ping', tenantId, id })
      await seen
      ms.push(performance.now() - startedMs)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return ms
  }
}
