import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../runtime/core/clock.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import type { ClusterMaking } from './embedded-cluster.ts'
import { failureOf } from './embedded-failure.ts'
import { giveTo } from './embedded-privileges.ts'
import { readRecord } from './embedded-process.ts'
import { type Identity, PROGRAM_ENV, runProgram } from './run-program.ts'

/** sockaddr_un holds 108 bytes with the closing zero; macOS has 104. */
const SOCKET_PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103
const LOG_BYTES_MAX = 8 * 1024 * 1024
/** What `flock` answers when somebody else holds the lock. */
const LOCK_HELD = 75
const POLL_MS = 10

/** Small, quiet and durable. Given on the command line, so that they follow the code and not the age of the directory. */
const settings = (socketDir: string): Record<string, string | number> => ({
  listen_addresses: '',
  port: 5432,
  unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
  unix_socket_permissions: '0700',
  fsync: 'on',
  // Two daemons on one directory, each with its pools, and room for `psql`.
  max_connections: 100,
  shared_buffers: '32MB',
  // One machine, no replicas, small queries: no senders, no parallel workers, no compiler, no reading processes.
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '256MB',
  max_worker_processes: 0,
  max_logical_replication_workers: 0,
  max_parallel_workers_per_gather: 0,
  autovacuum_max_workers: 1,
  jit: 'off',
  io_method: 'sync',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  'stakazo.owner_pid': process.pid,
})

/**
 * Starts a server of its own session, which lives on when we are killed. `busy`: somebody else was first.
 * Two locks guard the directory: PostgreSQL's `postmaster.pid`, which trusts process numbers, and a lock of the kernel
 * on `postgres.lock` (where `flock` exists), held by the server itself, which holds between containers too.
 */
export async function startServer(making: ClusterMaking, isStale: boolean): Promise<'ready' | 'busy'> {
  const { clusterDir, signal } = making
  const logPath = `${clusterDir}.log`
  const { child, logStart } = await launch(making, isStale, logPath)
  try {
    while (true) {
      const end = endOf(child)
      if (end !== undefined) return await judgeEnd(end, logPath, logStart)
      const record = await readRecord(clusterDir)
      if (record?.pid === child.pid && record?.isReady) return 'ready'
      await systemClock.sleep(POLL_MS, signal)
    }
  } catch (error) {
    child.kill('SIGINT')
    throw error
  } finally {
    child.unref()
  }
}

interface Launched {
  readonly child: ChildProcess
  /** Where in the log this start begins. */
  readonly logStart: number
}

async function launch(making: ClusterMaking, isStale: boolean, logPath: string): Promise<Launched> {
  const { clusterDir, binaries, privileges } = making
  const socketDir = await makeSocketDir(clusterDir, privileges.owner)
  const options = Object.entries(settings(socketDir)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = [...privileges.prefix, binaries.postgres, '-D', clusterDir, ...options]
  const [file = '', ...args] = await underLock(server, making, isStale)
  const log = await open(logPath, (await sizeOf(logPath)) > LOG_BYTES_MAX ? 'w' : 'a', 0o600)
  try {
    const logStart = (await log.stat()).size
    const child = spawn(file, args, {
      detached: true,
      env: PROGRAM_ENV,
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      ...privileges.as,
    })
    child.once('error', (error) => making.log.warn({ error }, 'the embedded database could not be started'))
    return { child, logStart }
  } finally {
    await log.close()
  }
}

/** A stale `postmaster.pid` goes away inside the lock, where nobody can have started meanwhile. */
async function underLock(server: string[], making: ClusterMaking, isStale: boolean): Promise<string[]> {
  const pidFile = join(making.clusterDir, 'postmaster.pid')
  const lock = `${making.clusterDir}.lock`
  const handle = await open(lock, 'a', 0o600)
  await handle.close()
  await giveTo(lock, making.privileges.owner)
  const flock = ['flock', '--nonblock', `--conflict-exit-code=${LOCK_HELD}`, '--no-fork', lock]
  const { code } = await runProgram([...flock, 'true'], { as: making.privileges.as })
  const canLock = code === 0 || code === LOCK_HELD
  if (!isStale) return canLock ? [...flock, ...server] : server
  if (canLock) return [...flock, '/bin/sh', '-c', 'rm -f "$0"; exec "$@"', pidFile, ...server]
  await rm(pidFile, { force: true })
  return server
}

/** In the cluster itself where the path is short enough, else in a directory of ours among the temporary ones. */
async function makeSocketDir(clusterDir: string, owner: Identity | undefined): Promise<string> {
  if (socketBytes(clusterDir) <= SOCKET_PATH_BYTES_MAX) return clusterDir
  const uid = process.getuid?.() ?? 0
  const name = `stakazo-${uid}-${createHash('sha256').update(clusterDir).digest('hex').slice(0, 16)}`
  const base = socketBytes(join(tmpdir(), name)) <= SOCKET_PATH_BYTES_MAX ? tmpdir() : '/tmp'
  const directory = join(base, name)
  await mkdir(directory, { mode: 0o700, recursive: true })
  // Anybody can make names in /tmp: one that is not ours must not become the way to our database.
  const found = await lstat(directory)
  if (!found.isDirectory() || (found.uid !== uid && found.uid !== owner?.uid)) {
    throw new StakazoError('database-unavailable', `${directory} belongs to somebody else`)
  }
  await chmod(directory, 0o700)
  await giveTo(directory, owner)
  return directory
}

const socketBytes = (directory: string) => Buffer.byteLength(join(directory, '.s.PGSQL.5432'))

const sizeOf = (path: string) =>
  stat(path)
    .then((found) => found.size)
    .catch(() => 0)

type End = number | NodeJS.Signals | 'unstartable'

function endOf(child: ChildProcess): End | undefined {
  if (child.pid === undefined) return 'unstartable'
  return child.exitCode ?? child.signalCode ?? undefined
}

/** Lost races, and the moment after a crash while the dead server's children still hold its memory. */
const SOMEBODY_ELSE =
  /lock file "postmaster\.pid" already exists|pre-existing shared memory block|is another postmaster/i

async function judgeEnd(end: End, logPath: string, logStart: number): Promise<'busy'> {
  if (end === LOCK_HELD) return 'busy'
  const text = await readFrom(logPath, logStart)
  if (SOMEBODY_ELSE.test(text)) return 'busy'
  throw failureOf(`the embedded database ended at its start (${end})`, text || `see ${logPath}`)
}

async function readFrom(path: string, start: number): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const size = (await handle.stat()).size
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.max(size - start, 0)),
      0,
      size - start,
      start,
    )
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
