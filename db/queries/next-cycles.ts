import { and, asc, count, eq, inArray } from 'drizzle-orm'
import { due } from '../schema/record.ts'
import { run } from '../schema/runs.ts'
import type { Tx } from '../transaction.ts'

export interface NextCycle {
  cycle: string
  brandId: string
  dueAt: string
}

/** What will start itself, soonest first. The row's id is `<brand>/<cycle>`. */
export async function listNextCycles(tx: Tx, limit = 20): Promise<NextCycle[]> {
  const rows = await tx.db
    .select({ id: due.id, dueAt: due.dueAt })
    .from(due)
    .where(and(eq(due.tenantId, tx.tenantId), eq(due.kind, 'cycle')))
    .orderBy(asc(due.dueAt))
    .limit(limit)
  return rows.map(({ id, dueAt }) => {
    const [brandId = '', cycle = ''] = id.split('/')
    return { brandId, cycle, dueAt }
  })
}

/** Runs at work by agent. */
export async function countActiveAgents(tx: Tx): Promise<Record<string, number>> {
  const rows = await tx.db
    .select({ agent: run.agent, n: count() })
    .from(run)
    .where(and(eq(run.tenantId, tx.tenantId), inArray(run.status, ['pending', 'running'])))
    .groupBy(run.agent)
  return Object.fromEntries(rows.map(({ agent, n }) => [agent, n]))
}
