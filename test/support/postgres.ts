import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { openEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/open.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { migrateQueue } from '../../runtime/queue/postgres-backend.ts'

export const SERVED_URL = process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/postgres'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
}

export interface FreshDatabaseOptions {
  readonly on?: 'embedded' | 'served'
  /** With the tables of this version; copied from a template that the run's first asker makes. */
  readonly isMigrated?: boolean
}

/** A database of its own, on the run's embedded server unless said; gone with its scope. */
export async function freshDatabase({
  on = 'embedded',
  isMigrated = false,
}: FreshDatabaseOptions = {}): Promise<TestDatabase> {
  const admin = on === 'served' ? SERVED_URL : (await sharedEmbedded()).url
  const name = `${prefixOf(inject('testRun').id)}${randomBytes(4).toString('hex')}`
  await asAdmin(admin, async (sql) => {
    const template = isMigrated ? await makeTemplateOnce(sql, admin) : 'template1'
    await sql.unsafe(`create database ${name} template ${template}`)
  })
  return {
    url: databaseUrl(admin, name),
    [Symbol.asyncDispose]: () =>
      asAdmin(admin, async (sql) => void (await sql.unsafe(`drop database if exists ${name} with (force)`))),
  }
}

/** The run's embedded server: started by the first caller of any test file, joined by the others. */
export async function sharedEmbedded(): Promise<{ readonly url: string }> {
  return openEmbeddedPostgres({ dataDir: inject('testRun').dataDir, log: { info() {}, warn() {} } })
}

export async function isServedPostgresUp(): Promise<boolean> {
  return asAdmin(SERVED_URL, (sql) => sql`select 1`).then(
    () => true,
    () => false,
  )
}

/** What test files that were killed left on the served one; the embedded one goes as a whole. */
export async function dropRunDatabases(runId: string): Promise<void> {
  if (!(await isServedPostgresUp())) return
  await asAdmin(SERVED_URL, async (sql) => {
    const left = await sql<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${prefixOf(runId)})`
    for (const { name } of left) await sql.unsafe(`drop database if exists ${name} with (force)`)
  })
}

const prefixOf = (runId: string) => `stakazo_test_${runId}_`

function databaseUrl(admin: string, name: string): string {
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
}

/** Any number that nothing else locks. */
const TEMPLATE_LOCK = 4_711_003

async function makeTemplateOnce(sql: postgres.Sql, admin: string): Promise<string> {
  const name = `${prefixOf(inject('testRun').id)}template`
  await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${name}`
    if (existing) return name
    const draft = `${name}_draft`
    await sql.unsafe(`drop database if exists ${draft} with (force)`)
    await sql.unsafe(`create database ${draft}`)
    await migrateDatabase(databaseUrl(admin, draft))
    await migrateQueue(databaseUrl(admin, draft))
    await sql.unsafe(`alter database ${draft} rename to ${name}`)
    return name
  } finally {
    await sql`select pg_advisory_unlock(${TEMPLATE_LOCK})`
  }
}

async function asAdmin<T>(admin: string, work: (sql: postgres.Sql) => Promise<T>): Promise<Awaited<T>> {
  const { url, ...socket } = splitSocketHost(admin)
  const sql = postgres(url, { ...socket, max: 1, connect_timeout: 5, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
