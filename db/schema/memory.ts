/** What agents remember. Scopes are columns, never string prefixes: tenant `1` must not match `10`. */

import { sql } from 'drizzle-orm'
import {
  bigint,
  customType,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { cleanJson, instant, tenantId, tenantKey } from './columns.ts'

/**
 * Written as `to_tsvector('simple', …)` over words that memory normalised itself. No GIN index on purpose: `@@` is not
 * leakproof, so behind row-level security the planner never uses one (measured: a scan of a brand's 20,000 items takes
 * 30 ms, a table of postings as long at ten times the space).
 */
const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** Container of what happened together: a conversation, a task, a cycle. */
export const memEpisode = pgTable(
  'mem_episode',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    agent: text('agent').notNull(),
    taskId: uuid('task_id'),
    title: text('title').notNull(),
    summary: text('summary'),
    trust: smallint('trust').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [tenantKey(t), index('mem_episode_brand').on(t.tenantId, t.brandId, t.startedAt)],
)

/** Verbatim, append-only. `seq` is dense within its episode: recall reads two neighbours before and one after. */
export const memItem = pgTable(
  'mem_item',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    episodeId: uuid('episode_id').notNull(),
    seq: integer('seq').notNull(),
    agent: text('agent').notNull(),
    scope: text('scope').notNull(),
    actor: text('actor').notNull(),
    body: text('body').notNull(),
    search: searchVector('search').notNull(),
    source: text('source').notNull(),
    trust: smallint('trust').notNull(),
    importance: real('importance').notNull(),
    contentHash: text('content_hash').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({
      columns: [t.tenantId, t.episodeId],
      foreignColumns: [memEpisode.tenantId, memEpisode.id],
    }).onDelete('cascade'),
    unique('mem_item_once').on(t.tenantId, t.episodeId, t.contentHash),
    index('mem_item_time').on(t.tenantId, t.brandId, t.occurredAt),
  ],
)

/** Bi-temporal: when it was true, when we learnt it, when we took it back. */
export const memFact = pgTable(
  'mem_fact',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    agent: text('agent').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    predicate: text('predicate').notNull(),
    value: cleanJson<unknown>('value'),
    text: text('text').notNull(),
    search: searchVector('search').notNull(),
    kind: text('kind').notNull(),
    isSingleValued: integer('is_single_valued').notNull(),
    trust: smallint('trust').notNull(),
    importance: real('importance').notNull(),
    proofs: integer('proofs').notNull(),
    validFrom: instant('valid_from').notNull(),
    validTo: instant('valid_to'),
    recordedAt: instant('recorded_at').notNull(),
    retractedAt: instant('retracted_at'),
    supersededBy: uuid('superseded_by'),
  },
  (t) => [
    tenantKey(t),
    index('mem_fact_subject').on(t.tenantId, t.brandId, t.subject, t.predicate),
    /** One value holds at a time: for the brand, or for the agent that keeps it to itself. */
    uniqueIndex('mem_fact_one_value')
      .on(
        t.tenantId,
        t.brandId,
        t.scope,
        sql`(case scope when 'agent' then agent else '' end)`,
        t.subject,
        t.predicate,
      )
      .where(sql`is_single_valued = 1 and valid_to is null and retracted_at is null`),
  ],
)

/** Which items a fact rests on. */
export const memEvidence = pgTable(
  'mem_evidence',
  { tenantId: tenantId(), factId: uuid('fact_id').notNull(), itemId: uuid('item_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.factId, t.itemId] }),
    foreignKey({ columns: [t.tenantId, t.factId], foreignColumns: [memFact.tenantId, memFact.id] }).onDelete(
      'cascade',
    ),
    foreignKey({ columns: [t.tenantId, t.itemId], foreignColumns: [memItem.tenantId, memItem.id] }).onDelete(
      'cascade',
    ),
  ],
)

/** Semantic memory: who is related to whom, and when that held. */
export const memRelation = pgTable(
  'mem_relation',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    fromEntity: text('from_entity').notNull(),
    relation: text('relation').notNull(),
    toEntity: text('to_entity').notNull(),
    trust: smallint('trust').notNull(),
    validFrom: instant('valid_from').notNull(),
    validTo: instant('valid_to'),
  },
  (t) => [
    tenantKey(t),
    index('mem_relation_from').on(t.tenantId, t.brandId, t.fromEntity),
    index('mem_relation_to').on(t.tenantId, t.brandId, t.toEntity),
  ],
)

/** Embeddings apart from what they describe, so that a change of model never touches facts. */
export const memEmbedding = pgTable(
  'mem_embedding',
  {
    tenantId: tenantId(),
    ownerKind: text('owner_kind').notNull(),
    ownerId: uuid('owner_id').notNull(),
    brandId: uuid('brand_id').notNull(),
    model: text('model').notNull(),
    dims: integer('dims').notNull(),
    /** Single precision, as providers send it: 3 kB at 768. pgvector casts it where it stands. */
    vec: real('vec').array().notNull(),
    /** From the tenant's counter `vectors`: a reader that holds an older number reads what is newer. */
    version: bigint('version', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.ownerKind, t.ownerId, t.model] }),
    index('mem_embedding_scan').on(t.tenantId, t.brandId, t.model, t.version),
  ],
)

/** Proof of an erasure: what went, counted; the subject only as a salted hash. */
export const memErasure = pgTable(
  'mem_erasure',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    salt: text('salt').notNull(),
    subjectHash: text('subject_hash').notNull(),
    counts: cleanJson<Record<string, number>>('counts').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [tenantKey(t)],
)

/** Short-term memory where no Redis is given: unlogged, by namespace, with an end. */
export const shortTerm = pgTable(
  'short_term',
  {
    tenantId: tenantId(),
    namespace: text('namespace').notNull(),
    key: text('key').notNull(),
    value: cleanJson<unknown>('value').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.namespace, t.key] }), index('short_term_end').on(t.expiresAt)],
)
