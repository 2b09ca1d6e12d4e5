/** A task as the API shows it: LangGraph's words for the run, ours for the outcome. */
import { z } from 'zod'
import type { RunRow } from '../../db/queries/runs.ts'
import { listStepSummaries, readTask, sumCost } from '../../db/queries/tasks-view.ts'
import type { Tx } from '../../db/transaction.ts'

const Failure = z.object({ code: z.string(), message: z.string() })

export const TaskSummary = z
  .object({
    id: z.uuid(),
    threadId: z.uuid(),
    brandId: z.uuid(),
    message: z.string(),
    agent: z.string(),
    cycle: z.string().nullable(),
    status: z.enum(['pending', 'running', 'success', 'error', 'timeout', 'interrupted']),
    outcome: z
      .string()
      .nullable()
      .describe('done, partial, refused, over-budget, needs-more-steps, cancelled, …'),
    phase: z.string().describe('planning, working, waiting, …'),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'TaskSummary' })

const Step = z.object({
  id: z.uuid(),
  key: z.string(),
  plan: z.int(),
  agent: z.string(),
  status: z.string(),
  needs: z.array(z.string()),
  headline: z.string().nullable(),
  report: z.unknown(),
  error: z.unknown(),
  endedAt: z.string().nullable(),
})

export const Task = TaskSummary.extend({
  attachments: z.array(z.string()),
  answer: z.unknown().describe('What is handed back when the task ended'),
  error: Failure.nullable(),
  steps: z.array(Step),
  costMicros: z.int(),
  currency: z.string(),
}).meta({ id: 'Task' })

const Input = z.object({
  message: z.string().catch(''),
  attachments: z.array(z.string()).catch([]),
  agent: z.string().nullable().catch(null),
})

export function toTaskSummary(row: RunRow): z.input<typeof TaskSummary> {
  const input = Input.parse(row.input)
  return {
    id: row.id,
    threadId: row.threadId,
    brandId: row.brandId,
    message: input.message,
    agent: input.agent ?? row.agent,
    cycle: row.cycle,
    status: row.status as z.input<typeof TaskSummary>['status'],
    outcome: row.outcome,
    phase: row.phase,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }
}

/** Throws `not-found`. */
export async function readTaskView(tx: Tx, id: string): Promise<z.input<typeof Task>> {
  const row = await readTask(tx, id)
  const steps = await listStepSummaries(tx, id)
  return {
    ...toTaskSummary(row),
    attachments: Input.parse(row.input).attachments,
    answer: row.output,
    error: Failure.nullable().catch(null).parse(row.error),
    steps,
    costMicros: await sumCost(tx, id),
    currency: 'USD',
  }
}
