import { and, desc, eq, sql } from 'drizzle-orm'
import type { Labelled, Trust } from '../../runtime/core/trust.ts'
import { run } from '../schema/runs.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

export interface ThreadTask {
  taskId: string
  message: string
  createdAt: string
}

/** Tasks of the conversation the current task belongs to; none without a task. */
export async function listThreadTasks(tx: Tx, scope: Scope): Promise<Labelled<ThreadTask>[]> {
  if (!scope.taskId) return []
  const current = tx.db
    .select({ threadId: run.threadId })
    .from(run)
    .where(and(eq(run.tenantId, tx.tenantId), eq(run.id, scope.taskId)))
  const rows = await tx.db
    .select({
      taskId: run.id,
      message: sql<string | null>`${run.input}->>'message'`,
      createdAt: run.createdAt,
      trust: run.trust,
    })
    .from(run)
    .where(
      and(
        eq(run.tenantId, tx.tenantId),
        eq(run.brandId, scope.brandId),
        eq(run.kind, 'task'),
        sql`${run.threadId} = (${current})`,
      ),
    )
    .orderBy(desc(run.createdAt), desc(run.id))
  return rows.map(({ trust, message, ...task }) => ({
    value: { ...task, message: message ?? '' },
    trust: trust as Trust,
  }))
}
