/** A task: the orchestrator graph, entered anew at each wake-up and resumed first where a crash left it. */

import { findBusyTask, type RunRow, updateRun } from '../../db/queries/runs.ts'
import { orchestrator } from '../../graphs/orchestrator.ts'
import { openCheckpoints, threadKey } from './checkpoints.ts'
import { openOrchestratorPorts } from './orchestrator-ports.ts'
import type { HeldRun } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'

/** A wake-up passes few nodes; a plan of many steps releases them in one superstep. */
const SUPERSTEPS_MAX = 60

export async function performTask(ports: RunPorts, row: RunRow, held: HeldRun): Promise<void> {
  if (row.status === 'pending' && !(await begin(ports, row, held))) return
  const graph = orchestrator(openOrchestratorPorts(ports, row, held)).compile({
    checkpointer: openCheckpoints(ports.db.pool, held.lease),
  })
  const config = {
    configurable: { thread_id: threadKey(row.tenantId, row.threadId, row.taskId) },
    durability: 'sync' as const,
    recursionLimit: SUPERSTEPS_MAX,
    signal: held.signal,
  }
  const before = await graph.getState(config)
  if (before.next.length > 0) await graph.invoke(null, config)
  // Entering is idempotent: everything it would do again is a conditional write.
  await graph.invoke({ ready: [] }, config)
}

/** One task at a time works on a thread; the others wait until it ends or waits itself. */
async function begin(ports: RunPorts, row: RunRow, held: HeldRun): Promise<boolean> {
  return ports.db.leased(held.lease, async (tx) => {
    if (await findBusyTask(tx, row.threadId, row.id)) return false
    await updateRun(tx, row.id, { status: 'running', phase: 'planning', startedAt: ports.clock.now() })
    tx.emit({
      type: 'task.started',
      brandId: row.brandId,
      taskId: row.id,
      runId: row.id,
      subjectId: row.id,
      agent: 'orchestrator',
      payload: {},
    })
    return true
  })
}
