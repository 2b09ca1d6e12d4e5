/** Posts, publications and the outbox: what should happen outside, what a person said to it, what became of it. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  foreignKey,
  index,
  integer,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Review } from '../../runtime/core/entities.ts'
import { cleanJson, instant, tenantId, tenantKey } from './columns.ts'
import { clip, rendition } from './media.ts'
import { account, brand } from './tenancy.ts'

export const post = pgTable(
  'post',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    taskId: uuid('task_id'),
    clipId: uuid('clip_id').notNull(),
    renditionId: uuid('rendition_id').notNull(),
    caption: text('caption').notNull(),
    altText: text('alt_text').notNull(),
    hashtags: text('hashtags').array().notNull(),
    language: text('language').notNull(),
    version: integer('version').notNull(),
    trust: smallint('trust').notNull(),
    reviews: cleanJson<Review[]>('reviews').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.brandId], foreignColumns: [brand.tenantId, brand.id] }),
    foreignKey({ columns: [t.tenantId, t.clipId], foreignColumns: [clip.tenantId, clip.id] }),
    foreignKey({ columns: [t.tenantId, t.renditionId], foreignColumns: [rendition.tenantId, rendition.id] }),
    index('post_task').on(t.tenantId, t.taskId),
  ],
)

export const publication = pgTable(
  'publication',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    postId: uuid('post_id').notNull(),
    accountId: uuid('account_id').notNull(),
    network: text('network').notNull(),
    world: text('world').notNull(),
    state: text('state').notNull(),
    dueAt: instant('due_at'),
    remoteId: text('remote_id'),
    url: text('url'),
    intentId: uuid('intent_id'),
    options: cleanJson<Record<string, unknown>>('options').notNull(),
    reason: text('reason'),
    publishedAt: instant('published_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.postId], foreignColumns: [post.tenantId, post.id] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [account.tenantId, account.id] }),
    /** One post appears on one account once: a re-asked model meets the row that exists. */
    unique('publication_once').on(t.tenantId, t.postId, t.accountId),
    index('publication_account').on(t.tenantId, t.accountId, t.createdAt),
  ],
)

/** The outbox. `key` is verb and domain target, so that nothing can mint the same act twice. */
export const intent = pgTable(
  'intent',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    key: text('key').notNull(),
    verb: text('verb').notNull(),
    targetKind: text('target_kind').notNull(),
    targetId: uuid('target_id').notNull(),
    effect: text('effect').notNull(),
    world: text('world').notNull(),
    accountId: uuid('account_id').notNull(),
    brandId: uuid('brand_id').notNull(),
    taskId: uuid('task_id'),
    runId: uuid('run_id'),
    stepId: uuid('step_id'),
    agent: text('agent').notNull(),
    toolCallId: text('tool_call_id'),
    reasoning: text('reasoning'),
    /** What will be sent, canonical; its hash is what a person approves. */
    payload: cleanJson<Record<string, unknown>>('payload').notNull(),
    payloadHash: text('payload_hash').notNull(),
    trust: smallint('trust').notNull(),
    state: text('state').notNull(),
    verdict: cleanJson<unknown>('verdict').notNull(),
    dueAt: instant('due_at').notNull(),
    lateAt: instant('late_at').notNull(),
    leaseEpoch: integer('lease_epoch').notNull().default(0),
    leaseUntil: instant('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    handle: cleanJson<Record<string, string | number | boolean | null>>('handle'),
    armedAt: instant('armed_at'),
    remoteId: text('remote_id'),
    receipt: cleanJson<unknown>('receipt'),
    error: cleanJson<unknown>('error'),
    unknownSince: instant('unknown_since'),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    tenantKey(t),
    unique('intent_key').on(t.tenantId, t.key),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [account.tenantId, account.id] }),
    index('intent_task').on(t.tenantId, t.taskId),
    index('intent_state').on(t.tenantId, t.state),
    index('intent_account').on(t.tenantId, t.accountId, t.armedAt),
  ],
)

export const approval = pgTable(
  'approval',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    intentId: uuid('intent_id').notNull(),
    hash: text('hash').notNull(),
    status: text('status').notNull(),
    question: cleanJson<Record<string, unknown>>('question').notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.intentId], foreignColumns: [intent.tenantId, intent.id] }),
    uniqueIndex('approval_one_open').on(t.tenantId, t.intentId).where(sql`status = 'pending'`),
  ],
)

/** Amounts held for an act before it happens, settled on its receipt: actions and money share the shape. */
export const reservation = pgTable(
  'reservation',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    intentId: uuid('intent_id').notNull(),
    agent: text('agent').notNull(),
    accountId: uuid('account_id').notNull(),
    /** `action` counts 1, `spend` micros. */
    unit: text('unit').notNull(),
    amount: bigint('amount', { mode: 'number' }).notNull(),
    /** held, settled, released. */
    status: text('status').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.intentId], foreignColumns: [intent.tenantId, intent.id] }),
    unique('reservation_once').on(t.tenantId, t.intentId, t.unit),
    index('reservation_window').on(t.tenantId, t.at),
  ],
)
