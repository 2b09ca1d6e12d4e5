/**
 * What was asked and how it goes. A task is a run on a thread; each step of its plan is a run of its own on thread
 * `<thread>/<step>`. `lease_epoch` counts owners: whoever holds an older number can write nothing.
 */
import {
  bigint,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { cleanJson, instant, tenantId, tenantKey } from './columns.ts'
import { brand } from './tenancy.ts'

export const thread = pgTable(
  'thread',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    title: text('title').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.brandId], foreignColumns: [brand.tenantId, brand.id] }),
  ],
)

export const run = pgTable(
  'run',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    threadId: uuid('thread_id').notNull(),
    brandId: uuid('brand_id').notNull(),
    /** `task`: asked by somebody or a cycle. `step`: a role at work for a task. */
    kind: text('kind').notNull(),
    /** The task a step belongs to; a task names itself. */
    taskId: uuid('task_id').notNull(),
    stepId: uuid('step_id'),
    agent: text('agent').notNull(),
    cycle: text('cycle'),
    /** LangGraph server words: pending, running, success, error, timeout, interrupted. */
    status: text('status').notNull(),
    /** Ours beside it: done, partial, refused, over-budget, needs-more-steps, over-time, cancelled, failed. */
    outcome: text('outcome'),
    /** Where a running task stands: planning, working, waiting-approval, waiting-effects, answering. */
    phase: text('phase').notNull(),
    input: cleanJson<unknown>('input').notNull(),
    output: cleanJson<unknown>('output'),
    error: cleanJson<unknown>('error'),
    trust: smallint('trust').notNull(),
    priority: smallint('priority').notNull(),
    costMicros: bigint('cost_micros', { mode: 'number' }).notNull().default(0),
    leaseEpoch: integer('lease_epoch').notNull().default(0),
    leaseUntil: instant('lease_until'),
    worker: text('worker'),
    attempts: integer('attempts').notNull().default(0),
    cancelReason: text('cancel_reason'),
    createdAt: instant('created_at').notNull(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.threadId], foreignColumns: [thread.tenantId, thread.id] }),
    index('run_thread').on(t.tenantId, t.threadId, t.createdAt),
    index('run_task').on(t.tenantId, t.taskId),
    index('run_status').on(t.tenantId, t.status),
  ],
)

/** The plan as a stored DAG: a step is released when everything it needs is done. */
export const step = pgTable(
  'step',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    taskId: uuid('task_id').notNull(),
    /** The planner's own name for it, unique within the task and plan. */
    key: text('key').notNull(),
    plan: integer('plan').notNull(),
    agent: text('agent').notNull(),
    brief: cleanJson<Record<string, unknown>>('brief').notNull(),
    needs: text('needs').array().notNull(),
    /** planned, released, done, failed, skipped. */
    status: text('status').notNull(),
    runId: uuid('run_id'),
    report: cleanJson<unknown>('report'),
    headline: text('headline'),
    trust: smallint('trust').notNull(),
    error: cleanJson<unknown>('error'),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.taskId], foreignColumns: [run.tenantId, run.id] }),
    unique('step_key').on(t.tenantId, t.taskId, t.plan, t.key),
  ],
)

/** Every tool call with its result, reads included: a resumed run reads the row instead of doing it again. */
export const toolCall = pgTable(
  'tool_call',
  {
    tenantId: tenantId(),
    runId: uuid('run_id').notNull(),
    toolCallId: text('tool_call_id').notNull(),
    tool: text('tool').notNull(),
    args: cleanJson<unknown>('args').notNull(),
    outcome: cleanJson<unknown>('outcome'),
    trust: smallint('trust').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.runId, t.toolCallId] }),
    foreignKey({ columns: [t.tenantId, t.runId], foreignColumns: [run.tenantId, run.id] }),
  ],
)

/** Model calls with their price; append-only. */
export const cost = pgTable(
  'cost',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id'),
    taskId: uuid('task_id'),
    stepId: uuid('step_id'),
    model: text('model').notNull(),
    /** reserved, settled, released. */
    status: text('status').notNull(),
    inputTokens: integer('input_tokens').notNull(),
    cachedTokens: integer('cached_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    amountMicros: bigint('amount_micros', { mode: 'number' }).notNull(),
    currency: text('currency').notNull(),
    priceVersion: text('price_version').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [tenantKey(t), index('cost_task').on(t.tenantId, t.taskId), index('cost_time').on(t.tenantId, t.at)],
)

/** Recorded model traffic of a run, so that it can be replayed as a test. */
export const modelTurn = pgTable(
  'model_turn',
  {
    tenantId: tenantId(),
    runId: uuid('run_id').notNull(),
    turn: integer('turn').notNull(),
    requestHash: text('request_hash').notNull(),
    request: cleanJson<unknown>('request').notNull(),
    response: cleanJson<unknown>('response').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.runId, t.turn] })],
)

/** A firing of a cycle happened once: the row is the proof. */
export const cycleFiring = pgTable(
  'cycle_firing',
  {
    tenantId: tenantId(),
    cycle: text('cycle').notNull(),
    occurrence: instant('occurrence').notNull(),
    taskId: uuid('task_id'),
    /** started, skipped (an earlier one still runs), missed. */
    result: text('result').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.cycle, t.occurrence] })],
)
