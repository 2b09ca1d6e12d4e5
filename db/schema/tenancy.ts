/** Who uses the runtime: tenants, their keys, brands, linked accounts and rules. */
import { boolean, foreignKey, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { Brand } from '../../runtime/core/entities.ts'
import { cleanJson, instant, tenantId, tenantKey } from './columns.ts'

/** `tenant_id` equals `id`, so that one policy text serves every table. */
export const tenant = pgTable(
  'tenant',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [tenantKey(t)],
)

export const apiKey = pgTable(
  'api_key',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    /** SHA-256 of the secret half; the key itself is shown once. */
    hash: text('hash').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [tenantKey(t)],
)

export const brand = pgTable(
  'brand',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    language: text('language').notNull(),
    zone: text('zone').notNull(),
    voice: cleanJson<Brand['voice']>('voice').notNull(),
    goals: cleanJson<Brand['goals']>('goals').notNull(),
    competitors: text('competitors').array().notNull(),
    facts: cleanJson<Brand['facts']>('facts').notNull(),
    isFrozen: boolean('is_frozen').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [tenantKey(t)],
)

export const account = pgTable(
  'account',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    brandId: uuid('brand_id').notNull(),
    network: text('network').notNull(),
    world: text('world').notNull(),
    username: text('username').notNull(),
    remoteId: text('remote_id').notNull(),
    /** AES-256-GCM under the tenant's key; the row is useless without STAKAZO_MASTER_KEY. */
    sealedToken: text('sealed_token').notNull(),
    status: text('status').notNull(),
    pausedReason: text('paused_reason'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    tenantKey(t),
    foreignKey({ columns: [t.tenantId, t.brandId], foreignColumns: [brand.tenantId, brand.id] }),
    unique('account_remote').on(t.tenantId, t.network, t.world, t.remoteId),
  ],
)

/**
 * A tenant's rules, one row; absent or unreadable means deny.
 * `body` is the zod `Policy` of runtime/effects/policy.ts.
 */
export const policy = pgTable(
  'policy',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    body: cleanJson<unknown>('body').notNull(),
    version: integer('version').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [tenantKey(t)],
)

/** Answers of writes by Idempotency-Key, so that a repeated request gets the first answer. */
export const idempotency = pgTable(
  'idempotency',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    requestHash: text('request_hash').notNull(),
    /** Null while the first request is in flight. */
    status: integer('status'),
    response: cleanJson<unknown>('response'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [tenantKey(t), index('idempotency_age').on(t.tenantId, t.createdAt)],
)
