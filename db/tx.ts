/** What a transaction offers; the vocabulary of every query. `db/transaction.ts` is the only maker. */
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type * as schema from './schema/index.ts'

type Drizzle = Pick<
  PostgresJsDatabase<typeof schema>,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | 'query'
>

export interface Lease {
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
}

export interface Tx {
  readonly db: Drizzle
  readonly tenantId: string
  /** Appended to the tenant's stream when the work is done; seen by nobody if it fails. */
  emit(event: NewEvent): void
  /** Chained into the tenant's ledger when the work is done. */
  record(entry: NewLedgerEntry): void
  /** Puts or moves what must happen at a business time; one row per (kind, id). */
  due(kind: string, id: string, world: string, dueAt: string): Promise<void>
  settleDue(kind: string, id: string): Promise<void>
  /** Runs once the commit is certain; its failure is logged, never thrown at the caller. */
  afterCommit(work: () => Promise<void> | void): void
}

export interface NewEvent {
  type: string
  brandId?: string | null
  taskId?: string | null
  runId?: string | null
  stepId?: string | null
  agent?: string | null
  /** The row it is about (intent, publication, approval, asset, …). */
  subjectId?: string | null
  /** 2 when absent. */
  trust?: number
  payload: Record<string, unknown>
}

export interface NewLedgerEntry {
  kind: string
  subjectId?: string | null
  body: Record<string, unknown>
}
