/** The three ways to stand (DESIGN section 9), told apart here and nowhere else. */
import { AsyncDisposableStack } from '@whatwg-node/disposablestack'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../db/embedded.ts'
import { type Database, migrateDatabase, openDatabase } from '../db/open.ts'
import type { Resolved } from './config/config.ts'
import { type Clock, SECOND } from './core/clock.ts'
import type { Queue } from './core/ports/queue.ts'
import type { Random } from './core/random.ts'
import { type LedgerWitness, openLedgerWitness } from './ledger-witness.ts'
import type { Log } from './log.ts'
import { openQueue } from './queue/open-queue.ts'
import { migrateQueue } from './queue/postgres-backend.ts'
import { prepareCheckpoints } from './runs/checkpoints.ts'
import { wake } from './worker/due-worker.ts'

/** What `due` rows may ask for; each kind is a queue. */
export const DUE_KINDS = ['run', 'intent', 'approval', 'metrics', 'cycle', 'sweep'] as const
export type DueKind = (typeof DUE_KINDS)[number]

/** What is under way may end in this time; the rest goes back to the queue, well within the daemon's last resort. */
const QUEUE_PATIENCE_MS = 4 * SECOND

export interface Storage extends AsyncDisposable {
  readonly db: Database
  readonly queue: Queue
  readonly witness: LedgerWitness
  /** Undefined when the database is served. */
  readonly embedded: EmbeddedPostgres | undefined
}

export interface StoragePorts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** A worker that is silent for so long has lost its jobs, as it has lost its rows. */
  readonly leaseMs?: number
  readonly signal?: AbortSignal | undefined
}

/** Opens database and queue, brought up to date. Throws `database-unavailable` or `queue-unavailable`. */
export async function openStorage({ config, secrets }: Resolved, ports: StoragePorts): Promise<Storage> {
  const { clock, random, log, leaseMs, signal } = ports
  const served = secrets.databaseUrl?.reveal()
  await using opened = new AsyncDisposableStack()
  const embedded = served
    ? undefined
    : opened.use(
        await openEmbeddedPostgres({ dataDir: config.dataDir, log: log.child({ room: 'database' }), signal }),
      )
  const url = served ?? embedded?.url ?? ''
  await migrateDatabase(url)
  await prepareCheckpoints(url)
  const redisUrl = secrets.redisUrl?.reveal()
  if (!redisUrl) await migrateQueue(url)
  const queue = opened.use(
    await openQueue({
      databaseUrl: url,
      redisUrl,
      kinds: DUE_KINDS,
      patienceMs: QUEUE_PATIENCE_MS,
      log: log.child({ room: 'queue' }),
      ...(leaseMs === undefined ? {} : { lockMs: leaseMs }),
      clock,
    }),
  )
  const witness = await openLedgerWitness(config.dataDir)
  const db = opened.use(
    await openDatabase({
      url,
      clock,
      random,
      onLedgerHead: witness.write,
      onDue: (row) => (row.dueAt <= clock.now() ? wake(queue, row) : undefined),
      onLateFailure: (error) => log.warn({ err: error }, 'something after a commit failed'),
    }),
  )
  const stack = opened.move()
  return { db, queue, witness, embedded, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
