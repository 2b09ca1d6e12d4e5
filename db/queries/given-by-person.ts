import { and, eq, isNull } from 'drizzle-orm'
import { run } from '../schema/runs.ts'
import type { Tx } from '../tx.ts'

/** False for a task that a cycle started. */
export async function isGivenByPerson(tx: Tx, taskId: string): Promise<boolean> {
  const [row] = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(and(eq(run.tenantId, tx.tenantId), eq(run.id, taskId), eq(run.kind, 'task'), isNull(run.cycle)))
  return row !== undefined
}
