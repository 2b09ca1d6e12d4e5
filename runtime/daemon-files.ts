/** What a daemon leaves in its data directory for the commands of the same machine. */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StakazoError } from './core/errors.ts'
import { newId } from './core/ids.ts'
import { identifyProcess, isSameProcess, ProcessIdentity } from './process-identity.ts'

const DaemonFile = z.object({
  process: ProcessIdentity,
  instance: z.string(),
  role: z.string(),
  url: z.string().nullable(),
  startedAt: z.string(),
})
export type DaemonFile = z.infer<typeof DaemonFile>

const OwnerFile = z.object({ tenantId: z.uuid(), key: z.string() })
export type OwnerFile = z.infer<typeof OwnerFile>

const daemonPath = (dataDir: string, role: string) =>
  join(dataDir, role === 'all' ? 'daemon.json' : `daemon-${role}.json`)
const ownerPath = (dataDir: string) => join(dataDir, 'owner.json')

export const DAEMON_ROLES = ['all', 'api', 'worker', 'scheduler'] as const
export type DaemonRole = (typeof DAEMON_ROLES)[number]

/** The living daemons of a directory; a file whose process is gone or another one counts as none. */
export async function listDaemons(dataDir: string): Promise<DaemonFile[]> {
  const files = await Promise.all(DAEMON_ROLES.map((role) => readJson(daemonPath(dataDir, role), DaemonFile)))
  return files.filter((file): file is DaemonFile => file !== undefined && isSameProcess(file.process))
}

/** The one with an API. */
export const findDaemon = async (dataDir: string): Promise<DaemonFile | undefined> =>
  (await listDaemons(dataDir)).find(({ url }) => url !== null)

/**
 * Claims a directory for a role before anything is opened: the file appears whole, by a link only one of many starters can
 * make. Throws `already-running`.
 */
export async function claimDataDir(
  dataDir: string,
  claim: Omit<DaemonFile, 'process' | 'url'>,
): Promise<void> {
  const path = daemonPath(dataDir, claim.role)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${path}.${claim.instance}`
  const file: DaemonFile = { ...claim, url: null, process: identifyProcess(process.pid) }
  await writeFile(draft, `${JSON.stringify(file)}\n`, { mode: 0o600 })
  try {
    while (!(await linkOnce(draft, path))) {
      await assertAlone(dataDir, claim.role)
      // Left by a process that is gone: out of the way, and try again.
      await rm(path, { force: true })
    }
    await assertAlone(dataDir, claim.role, claim.instance)
  } finally {
    await rm(draft, { force: true })
  }
}

async function linkOnce(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function assertAlone(dataDir: string, role: string, instance?: string): Promise<void> {
  const rival = (await listDaemons(dataDir)).find(
    (one) => one.instance !== instance && (one.role === role || one.role === 'all' || role === 'all'),
  )
  if (!rival) return
  if (instance) await removeDaemonFile(dataDir, role, instance)
  const where = rival.url ? ` at ${rival.url}` : ''
  const message = `process ${rival.process.pid} (role ${rival.role})${where} owns ${dataDir}`
  throw new StakazoError('already-running', message)
}

export async function writeDaemonFile(dataDir: string, file: Omit<DaemonFile, 'process'>): Promise<void> {
  await writeWhole(daemonPath(dataDir, file.role), { ...file, process: identifyProcess(process.pid) })
}

/** Removes the file only while it is this instance's. */
export async function removeDaemonFile(dataDir: string, role: string, instance: string): Promise<void> {
  const path = daemonPath(dataDir, role)
  if ((await readJson(path, DaemonFile))?.instance === instance) await rm(path, { force: true })
}

export const readOwner = (dataDir: string): Promise<OwnerFile | undefined> =>
  readJson(ownerPath(dataDir), OwnerFile)

/** The owner's key for commands on this machine, readable by nobody else. */
export const writeOwner = (dataDir: string, owner: OwnerFile): Promise<void> =>
  writeWhole(ownerPath(dataDir), owner)

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A reader sees the old file or the new one, never half of one. */
async function writeWhole(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${newId()}`
  await writeFile(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  await rename(draft, path)
}
