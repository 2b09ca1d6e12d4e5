/**
 * The sandbox's own durable store: one SQLite file, one process.
 *
 * The directory has one owner: `locking_mode=EXCLUSIVE` holds an operating-system lock that a kill -9 releases, so a
 * second start is refused without stale lock files. `synchronous=NORMAL` in WAL keeps every commit through the death of
 * this process (the log is in the page cache by then), which is the failure the witness must survive; FULL would add
 * an fsync a request and protect only against the machine losing power.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { StakazoError } from '../core/errors.ts'
import { SCHEMA } from './schema.ts'

export type Row = Record<string, null | number | bigint | string | NodeJS.NonSharedUint8Array>

export interface Store extends Disposable {
  readonly dataDir: string
  /** Where uploaded bytes of a container lie. */
  mediaPath(name: string): string
  /** A prepared statement, kept for the life of the store. */
  sql(text: string): StatementSync
  one(text: string, ...values: SQLInputValue[]): Row | undefined
  all(text: string, ...values: SQLInputValue[]): Row[]
  run(text: string, ...values: SQLInputValue[]): number
  /** Commits when `work` returns, rolls back when it throws; nests by joining the outer transaction. */
  transaction<T>(work: () => T): T
  /** The next number of a named sequence, starting at 1. */
  nextNumber(sequence: string): number
  readMeta(key: string): unknown
  writeMeta(key: string, value: unknown): void
}

const SQLITE_BUSY = 5
const LOCK_WAIT_MS = 1_000

export function openStore(dataDir: string): Store {
  mkdirSync(join(dataDir, 'media'), { recursive: true, mode: 0o700 })
  const db = openDatabase(dataDir)
  const statements = new Map<string, StatementSync>()
  const sql = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const fresh = db.prepare(text)
    statements.set(text, fresh)
    return fresh
  }
  const store: Store = {
    dataDir,
    mediaPath: (name) => join(dataDir, 'media', name),
    sql,
    one: (text, ...values) => sql(text).get(...values),
    all: (text, ...values) => sql(text).all(...values),
    run: (text, ...values) => Number(sql(text).run(...values).changes),
    transaction: (work) => runTransaction(db, work),
    nextNumber: (sequence) =>
      Number(
        sql(
          'INSERT INTO sequence (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
        ).get(sequence)?.value,
      ),
    readMeta: (key) => {
      const found = sql('SELECT value FROM meta WHERE key = ?').get(key)
      return found ? JSON.parse(String(found.value)) : undefined
    },
    writeMeta: (key, value) => {
      sql(
        'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ).run(key, JSON.stringify(value))
    },
    [Symbol.dispose]: () => db.close(),
  }
  return store
}

function openDatabase(dataDir: string): DatabaseSync {
  // two starters at once hold each other's upgrade up for an instant: without a wait both would be refused
  const db = new DatabaseSync(join(dataDir, 'sandbox.db'), { timeout: LOCK_WAIT_MS })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    db.exec('BEGIN EXCLUSIVE')
    db.exec(SCHEMA)
    db.exec('COMMIT')
    return db
  } catch (cause) {
    db.close()
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY) {
      throw new StakazoError('already-running', `another sandbox owns ${dataDir}`, { cause })
    }
    throw new StakazoError('storage-unavailable', `the sandbox cannot open its store in ${dataDir}`, {
      cause,
    })
  }
}

function runTransaction<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work()
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
