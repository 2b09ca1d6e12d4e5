/** Databases of the benchmark's own, gone afterwards. */
import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { openEmbeddedPostgres } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/open.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { migrateQueue } from '../../runtime/queue/postgres-backend.ts'
import { prepareCheckpoints } from '../../runtime/runs/checkpoints.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

export interface BenchServer extends AsyncDisposable {
  readonly serverPid: number
  /** A database of its own with the tables of this version. */
  newDatabase(): Promise<string>
}

export async function openBenchServer(): Promise<BenchServer> {
  const directory = temporaryDirectory('bench')
  const server = await openEmbeddedPostgres({ dataDir: directory.path, log: { info() {}, warn() {} } })
  // An interrupted run takes its server along; it would outlive us otherwise, as a daemon's should.
  const abandon = () => {
    process.kill(server.serverPid, 'SIGQUIT')
    directory[Symbol.dispose]()
  }
  process.once('exit', abandon)
  let made = 0
  return {
    serverPid: server.serverPid,
    async newDatabase() {
      made += 1
      const url = new URL(server.url)
      url.pathname = `/bench_${made}`
      await withSql(server.url, (sql) => sql.unsafe(`create database bench_${made}`))
      await migrateDatabase(url.href)
      await migrateQueue(url.href)
      await prepareCheckpoints(url.href)
      return url.href
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', abandon)
      await server.stop()
      directory[Symbol.dispose]()
    },
  }
}

const SERVED_URL = process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/postgres'

export const isServedUp = (): Promise<boolean> =>
  withSql(SERVED_URL, (sql) => sql`select 1`).then(
    () => true,
    () => false,
  )

/** An empty database on the served Postgres that the tests use. */
export async function newServedDatabase(): Promise<{ readonly url: string } & AsyncDisposable> {
  const name = `stakazo_bench_${randomBytes(4).toString('hex')}`
  await withSql(SERVED_URL, (sql) => sql.unsafe(`create database ${name}`))
  const url = new URL(SERVED_URL)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: () =>
      withSql(SERVED_URL, async (sql) => void (await sql.unsafe(`drop database ${name} with (force)`))),
  }
}

export async function withSql<T>(databaseUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const { url, ...socket } = splitSocketHost(databaseUrl)
  const sql = postgres(url, { ...socket, max: 1, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
