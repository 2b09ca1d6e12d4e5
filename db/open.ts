/**
 * Opens the one schema, embedded or served, and hands out transactions. Two roles: `stakazo_app` works inside one
 * tenant, `stakazo_system` sees only what is due.
 */
import { fileURLToPath } from 'node:url'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import pg from 'pg'
import postgres from 'postgres'
import { type Clock, SECOND } from '../runtime/core/clock.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import type { Random } from '../runtime/core/random.ts'
import { EVENTS_CHANNEL } from './queries/events.ts'
import type { LedgerHead } from './queries/ledger.ts'
import * as schema from './schema/index.ts'
import { splitSocketHost } from './socket-host.ts'
import { inTenant } from './transaction.ts'
import type { Lease, Tx } from './tx.ts'

export interface OpenDatabaseOptions {
  /** A served or an embedded server's URL. */
  readonly url: string
  readonly clock: Clock
  readonly random: Random
  readonly onLedgerHead?: (tenantId: string, head: LedgerHead) => Promise<void>
  readonly onDue?: (row: {
    tenantId: string
    kind: string
    id: string
    dueAt: string
  }) => Promise<void> | void
  readonly onLateFailure?: (error: unknown) => void
  readonly connections?: number
}

export interface Database extends AsyncDisposable {
  readonly url: string
  /** Work as one tenant. Throws `database-unavailable` when the server is gone; nothing was written then. */
  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same, only while the run's lease is held; throws `stale-lease` otherwise. */
  leased<T>(lease: Lease, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The `due` table across tenants, by `db/queries/due.ts`. */
  readonly system: PostgresJsDatabase
  /** node-postgres as `stakazo_app`, for the checkpointer. */
  readonly pool: pg.Pool
  /** Calls back with a tenant's id whenever events of it became visible; reconnects by itself. */
  onEvents(listener: (tenantId: string) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))
/** Any number, the same for everybody: two daemons starting at once migrate one after the other. */
const MIGRATION_LOCK = 7_382_251

/**
 * A process that is stopped inside a transaction (a debugger, a sleeping laptop, SIGSTOP) would keep its locks for ever
 * and everybody else waiting. Longer than a lease; no transaction of ours rests for even a second.
 */
const IDLE_TRANSACTION_MS = 20 * SECOND

const connect = (url: string, role: string | undefined, max: number) => {
  const socket = splitSocketHost(url)
  return postgres(socket.url, {
    ...(socket.host ? { host: socket.host } : {}),
    max,
    idle_timeout: 60,
    connect_timeout: 15,
    onnotice: () => undefined,
    connection: {
      application_name: 'stakazo',
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
      ...(role ? { role } : {}),
    },
  })
}

/** Brings the schema to this version. Forward only; safe to call from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const owner = connect(url, undefined, 1)
  try {
    await owner`select pg_advisory_lock(${MIGRATION_LOCK})`
    await migrate(drizzle(owner), { migrationsFolder: MIGRATIONS })
  } catch (cause) {
    throw new StakazoError(
      'database-unavailable',
      `the schema could not be brought up to date: ${(cause as Error).message}`,
      { cause },
    )
  } finally {
    await owner.end({ timeout: 5 })
  }
}

export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { url, clock, random, connections = 10 } = options
  const app = connect(url, 'stakazo_app', connections)
  const system = connect(url, 'stakazo_system', 2)
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    options: '-c role=stakazo_app',
    application_name: 'stakazo',
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  })
  // A connection that dies, idle or between two statements, fails its next use; without a listener it would end the process.
  const onLateFailure = options.onLateFailure ?? (() => undefined)
  pool.on('error', onLateFailure).on('connect', (client) => client.on('error', onLateFailure))
  const appDrizzle = drizzle(app, { schema })
  const ports = {
    clock,
    random,
    onLedgerHead: options.onLedgerHead ?? (async () => undefined),
    onDue: options.onDue ?? (() => undefined),
    onLateFailure,
  }
  const close = async () => {
    await Promise.all([app.end({ timeout: 5 }), system.end({ timeout: 5 }), pool.end()])
  }
  return {
    url,
    tenant: (tenantId, work) => inTenant(appDrizzle, ports, tenantId, work),
    leased: (lease, work) => inTenant(appDrizzle, ports, lease.tenantId, work, lease),
    system: drizzle(system),
    pool,
    onEvents: async (listener) => (await app.listen(EVENTS_CHANNEL, listener)).unlisten,
    close,
    [Symbol.asyncDispose]: close,
  }
}
