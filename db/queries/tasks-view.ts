/** A task as people see it: the run, its steps, what it cost. */
import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import { event } from '../schema/record.ts'
import { cost, run, step } from '../schema/runs.ts'
import type { Tx } from '../transaction.ts'
import type { StoredEvent } from './events.ts'
import type { Page } from './pages.ts'
import type { RunRow } from './runs.ts'
import { existing } from './scope.ts'

export interface StepSummary {
  id: string
  key: string
  plan: number
  agent: string
  status: string
  needs: string[]
  headline: string | null
  report: unknown
  error: unknown
  endedAt: string | null
}

const isTask = (tx: Tx) => and(eq(run.tenantId, tx.tenantId), eq(run.kind, 'task'))

export async function pageTasks(
  tx: Tx,
  { limit, before }: Page,
  filter: { brandId?: string; threadId?: string; status?: string } = {},
): Promise<RunRow[]> {
  return await tx.db
    .select()
    .from(run)
    .where(
      and(
        isTask(tx),
        before ? lt(run.id, before) : undefined,
        filter.brandId ? eq(run.brandId, filter.brandId) : undefined,
        filter.threadId ? eq(run.threadId, filter.threadId) : undefined,
        filter.status ? eq(run.status, filter.status) : undefined,
      ),
    )
    .orderBy(desc(run.id))
    .limit(limit)
}

export async function readTask(tx: Tx, id: string): Promise<RunRow> {
  const [row] = await tx.db
    .select()
    .from(run)
    .where(and(isTask(tx), eq(run.id, id)))
  return existing(row, 'task', id)
}

export async function listStepSummaries(tx: Tx, taskId: string): Promise<StepSummary[]> {
  return await tx.db
    .select({
      id: step.id,
      key: step.key,
      plan: step.plan,
      agent: step.agent,
      status: step.status,
      needs: step.needs,
      headline: step.headline,
      report: step.report,
      error: step.error,
      endedAt: step.endedAt,
    })
    .from(step)
    .where(and(eq(step.tenantId, tx.tenantId), eq(step.taskId, taskId)))
    .orderBy(asc(step.plan), asc(step.id))
}

/** Settled and still reserved model cost of a task. */
export async function sumCost(tx: Tx, taskId: string): Promise<number> {
  const [row] = await tx.db
    .select({ micros: sql<string>`coalesce(sum(${cost.amountMicros}), 0)` })
    .from(cost)
    .where(and(eq(cost.tenantId, tx.tenantId), eq(cost.taskId, taskId), eq(cost.status, 'settled')))
  return Number(row?.micros ?? 0)
}

/** Events of one task by place, 1-based: the tenant's sequence has gaps for a single task, its places have none. */
export async function listTaskEvents(
  tx: Tx,
  taskId: string,
  from: { afterSeq: number } | { skip: number },
  limit = 200,
): Promise<StoredEvent[]> {
  const rows = tx.db
    .select()
    .from(event)
    .where(
      and(
        eq(event.tenantId, tx.tenantId),
        eq(event.taskId, taskId),
        'afterSeq' in from ? sql`${event.seq} > ${from.afterSeq}` : undefined,
      ),
    )
    .orderBy(asc(event.seq))
    .limit(limit)
  return await ('skip' in from ? rows.offset(from.skip) : rows)
}
