/** Progress as events: at most one a step of 5 % or a second, so that a long render does not flood the stream. */
import type { RunRow } from '../../db/queries/runs.ts'
import type { ToolRequest } from '../../graphs/ports.ts'
import { SECOND } from '../core/clock.ts'
import type { HeldRun } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'

const STEP = 0.05

export function openProgress(ports: RunPorts, row: RunRow, request: ToolRequest, held: HeldRun) {
  let shown = -1
  let shownAtMs = Number.NEGATIVE_INFINITY
  let label = ''
  return (fraction: number, what: string): void => {
    const nowMs = ports.clock.elapsedMs()
    const isWorthwhile =
      what !== label || fraction >= 1 || (fraction - shown >= STEP && nowMs - shownAtMs >= SECOND / 4)
    if (!isWorthwhile || held.signal.aborted || (fraction === shown && what === label)) return
    shown = fraction
    shownAtMs = nowMs
    label = what
    // Progress is a courtesy: a failed write of it must never fail the work.
    void ports.db
      .leased(held.lease, async (tx) => {
        tx.emit({
          type: 'tool.progress',
          brandId: row.brandId,
          taskId: row.taskId,
          runId: row.id,
          stepId: row.stepId,
          agent: row.agent,
          payload: { tool: request.name, toolCallId: request.id, fraction, what },
        })
      })
      .catch((error) => ports.log.warn({ err: error }, 'progress was not written'))
  }
}
