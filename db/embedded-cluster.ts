import { existsSync } from 'node:fs'
import { chmod, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StakazoError } from '../runtime/core/errors.ts'
import type { EmbeddedBinaries } from './embedded-binaries.ts'
import { failureOf } from './embedded-failure.ts'
import type { EmbeddedLog } from './embedded-log.ts'
import { giveTo, type Privileges } from './embedded-privileges.ts'
import { isAlive } from './embedded-process.ts'
import { runProgram } from './run-program.ts'

/** The one this code was written for; binaries of another major version cannot read the files. */
const MAJOR_VERSION = '18'

const INITDB_OPTIONS = [
  '--username=postgres',
  // The socket's directory (mode 700) is the wall: who passes it could read the files anyway.
  '--auth=trust',
  '--encoding=UTF8',
  // The built-in provider sorts alike on every machine; libc's order changes with its version and spoils indexes.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--no-instructions',
]

export interface ClusterMaking {
  readonly clusterDir: string
  readonly binaries: EmbeddedBinaries
  readonly privileges: Privileges
  readonly log: EmbeddedLog
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the cluster unless it is there. It is made elsewhere and renamed into place, so that a kill at any moment
 * leaves either none or a whole one; of two makers the second finds the place taken and throws its own away.
 */
export async function makeClusterOnce(making: ClusterMaking): Promise<void> {
  const { clusterDir, binaries, privileges, log, signal } = making
  await removeAbandoned(clusterDir)
  if (isWhole(clusterDir)) {
    await assertVersion(clusterDir)
    await giveTo(clusterDir, privileges.owner)
    return
  }
  const fresh = await mkdtemp(`${clusterDir}.new-${process.pid}-`)
  try {
    await giveTo(fresh, privileges.owner)
    const command = [...privileges.prefix, binaries.initdb, `--pgdata=${fresh}`, ...INITDB_OPTIONS]
    const { code, output } = await runProgram(command, { as: privileges.as, signal })
    signal?.throwIfAborted()
    if (code !== 0) throw failureOf('making the embedded database failed', output)
    await chmod(fresh, 0o700)
    await moveIntoPlace(fresh, clusterDir, log)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

/** initdb writes this file last but for its syncing; without it no server can start. */
const isWhole = (clusterDir: string) => existsSync(join(clusterDir, 'global', 'pg_control'))

async function assertVersion(clusterDir: string): Promise<void> {
  const version = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim()
  if (version === MAJOR_VERSION) return
  const message = `${clusterDir} was written by PostgreSQL ${version}; this version carries PostgreSQL ${MAJOR_VERSION}`
  throw new StakazoError('database-version', message, {
    details: { found: version, expected: MAJOR_VERSION },
  })
}

async function moveIntoPlace(fresh: string, clusterDir: string, log: EmbeddedLog): Promise<void> {
  try {
    await rename(fresh, clusterDir)
  } catch (error) {
    if (!isTaken(error)) throw failureOf('the new embedded database could not be moved into place', error)
    if (isWhole(clusterDir)) return
    // Not ours: we never leave a half-made directory there. Somebody may want what it holds, so it is kept.
    const aside = await mkdtemp(`${clusterDir}.set-aside-`)
    await rename(clusterDir, aside)
    log.warn({ aside }, 'the database directory was incomplete and has been set aside')
    await rename(fresh, clusterDir)
  }
  await syncDirectory(dirname(clusterDir))
}

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')

/** A rename is durable once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What makers that were killed left behind; a living maker's pid stands in its directory's name. */
async function removeAbandoned(clusterDir: string): Promise<void> {
  const parent = dirname(clusterDir)
  for (const entry of await readdir(parent)) {
    const pid = /\.new-(\d+)-[^-]+$/.exec(entry)?.[1]
    const isOurs = pid !== undefined && join(parent, entry).startsWith(`${clusterDir}.new-`)
    if (!isOurs || isAlive(Number(pid))) continue
    // An initdb that outlived its maker may still write here; then the next start removes it.
    await rm(join(parent, entry), { recursive: true, force: true }).catch(() => undefined)
  }
}
