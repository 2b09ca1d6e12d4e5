import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { runProgram } from './run-program.ts'

/** What a running server says of itself in `postmaster.pid`. */
export interface ServerRecord {
  readonly pid: number
  readonly socketDir: string
  readonly isReady: boolean
}

export interface RunningServer extends ServerRecord {
  /** The process that started it. */
  readonly ownerPid: number
}

export type ServerState =
  | { kind: 'running'; server: RunningServer }
  | { kind: 'busy'; server: ServerRecord }
  /** The file names a process that is no server of this directory: a number that was given out again. */
  | { kind: 'stale' }
  | { kind: 'none' }

/** Looks at the directory: who serves it, and does it answer? */
export async function examineServer(clusterDir: string): Promise<ServerState> {
  const record = await readRecord(clusterDir)
  if (!record) return { kind: 'none' }
  const ownerPid = record.isReady ? await askOwner(record.socketDir, clusterDir) : undefined
  if (ownerPid !== undefined) return { kind: 'running', server: { ...record, ownerPid } }
  if (await isServerOf(record.pid, clusterDir)) return { kind: 'busy', server: record }
  // A dead number PostgreSQL clears away itself; one that lives on as another program it would respect for ever.
  return { kind: isAlive(record.pid) ? 'stale' : 'none' }
}

export async function readRecord(clusterDir: string): Promise<ServerRecord | undefined> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => undefined)
  const [pid, , , , socketDir = '', , , status = ''] = text?.split('\n') ?? []
  // The file grows line by line while the server starts.
  if (!pid || !(Number(pid) > 0)) return undefined
  return { pid: Number(pid), socketDir, isReady: status.trim() === 'ready' }
}

/** A connection is the only proof: in another container the pid means nothing, the shared socket does. */
async function askOwner(socketDir: string, clusterDir: string): Promise<number | undefined> {
  const sql = postgres({
    host: socketDir,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    connection: { application_name: 'stakazo-find' },
  })
  try {
    const [row] = await sql<{ directory: string; owner: string | null }[]>`
      select current_setting('data_directory') as directory, current_setting('stakazo.owner_pid', true) as owner`
    return row?.directory === clusterDir ? Number(row.owner ?? 0) : undefined
  } catch {
    return undefined // not answering is an answer here; the caller looks at the process next
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** False too for a zombie, which has no command line any more. */
export async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const words = text.split('\0')
    return /(^|\/)postgres$/.test(words[0] ?? '') && words[words.indexOf('-D') + 1] === clusterDir
  }
  const { output } = await runProgram(['ps', '-o', 'command=', '-p', String(pid)])
  return output.includes(`postgres -D ${clusterDir}`)
}

/**
 * Servers of this directory that `postmaster.pid` does not name: somebody removed the files while a server left by a
 * killed daemon still ran. Within a minute it would notice, end, and take the new server's socket along.
 */
export async function listStrays(clusterDir: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const named = (await readRecord(clusterDir))?.pid
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const isStray = await Promise.all(pids.map((pid) => pid !== named && isServerOf(pid, clusterDir)))
  return pids.filter((_, place) => isStray[place])
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
