/** Ways a task ends or waits; each in the transaction of whoever says so. */
import { findPendingTask, type RunRow, updateRun } from '../../db/queries/runs.ts'
import type { Tx } from '../../db/tx.ts'
import type { RunPorts } from './run-ports.ts'

export interface TaskEnd {
  status: 'success' | 'error' | 'timeout'
  outcome: string
  output?: unknown
  error?: unknown
}

export async function endTask(tx: Tx, ports: RunPorts, task: RunRow, end: TaskEnd): Promise<void> {
  const now = ports.clock.now()
  await updateRun(tx, task.id, { ...end, phase: 'ended', endedAt: now, leaseUntil: null })
  tx.emit({
    type: end.status === 'success' ? 'task.answered' : 'task.failed',
    brandId: task.brandId,
    taskId: task.id,
    runId: task.id,
    subjectId: task.id,
    agent: 'orchestrator',
    payload: { outcome: end.outcome, output: end.output ?? null, error: end.error ?? null },
  })
  tx.record({
    kind: 'task.ended',
    subjectId: task.id,
    body: { taskId: task.id, outcome: end.outcome, error: end.error ?? null },
  })
  await wakeNextTask(tx, ports, task)
  tx.afterCommit(() => ports.onTaskEnded(task.tenantId, task.id))
}

/** A thread has one task at work; when it waits or ends the next one may begin. */
export async function wakeNextTask(tx: Tx, ports: RunPorts, task: RunRow): Promise<void> {
  const next = await findPendingTask(tx, task.threadId)
  if (next && next.id !== task.id) await tx.due('run', next.id, ports.world, ports.clock.now())
}
