/** What `doctor` looks at, one finding after the other; a look that fails is a finding, never the end. */
import { mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { findEmbeddedPostgres } from '../../db/embedded.ts'
import { inspectDatabase } from '../../db/inspect.ts'
import { openMediaBinaries } from '../../tools/media/engine/binaries.ts'
import type { Resolved } from '../config/config.ts'
import { DOTS } from '../config/secret.ts'
import { fromUnknown } from '../core/errors.ts'
import { findDaemon } from '../daemon-files.ts'
import { inspectRedis } from '../queue/inspect-redis.ts'
import { findSandbox } from '../sandbox/launch.ts'
import { VERSION } from '../version.ts'

export interface Finding {
  what: string
  state: 'good' | 'fair' | 'bad'
  says: string
  advice?: string
}

const LOW_DISK_BYTES = 2 * 1024 ** 3
const FILTERS = ['loudnorm', 'ebur128', 'scale', 'crop', 'silencedetect'] as const

export async function* examine(resolved: Resolved & { warnings: string[] }): AsyncGenerator<Finding> {
  const { config } = resolved
  const where = config.agentsFile ?? 'no agents.yaml, defaults alone'
  yield { what: 'stakazo', state: 'good', says: `${VERSION}, ${config.mode}, ${where}` }
  yield { what: 'node', state: 'good', says: `${process.version} on ${process.platform}-${process.arch}` }
  for (const warning of resolved.warnings) yield { what: 'variable', state: 'fair', says: warning }
  for (const [what, look] of LOOKS) {
    try {
      yield { what, ...(await look(resolved)) }
    } catch (error) {
      const known = fromUnknown(error)
      yield { what, state: 'bad', says: `${known.code}: ${known.message}`, advice: known.row.hint }
    }
  }
}

type Look = (resolved: Resolved) => Promise<Omit<Finding, 'what'>>

const ffmpeg: Look = async ({ config }) => {
  const binaries = await openMediaBinaries(config.media)
  const missing = FILTERS.filter((filter) => !binaries.filters.has(filter))
  const says = binaries.describe().join('; ')
  if (missing.length === 0) return { state: 'good', says }
  const advice = 'Set FFMPEG_PATH and FFPROBE_PATH to a complete build.'
  return { state: 'bad', says: `${says}; it lacks ${missing.join(', ')}`, advice }
}

const database: Look = async ({ config, secrets }) => {
  const served = secrets.databaseUrl?.reveal()
  const embedded = served ? undefined : await findEmbeddedPostgres({ dataDir: config.dataDir })
  if (!served && !embedded) {
    return { state: 'good', says: `embedded, not running; starts with the daemon in ${config.dataDir}` }
  }
  const { version, hasVectors, isMigrated } = await inspectDatabase(served ?? embedded?.url ?? '')
  const vectors = hasVectors ? 'pgvector' : 'no pgvector: exact scan'
  return {
    state: isMigrated ? 'good' : 'fair',
    says: `${served ? 'served' : 'embedded, running'}, PostgreSQL ${version}, ${vectors}`,
    ...(isMigrated ? {} : { advice: 'It has no tables yet: `stakazo migrate` or `stakazo start`.' }),
  }
}

const queue: Look = async ({ secrets }) => {
  const redisUrl = secrets.redisUrl?.reveal()
  if (!redisUrl) return { state: 'good', says: 'in the database' }
  return { state: 'good', says: `Redis ${await inspectRedis(redisUrl)}` }
}

const disk: Look = async ({ config }) => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = bavail * bsize
  const says = `${(free / 1024 ** 3).toFixed(1)} GB free in ${config.dataDir}`
  return free < LOW_DISK_BYTES
    ? { state: 'fair', says, advice: 'Films need room; free some.' }
    : { state: 'good', says }
}

const sandbox: Look = async ({ config }) => {
  if (config.mode === 'live') return { state: 'good', says: 'not used in live mode' }
  const live = await findSandbox(join(config.dataDir, 'sandbox'))
  return { state: 'good', says: live ? `answers at ${live.url}` : 'not running; starts with the daemon' }
}

const keys: Look = async ({ config, secrets }) => {
  const known = Object.keys(secrets.providerKeys).map((provider) => `${provider} ${DOTS}`)
  const own = Object.keys(config.models.baseUrls).map((provider) => `${provider} at its own address`)
  const master = secrets.masterKey
    ? `STAKAZO_MASTER_KEY ${DOTS}`
    : `master key in ${join(config.dataDir, 'master.key')}`
  const models = [...known, ...own].join(', ') || 'no model key: playbooks answer'
  if (known.length > 0 && config.mode === 'sandbox') {
    return {
      state: 'fair',
      says: `${models}; ${master}`,
      advice: 'In sandbox mode nothing leaves this machine, so these keys rest until STAKAZO_MODE=live.',
    }
  }
  return { state: 'good', says: `${models}; ${master}` }
}

const daemon: Look = async ({ config }) => {
  const live = await findDaemon(config.dataDir)
  return { state: 'good', says: live ? `process ${live.process.pid} at ${live.url}` : 'not running' }
}

const port: Look = async ({ config }) => {
  const { host, port: wanted } = config.http
  if (await findDaemon(config.dataDir)) return { state: 'good', says: 'held by the daemon' }
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(wanted, host, () => probe.close(() => resolve(true)))
  })
  return isFree
    ? { state: 'good', says: `${host}:${wanted} is free` }
    : { state: 'bad', says: `${host}:${wanted} is taken by another program`, advice: 'Set STAKAZO_PORT.' }
}

const LOOKS: readonly (readonly [string, Look])[] = [
  ['ffmpeg', ffmpeg],
  ['database', database],
  ['queue', queue],
  ['disk', disk],
  ['sandbox', sandbox],
  ['keys', keys],
  ['daemon', daemon],
  ['port', port],
]
