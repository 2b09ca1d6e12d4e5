/**
 * A fresh installation to break: its own directory and database, embedded with one daemon that does all, or served with
 * api, worker and scheduler apart, on a database and a corner of Redis of its own.
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { findEmbeddedPostgres, stopEmbeddedPostgres } from '../../db/embedded.ts'
import { type Database, openDatabase } from '../../db/open.ts'
import { type ApiClient, openApiClient } from '../../runtime/cli/api-client.ts'
import type { Environment } from '../../runtime/config/env.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { type DaemonRole, findDaemon, readOwner } from '../../runtime/daemon-files.ts'
import { ensureSandbox, stopSandbox } from '../../runtime/sandbox/launch.ts'
import { isServedPostgresUp, SERVED_URL } from '../support/postgres.ts'
import { isRedisUp, REDIS_URL } from '../support/redis.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { Fleet, type Member } from './fleet.ts'

export type Mode = 'embedded' | 'served'

export interface Installation extends AsyncDisposable {
  readonly mode: Mode
  readonly dataDir: string
  readonly fleet: Fleet
  readonly members: Readonly<Record<string, Member>>
  readonly tenantId: string
  readonly db: Database
  readonly sandboxUrl: string
  /** Of the daemon that has the API now. */
  client(): Promise<ApiClient>
}

const AGENTS_FILE = `
policy:
  autonomy: propose
  caps: { account: { hour: 50, day: 50 } }
store: { shared: true }
`

export const isServedUp = async (): Promise<boolean> => (await isServedPostgresUp()) && (await isRedisUp())

export async function openInstallation(mode: Mode): Promise<Installation> {
  await using opened = new AsyncDisposableStack()
  const directory = opened.use(temporaryDirectory(`faults-${mode}`))
  const dataDir = join(directory.path, 'data')
  const config = join(directory.path, 'agents.yaml')
  await writeFile(config, AGENTS_FILE)
  const servers = mode === 'served' ? opened.use(await openServers()) : undefined
  const environment = {
    STAKAZO_DATA: dataDir,
    STAKAZO_CONFIG: config,
    STAKAZO_MODE: 'sandbox',
    STAKAZO_STORE: join(dataDir, 'blobs'),
    STAKAZO_HOST: '127.0.0.1',
    STAKAZO_PORT: '0',
    STAKAZO_PUBLIC_URL: undefined,
    STAKAZO_ORIGINS: undefined,
    STAKAZO_MASTER_KEY: randomBytes(32).toString('hex'),
    DATABASE_URL: servers?.databaseUrl,
    REDIS_URL: servers?.redisUrl,
  } as Environment & { STAKAZO_DATA: string }
  opened.defer(async () => {
    await stopSandbox({ dataDir: join(dataDir, 'sandbox') })
    if (mode === 'embedded') await stopEmbeddedPostgres({ dataDir })
  })
  const { url: sandboxUrl } = await ensureSandbox({ dataDir: join(dataDir, 'sandbox') })
  const fleet = opened.use(new Fleet())
  const members = membersOf(mode, environment, dataDir, sandboxUrl)
  for (const name of mode === 'embedded' ? ['daemon'] : ['api', 'worker', 'scheduler']) {
    const member = members[name]
    if (member) await fleet.start(name, member)
  }
  const url = servers?.databaseUrl ?? (await findEmbeddedPostgres({ dataDir }))?.url ?? ''
  const db = opened.use(await openDatabase({ url, clock: systemClock, random: systemRandom, connections: 2 }))
  const owner = await readOwner(dataDir)
  if (!owner) throw new Error('the daemon left no owner key')
  const stack = opened.move()
  return {
    mode,
    dataDir,
    fleet,
    members,
    tenantId: owner.tenantId,
    db,
    sandboxUrl,
    async client() {
      const daemon = await findDaemon(dataDir)
      return openApiClient({ url: daemon?.url ?? 'http://127.0.0.1:9', key: owner.key })
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** `relief` is a second worker, on a directory of its own as on another machine. */
function membersOf(
  mode: Mode,
  environment: Member['environment'],
  dataDir: string,
  sandboxUrl: string,
): Record<string, Member> {
  if (mode === 'embedded') return { daemon: { role: 'all', environment } }
  const split = (role: DaemonRole): Member => ({ role, environment })
  const elsewhere = { ...environment, STAKAZO_DATA: `${dataDir}-relief` }
  return {
    api: split('api'),
    worker: split('worker'),
    scheduler: split('scheduler'),
    relief: { role: 'worker', environment: elsewhere, sandboxUrl },
  }
}

interface Servers extends AsyncDisposable {
  databaseUrl: string
  redisUrl: string
}

async function openServers(): Promise<Servers> {
  const name = `stakazo_faults_${randomBytes(6).toString('hex')}`
  const admin = postgres(SERVED_URL, { max: 1, onnotice: () => undefined })
  await admin.unsafe(`create database ${name}`)
  const redis = await claimRedis()
  const database = new URL(SERVED_URL)
  database.pathname = `/${name}`
  return {
    databaseUrl: database.href,
    redisUrl: redis.url,
    async [Symbol.asyncDispose]() {
      await redis[Symbol.asyncDispose]()
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end({ timeout: 5 })
    },
  }
}

/** A numbered database of Redis that was empty, marked as ours for as long as a round can last. */
async function claimRedis(): Promise<AsyncDisposable & { url: string }> {
  for (let number = 15; number > 0; number -= 1) {
    const redis = new Redis(REDIS_URL, { db: number, maxRetriesPerRequest: 1 })
    const isOurs = (await redis.dbsize()) === 0 && (await redis.set('stakazo-faults', '1', 'EX', 3_600, 'NX'))
    if (!isOurs) {
      await redis.quit()
      continue
    }
    const url = new URL(REDIS_URL)
    url.pathname = `/${number}`
    return {
      url: url.href,
      async [Symbol.asyncDispose]() {
        await redis.flushdb()
        await redis.quit()
      },
    }
  }
  throw new Error('no database of Redis between 1 and 15 is empty')
}
