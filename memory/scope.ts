import { and, eq, or, type SQL } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Lease, Tx } from '../db/tx.ts'
import type { Trust } from '../runtime/core/trust.ts'

/** For whom memory works; made by the composition root, never by a tool's argument. */
export interface MemoryScope {
  readonly tenantId: string
  readonly brandId: string
  readonly agent: string
  readonly taskId?: string | undefined
  readonly runId?: string | undefined
  /** With it every write first asserts that the run still belongs to this worker. */
  readonly lease?: Lease | undefined
  /** What the run has read so far. */
  readonly trust: () => Trust
}

/** Whose memories are asked: `brand` sees what is shared and what the agent kept to itself, `agent` the latter alone. */
export type Reach = 'brand' | 'agent'

interface Scoped {
  tenantId: AnyPgColumn
  brandId: AnyPgColumn
  scope: AnyPgColumn
  agent: AnyPgColumn
}

export function within(
  tx: Tx,
  table: Scoped,
  scope: Pick<MemoryScope, 'brandId' | 'agent'>,
  reach: Reach,
): SQL | undefined {
  const own = and(eq(table.scope, 'agent'), eq(table.agent, scope.agent))
  return and(
    eq(table.tenantId, tx.tenantId),
    eq(table.brandId, scope.brandId),
    reach === 'agent' ? own : or(eq(table.scope, 'brand'), own),
  )
}
