/**
 * The only way to a row: a transaction that belongs to one tenant.
 *
 * Events and ledger rows are collected and written last, in one order (counter row, then rows), so that two transactions
 * never wait for each other crosswise and both sequences have no gap.
 */
import { sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Clock } from '../runtime/core/clock.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import type { Random } from '../runtime/core/random.ts'
import { putDue, settleDue } from './queries/due.ts'
import { appendEvents } from './queries/events.ts'
import { appendLedger, type LedgerHead } from './queries/ledger.ts'
import type * as schema from './schema/index.ts'
import type { Lease, NewEvent, NewLedgerEntry, Tx } from './tx.ts'

export type { Tx } from './tx.ts'

export interface TransactionPorts {
  readonly clock: Clock
  readonly random: Random
  /** Told of each new ledger head after its commit; keeps it outside the database. */
  readonly onLedgerHead: (tenantId: string, head: LedgerHead) => Promise<void>
  /** Told after the commit what became due by it, so that somebody is woken at once. */
  readonly onDue: (row: { tenantId: string; kind: string; id: string; dueAt: string }) => Promise<void> | void
  readonly onLateFailure: (error: unknown) => void
}

/** Runs `work` as `tenantId`, optionally only while `lease` is still held. Throws `stale-lease` when it is not. */
export async function inTenant<T>(
  drizzle: PostgresJsDatabase<typeof schema>,
  ports: TransactionPorts,
  tenantId: string,
  work: (tx: Tx) => Promise<T>,
  lease?: Lease,
): Promise<T> {
  const events: NewEvent[] = []
  const entries: NewLedgerEntry[] = []
  const late: (() => Promise<void> | void)[] = []
  const result = await drizzle
    .transaction(async (db) => {
      await db.execute(sql`select set_config('stakazo.tenant', ${tenantId}, true)`)
      if (lease) await db.execute(sql`select stakazo_assert_lease(${lease.runId}::uuid, ${lease.epoch}::int)`)
      const tx: Tx = {
        db,
        tenantId,
        emit: (event) => void events.push(event),
        record: (entry) => void entries.push(entry),
        due: async (kind, id, world, dueAt) => {
          await putDue(tx, { kind, id, world, dueAt })
          late.push(() => ports.onDue({ tenantId, kind, id, dueAt }))
        },
        settleDue: (kind, id) => settleDue(tx, kind, id),
        afterCommit: (again) => void late.push(again),
      }
      const value = await work(tx)
      await appendEvents(tx, events, ports.clock)
      const head = await appendLedger(tx, entries, ports)
      if (head) late.push(() => ports.onLedgerHead(tenantId, head))
      return value
    })
    .catch(translate)
  for (const again of late) await Promise.resolve().then(again).catch(ports.onLateFailure)
  return result
}

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  '57P01',
  '57P03',
  '25P03',
  '53300',
])

/** Postgres' own words become ours; drizzle wraps them, so the chain of causes is searched. */
function translate(error: unknown): never {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : ''
    if (code === 'SK001') throw new StakazoError('stale-lease', cause.message, { cause: error })
    if (UNAVAILABLE.has(code)) throw new StakazoError('database-unavailable', cause.message, { cause: error })
  }
  throw error
}
