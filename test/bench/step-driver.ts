/** One foundation, one K, one process: time and processor per step, heap from job to job, then one metered job. */
import { withSql } from './bench-database.ts'
import { familyCpuMs } from './processes.ts'
import { answer, settledHeapBytes } from './run-child.ts'
import { slope } from './statistics.ts'
import { type Foundation, openJobs } from './step-runs.ts'
import type { Tally } from './step-team.ts'
import { openWireMeter } from './wire-meter.ts'

export interface StepInput {
  readonly foundation: Foundation
  readonly calls: number
  readonly jobs: number
  readonly warmUps: number
  /** Absent for the foundations that need none. */
  readonly database?: { readonly url: string; readonly serverPid: number }
}

export interface StepResult {
  /** Of this process, per tool call; a figure a job. */
  readonly cpuMicros: number[]
  readonly wallMs: number[]
  readonly heapBytesPerJob: number
  readonly startMs: number
  readonly maxRssMb: number
  /** Of the database's processes, per tool call. */
  readonly databaseCpuMicros: number
  readonly statements: number
  readonly transactions: number
  readonly wireBytes: number
  readonly walBytes: number
}

await answer(async ({ foundation, calls, jobs, warmUps, database }: StepInput): Promise<StepResult> => {
  const startMs = performance.now()
  const tally: Tally = { calls: 0 }
  const doOnce = async (perform: () => Promise<void>) => {
    tally.calls = 0
    await perform()
    if (tally.calls !== calls)
      throw new Error(`${foundation} ran its tool ${tally.calls} times, not ${calls}`)
  }
  const times = await (async () => {
    await using opened = await openJobs(foundation, database?.url ?? '', calls, tally)
    for (let warm = 0; warm < warmUps; warm += 1) await doOnce(await opened.prepare())
    const cpuMicros: number[] = []
    const wallMs: number[] = []
    const heap: number[] = []
    let databaseCpuMs = 0
    for (let job = 0; job < jobs; job += 1) {
      const perform = await opened.prepare()
      heap.push(settledHeapBytes())
      const serverBefore = database ? familyCpuMs(database.serverPid) : 0
      const before = process.cpuUsage()
      const startedMs = performance.now()
      await doOnce(perform)
      wallMs.push((performance.now() - startedMs) / calls)
      const { user, system } = process.cpuUsage(before)
      cpuMicros.push((user + system) / calls)
      databaseCpuMs += database ? familyCpuMs(database.serverPid) - serverBefore : 0
    }
    heap.push(settledHeapBytes())
    const databaseCpuMicros = (databaseCpuMs * 1_000) / (jobs * calls)
    return { cpuMicros, wallMs, heapBytesPerJob: slope(heap), databaseCpuMicros }
  })()
  const maxRssMb = process.resourceUsage().maxRSS / 1024
  const counts = database
    ? await meter(foundation, calls, database.url, tally, doOnce)
    : { statements: 0, transactions: 0, wireBytes: 0, walBytes: 0 }
  return { ...times, startMs, maxRssMb, ...counts }
})

/** One job through the meter, after one that prepares what is prepared once. */
async function meter(
  foundation: Foundation,
  calls: number,
  url: string,
  tally: Tally,
  doOnce: (perform: () => Promise<void>) => Promise<void>,
) {
  await using wire = await openWireMeter(url)
  await using opened = await openJobs(foundation, wire.url, calls, tally)
  await doOnce(await opened.prepare())
  const perform = await opened.prepare()
  const before = await readWal(url)
  wire.reset()
  await doOnce(perform)
  const { statements, transactions, bytesIn, bytesOut } = wire.count
  const after = await readWal(url)
  return {
    statements: statements / calls,
    transactions: transactions / calls,
    wireBytes: (bytesIn + bytesOut) / calls,
    walBytes: (after - before) / calls,
  }
}

function readWal(url: string): Promise<number> {
  return withSql(url, async (sql) => {
    const [row] = await sql<
      { bytes: number }[]
    >`select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes`
    return row?.bytes ?? 0
  })
}
