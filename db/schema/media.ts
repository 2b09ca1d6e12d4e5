/** Bytes and what is made of them. A blob's row counts who points at it; nothing is deleted while somebody does. */
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import type { ClipScore, MediaInfo, Rights } from '../../runtime/core/entities.ts'
import { cleanJson, instant, tenantId, tenantKey } from './columns.ts'
import { brand } from './tenancy.ts'

export const blob = pgTable(
  'blob',
  {
    tenantId: tenantId(),
    /** SHA-256 of the bytes, hex. */
    id: text('id').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    mediaType: text('media_type').notNull(),
    /** Hashes of the blobs this one was made from. */
    parents: text('parents').array().notNull(),
    trust: smallint('trust').notNull(),
    references: integer('reference_count').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [tenantKey(t)],
)

export const asset = pgTable(
  'asset',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id'),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    sha256: text('sha256').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    info: cleanJson<MediaInfo>('info'),
    rights: cleanJson<Rights>('rights'),
    trust: smallint('trust').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.brandId], foreignColumns: [brand.tenantId, brand.id] }),
    foreignKey({ columns: [t.tenantId, t.sha256], foreignColumns: [blob.tenantId, blob.id] }),
  ],
)

/** Analyses by content and engine version: the second film with the same bytes costs nothing. */
export const mediaAnalysis = pgTable(
  'media_analysis',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    body: cleanJson<unknown>('body').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [tenantKey(t)],
)

export const clip = pgTable(
  'clip',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    assetId: uuid('asset_id').notNull(),
    taskId: uuid('task_id'),
    ordinal: integer('ordinal').notNull(),
    startMs: integer('start_ms').notNull(),
    endMs: integer('end_ms').notNull(),
    score: cleanJson<ClipScore>('score').notNull(),
    supersedes: uuid('supersedes'),
    isCurrent: boolean('is_current').notNull().default(true),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.assetId], foreignColumns: [asset.tenantId, asset.id] }),
    index('clip_task').on(t.tenantId, t.taskId, t.ordinal),
  ],
)

export const rendition = pgTable(
  'rendition',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    clipId: uuid('clip_id').notNull(),
    format: text('format').notNull(),
    sha256: text('sha256').notNull(),
    coverSha256: text('cover_sha256'),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    durationMs: doublePrecision('duration_ms').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    reframe: text('reframe').notNull(),
    quality: text('quality').notNull(),
    loudnessLufs: doublePrecision('loudness_lufs'),
    truePeakDbtp: doublePrecision('true_peak_dbtp'),
    /** Hash of source, span, format, quality and engine version. */
    renderKey: text('render_key').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.clipId], foreignColumns: [clip.tenantId, clip.id] }),
    foreignKey({ columns: [t.tenantId, t.sha256], foreignColumns: [blob.tenantId, blob.id] }),
    unique('rendition_once').on(t.tenantId, t.clipId, t.renderKey),
    index('rendition_key').on(t.tenantId, t.renderKey),
  ],
)

/** Durable records with retention: rows over blobs. */
export const vaultItem = pgTable(
  'vault_item',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    folder: text('folder').notNull(),
    name: text('name').notNull(),
    entityType: text('entity_type').notNull(),
    entityId: text('entity_id').notNull(),
    version: integer('version').notNull(),
    sha256: text('sha256').notNull(),
    featureHash: text('feature_hash').notNull(),
    source: text('source').notNull(),
    runId: uuid('run_id'),
    metadata: cleanJson<Record<string, unknown>>('metadata').notNull(),
    trust: smallint('trust').notNull(),
    retainUntil: instant('retain_until').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.sha256], foreignColumns: [blob.tenantId, blob.id] }),
    unique('vault_version').on(t.tenantId, t.folder, t.entityType, t.entityId, t.version),
    index('vault_feature').on(t.tenantId, t.featureHash),
    index('vault_run').on(t.tenantId, t.runId, t.createdAt),
  ],
)
