import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq'
import pg from 'pg'
import { StakazoError } from '../core/errors.ts'
import type { QueueBackend, QueueLog } from './backend.ts'

/** BullMQ's tables live beside ours, out of the application role's reach. */
const SCHEMA = 'bullmq'

/**
 * BullMQ on Postgres, woken by LISTEN/NOTIFY. One pool for all kinds instead of BullMQ's pool per queue and worker:
 * each worker keeps one connection for listening, the rest is shared.
 */
export async function openPostgresBackend(url: string, kinds: number, log: QueueLog): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: kinds + SHARED_CONNECTIONS,
    // BullMQ ignores its schema option where it is handed a pool; this says the same.
    options: `-c search_path=${SCHEMA}`,
    application_name: 'stakazo-queue',
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
  })
  // Each queue and worker of BullMQ listens to the pool they share.
  pool.setMaxListeners(0)
  // Without a listener, an idle connection that dies would end the process; the pool replaces it by itself.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a queue connection was lost'))
  try {
    await migrate(pool)
  } catch (cause) {
    await pool.end()
    throw new StakazoError(
      'queue-unavailable',
      `the queue's database does not answer: ${(cause as Error).message}`,
      { cause },
    )
  }
  return {
    openQueue: (kind, options) => new Queue(kind, { ...options, connection: pool }, createPostgresBackend),
    openWorker: (kind, processor, options) =>
      new Worker(kind, processor, { ...options, connection: pool }, createPostgresBackend),
    // BullMQ 6.7 can lose its LISTEN for good: a connection that dies between LISTEN and the wait leaves the worker
    // waiting on a dead one, marked as listening. Interrupting the wait makes it subscribe again.
    listenAnew: async ({ backend }) => {
      await backend.disconnectBlocking()
      await backend.reconnectBlocking()
    },
    idleSeconds: 60,
    close: () => pool.end(),
  }
}

const SHARED_CONNECTIONS = 4

/** Creates BullMQ's tables or brings them to this version; needs the right to create only when something is missing. */
export async function migrateQueue(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'stakazo-queue' })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    const version = await assertSchemaCompatibility(client, SCHEMA).catch(() => 0)
    if (version < LATEST_SCHEMA_VERSION) await runMigrations(client, SCHEMA)
  } finally {
    client.release()
  }
}
