/**
 * Cancelling: the rows say so at once, running work is told by its next heartbeat (an event makes that immediate), and
 * acts that have not armed yet are withdrawn. What is already on its way outside is not undone by this.
 */
import { and, eq, inArray } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { findPendingTask, findRun, isEnded } from '../../db/queries/runs.ts'
import { run, step } from '../../db/schema/runs.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../core/clock.ts'
import type { World } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'

export interface CancelPorts {
  readonly db: Database
  readonly clock: Clock
  readonly world: World
  /** Withdraws the task's acts that have not armed; bound to runtime/effects. */
  readonly cancelActs: (tx: Tx, taskId: string, reason: string) => Promise<void>
}

/** Ends a task. One that ended already stays as it is. Throws `not-found`. */
export async function cancelTask(
  ports: CancelPorts,
  tenantId: string,
  taskId: string,
  reason: string,
): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    const task = await findRun(tx, taskId)
    if (task?.kind !== 'task') throw new StakazoError('not-found', `there is no task ${taskId}`)
    if (isEnded(task.status)) return
    const now = ports.clock.now()
    const error = { code: 'cancelled', message: reason }
    await tx.db
      .update(run)
      .set({
        status: 'error',
        outcome: 'cancelled',
        phase: 'ended',
        cancelReason: reason,
        endedAt: now,
        error,
      })
      .where(
        and(
          eq(run.tenantId, tenantId),
          eq(run.taskId, taskId),
          inArray(run.status, ['pending', 'running', 'interrupted']),
        ),
      )
    await tx.db
      .update(step)
      .set({ status: 'skipped', error, endedAt: now })
      .where(
        and(
          eq(step.tenantId, tenantId),
          eq(step.taskId, taskId),
          inArray(step.status, ['planned', 'released']),
        ),
      )
    await ports.cancelActs(tx, taskId, reason)
    tx.emit({
      type: 'task.cancelled',
      brandId: task.brandId,
      taskId,
      runId: taskId,
      subjectId: taskId,
      payload: { reason },
    })
    tx.record({ kind: 'task.cancelled', subjectId: taskId, body: { taskId, reason } })
    const next = await findPendingTask(tx, task.threadId)
    if (next) await tx.due('run', next.id, ports.world, now)
  })
}
