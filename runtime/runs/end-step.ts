/** A step's end: its row, its run, one line for people, and its task woken, all in one transaction. */
import { moveStep, type RunRow, updateRun } from '../../db/queries/runs.ts'
import type { Tx } from '../../db/tx.ts'
import type { Trust } from '../core/trust.ts'
import type { RunPorts } from './run-ports.ts'

export interface StepEnd {
  status: 'done' | 'failed'
  outcome: string
  report?: unknown
  headline?: string
  trust?: Trust
  error?: { code: string; message: string }
  by?: string[]
  degraded?: string[]
}

export async function endStep(tx: Tx, ports: RunPorts, row: RunRow, end: StepEnd): Promise<void> {
  const now = ports.clock.now()
  const stepId = row.stepId ?? ''
  const headline = end.headline ?? end.error?.message ?? end.outcome
  await moveStep(tx, stepId, 'released', {
    status: end.status,
    report: end.report ?? null,
    headline,
    error: end.error ?? null,
    endedAt: now,
    ...(end.trust === undefined ? {} : { trust: end.trust }),
  })
  await updateRun(tx, row.id, {
    status: end.status === 'done' ? 'success' : 'error',
    outcome: end.outcome,
    phase: 'ended',
    output: end.report ?? null,
    error: end.error ?? null,
    endedAt: now,
    leaseUntil: null,
  })
  tx.emit({
    type: end.status === 'done' ? 'step.finished' : 'step.failed',
    brandId: row.brandId,
    taskId: row.taskId,
    runId: row.id,
    stepId,
    subjectId: stepId,
    agent: row.agent,
    trust: end.trust ?? 2,
    payload: {
      headline,
      outcome: end.outcome,
      error: end.error ?? null,
      by: end.by ?? [],
      degraded: end.degraded ?? [],
    },
  })
  tx.record({
    kind: 'step.ended',
    subjectId: stepId,
    body: { taskId: row.taskId, agent: row.agent, outcome: end.outcome, headline },
  })
  await tx.due('run', row.taskId, ports.world, now)
}
