/** What happened: events, the chained ledger over them, what is due, measured series, alerts. */
import {
  bigint,
  doublePrecision,
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

/** Next numbers per tenant; the row lock is what makes sequence and chain gapless. */
export const tenantCounter = pgTable(
  'tenant_counter',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    value: bigint('value', { mode: 'number' }).notNull(),
    /** For the ledger: hash of its newest row. */
    head: text('head'),
  },
  (t) => [tenantKey(t)],
)

/** The one stream that SSE, webhooks, the agents' bus, `why` and the ledger view read. Append-only. */
export const event = pgTable(
  'event',
  {
    tenantId: tenantId(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    type: text('type').notNull(),
    brandId: uuid('brand_id'),
    taskId: uuid('task_id'),
    runId: uuid('run_id'),
    stepId: uuid('step_id'),
    agent: text('agent'),
    /** The row an event is about (intent, publication, approval, asset, …). */
    subjectId: uuid('subject_id'),
    trust: smallint('trust').notNull(),
    payload: cleanJson<Record<string, unknown>>('payload').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.seq] }),
    index('event_task').on(t.tenantId, t.taskId, t.seq),
    index('event_subject').on(t.tenantId, t.subjectId, t.seq),
  ],
)

/** Hash chain per tenant. The body sits beside it and may be erased; its salted digest stays and proves it. */
export const ledger = pgTable(
  'ledger',
  {
    tenantId: tenantId(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    kind: text('kind').notNull(),
    subjectId: uuid('subject_id'),
    bodyDigest: text('body_digest').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] })],
)

export const ledgerBody = pgTable(
  'ledger_body',
  {
    tenantId: tenantId(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    salt: text('salt').notNull(),
    body: cleanJson<Record<string, unknown>>('body').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] })],
)

/**
 * Everything that must happen at a business time, without content: the only table the `system` role sees.
 * A claim is a lease by the database's clock; a dead worker's claim runs out and the row is due again.
 */
export const due = pgTable(
  'due',
  {
    tenantId: tenantId(),
    kind: text('kind').notNull(),
    id: text('id').notNull(),
    world: text('world').notNull(),
    dueAt: instant('due_at').notNull(),
    claimedUntil: instant('claimed_until'),
    attempts: integer('attempts').notNull().default(0),
    /** Raised by every put, so that a wake-up that arrives while somebody works is not settled away with the work. */
    version: integer('version').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.kind, t.id] }), index('due_order').on(t.dueAt)],
)

export const metricPoint = pgTable(
  'metric_point',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    accountId: uuid('account_id'),
    publicationId: uuid('publication_id'),
    metric: text('metric').notNull(),
    at: instant('at').notNull(),
    value: doublePrecision('value').notNull(),
    source: text('source').notNull(),
  },
  (t) => [
    tenantKey(t),
    unique('metric_once')
      .on(t.tenantId, t.brandId, t.accountId, t.publicationId, t.metric, t.at, t.source)
      .nullsNotDistinct(),
    index('metric_series').on(t.tenantId, t.brandId, t.metric, t.at),
    index('metric_publication').on(t.tenantId, t.publicationId, t.metric, t.at),
  ],
)

export const comment = pgTable(
  'comment',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    accountId: uuid('account_id').notNull(),
    publicationId: uuid('publication_id'),
    remoteId: text('remote_id').notNull(),
    author: text('author').notNull(),
    text: text('text').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    tenantKey(t),
    unique('comment_once').on(t.tenantId, t.accountId, t.remoteId),
    index('comment_publication').on(t.tenantId, t.publicationId, t.at),
  ],
)

export const alert = pgTable(
  'alert',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id'),
    kind: text('kind').notNull(),
    severity: text('severity').notNull(),
    message: text('message').notNull(),
    subject: cleanJson<Record<string, unknown>>('subject').notNull(),
    at: instant('at').notNull(),
    acknowledgedAt: instant('acknowledged_at'),
  },
  (t) => [tenantKey(t), index('alert_time').on(t.tenantId, t.at)],
)
