/** Runs, their leases and their steps. */
import { and, asc, desc, eq, isNull, ne, sql } from 'drizzle-orm'
import { run, step, thread, toolCall } from '../schema/runs.ts'
import type { Lease, Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

export type RunRow = typeof run.$inferSelect
export type StepRow = typeof step.$inferSelect
export type ThreadRow = typeof thread.$inferSelect

/** Statuses after which a run never moves again. */
const ENDED = ['success', 'error', 'timeout'] as const

export const isEnded = (status: string): boolean => (ENDED as readonly string[]).includes(status)

export const findRun = async (tx: Tx, id: string): Promise<RunRow | undefined> =>
  firstRow(
    await tx.db
      .select()
      .from(run)
      .where(and(eq(run.tenantId, tx.tenantId), eq(run.id, id))),
  )

export const findThread = async (tx: Tx, id: string): Promise<ThreadRow | undefined> =>
  firstRow(
    await tx.db
      .select()
      .from(thread)
      .where(and(eq(thread.tenantId, tx.tenantId), eq(thread.id, id))),
  )

/**
 * Takes a run over: raises its epoch, so that whoever had it can write nothing more. Undefined when it has ended.
 * The row lock orders two takers; the later one wins.
 */
export async function claimRun(
  tx: Tx,
  id: string,
  worker: string,
  leaseMs: number,
): Promise<RunRow | undefined> {
  return firstRow(
    await tx.db
      .update(run)
      .set({
        leaseEpoch: sql`${run.leaseEpoch} + 1`,
        leaseUntil: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
        worker,
      })
      .where(
        and(
          eq(run.tenantId, tx.tenantId),
          eq(run.id, id),
          sql`${run.status} not in ('success', 'error', 'timeout')`,
        ),
      )
      .returning(),
  )
}

/** Prolongs a lease; false when it was lost or the run was cancelled meanwhile. */
export async function holdRun(tx: Tx, lease: Lease, leaseMs: number): Promise<'held' | 'lost' | 'cancelled'> {
  const [row] = await tx.db
    .update(run)
    .set({ leaseUntil: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'` })
    .where(and(eq(run.tenantId, tx.tenantId), eq(run.id, lease.runId), eq(run.leaseEpoch, lease.epoch)))
    .returning({ cancelReason: run.cancelReason })
  return row ? (row.cancelReason ? 'cancelled' : 'held') : 'lost'
}

export async function updateRun(tx: Tx, id: string, change: Partial<typeof run.$inferInsert>): Promise<void> {
  await tx.db
    .update(run)
    .set(change)
    .where(and(eq(run.tenantId, tx.tenantId), eq(run.id, id)))
}

export const listSteps = (tx: Tx, taskId: string): Promise<StepRow[]> =>
  tx.db
    .select()
    .from(step)
    .where(and(eq(step.tenantId, tx.tenantId), eq(step.taskId, taskId)))
    .orderBy(asc(step.plan), asc(step.id))

/** Moves a step on only from the expected status; true when this call did it. */
export async function moveStep(
  tx: Tx,
  id: string,
  from: string,
  change: Partial<typeof step.$inferInsert>,
): Promise<boolean> {
  const moved = await tx.db
    .update(step)
    .set(change)
    .where(and(eq(step.tenantId, tx.tenantId), eq(step.id, id), eq(step.status, from)))
    .returning({ id: step.id })
  return moved.length > 0
}

/** Tasks of a thread, newest first. */
export const listThreadTasks = (tx: Tx, threadId: string, limit = 20): Promise<RunRow[]> =>
  tx.db
    .select()
    .from(run)
    .where(and(eq(run.tenantId, tx.tenantId), eq(run.threadId, threadId), eq(run.kind, 'task')))
    .orderBy(desc(run.createdAt), desc(run.id))
    .limit(limit)

/** The task that holds a thread: at work itself, not waiting for people or platforms. */
export const findBusyTask = async (tx: Tx, threadId: string, exceptId: string): Promise<RunRow | undefined> =>
  firstRow(
    await tx.db
      .select()
      .from(run)
      .where(
        and(
          eq(run.tenantId, tx.tenantId),
          eq(run.threadId, threadId),
          eq(run.kind, 'task'),
          eq(run.status, 'running'),
          ne(run.id, exceptId),
        ),
      )
      .limit(1),
  )

/** The next task of a thread that has not begun. */
export const findPendingTask = async (tx: Tx, threadId: string): Promise<RunRow | undefined> =>
  firstRow(
    await tx.db
      .select()
      .from(run)
      .where(
        and(
          eq(run.tenantId, tx.tenantId),
          eq(run.threadId, threadId),
          eq(run.kind, 'task'),
          eq(run.status, 'pending'),
        ),
      )
      .orderBy(asc(run.createdAt), asc(run.id))
      .limit(1),
  )

export async function findToolCall(tx: Tx, runId: string, toolCallId: string) {
  return firstRow(
    await tx.db
      .select()
      .from(toolCall)
      .where(
        and(
          eq(toolCall.tenantId, tx.tenantId),
          eq(toolCall.runId, runId),
          eq(toolCall.toolCallId, toolCallId),
        ),
      ),
  )
}

export async function startToolCall(
  tx: Tx,
  call: Omit<typeof toolCall.$inferInsert, 'tenantId'>,
): Promise<void> {
  await tx.db
    .insert(toolCall)
    .values({ tenantId: tx.tenantId, ...call })
    .onConflictDoNothing()
}

/** Stores the first outcome; a later one of a superseded worker changes nothing. */
export async function endToolCall(
  tx: Tx,
  key: { runId: string; toolCallId: string },
  end: { outcome: unknown; trust: number; endedAt: string },
): Promise<void> {
  await tx.db
    .update(toolCall)
    .set(end)
    .where(
      and(
        eq(toolCall.tenantId, tx.tenantId),
        eq(toolCall.runId, key.runId),
        eq(toolCall.toolCallId, key.toolCallId),
        isNull(toolCall.endedAt),
      ),
    )
}
