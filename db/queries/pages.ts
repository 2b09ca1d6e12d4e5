/**
 * Lists for people, newest first, a page at a time, across a tenant's brands. Ids are UUIDv7, so that the id alone is a
 * cursor: rows born while somebody pages never shift a page.
 */
import { and, desc, eq, isNull, lt, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import {
  Account,
  Alert,
  Approval,
  Asset,
  Brand,
  Clip,
  Comment,
  Post,
  Publication,
  Rendition,
  VaultItem,
} from '../../runtime/core/entities.ts'
import { approval, intent, post, publication } from '../schema/effects.ts'
import { asset, clip, rendition, vaultItem } from '../schema/media.ts'
import { alert, comment } from '../schema/record.ts'
import { account, brand } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'
import { existing } from './scope.ts'

export interface Page {
  limit: number
  /** Only rows older than this id. */
  before?: string | undefined
}

type Listed = PgTable & { tenantId: PgColumn; id: PgColumn }

async function page<T>(
  tx: Tx,
  table: Listed,
  schema: z.ZodType<T>,
  { limit, before }: Page,
  ...conditions: (SQL | undefined)[]
): Promise<T[]> {
  const rows = await tx.db
    .select()
    .from(table as PgTable)
    .where(and(eq(table.tenantId, tx.tenantId), before ? lt(table.id, before) : undefined, ...conditions))
    .orderBy(desc(table.id))
    .limit(limit)
  return rows.map((row) => schema.parse(row))
}

async function one<T>(tx: Tx, table: Listed, schema: z.ZodType<T>, what: string, id: string): Promise<T> {
  const [row] = await tx.db
    .select()
    .from(table as PgTable)
    .where(and(eq(table.tenantId, tx.tenantId), eq(table.id, id)))
  return schema.parse(existing(row, what, id))
}

const when = (column: PgColumn, value: string | undefined): SQL | undefined =>
  value === undefined ? undefined : eq(column, value)

export const pageBrands = (tx: Tx, at: Page) => page(tx, brand, Brand, at)
export const readBrand = (tx: Tx, id: string) => one(tx, brand, Brand, 'brand', id)

export const pageAccounts = (tx: Tx, at: Page, filter: { brandId?: string; network?: string } = {}) =>
  page(tx, account, Account, at, when(account.brandId, filter.brandId), when(account.network, filter.network))
export const readAccount = (tx: Tx, id: string) => one(tx, account, Account, 'account', id)

export const pageAssets = (tx: Tx, at: Page, filter: { brandId?: string } = {}) =>
  page(tx, asset, Asset, at, when(asset.brandId, filter.brandId))
export const readAsset = (tx: Tx, id: string) => one(tx, asset, Asset, 'asset', id)

export const pageClips = (
  tx: Tx,
  at: Page,
  filter: { taskId?: string; assetId?: string; isCurrent?: boolean } = {},
) =>
  page(
    tx,
    clip,
    Clip,
    at,
    when(clip.taskId, filter.taskId),
    when(clip.assetId, filter.assetId),
    filter.isCurrent === undefined ? undefined : eq(clip.isCurrent, filter.isCurrent),
  )
export const readClip = (tx: Tx, id: string) => one(tx, clip, Clip, 'clip', id)

export const pageRenditions = (tx: Tx, at: Page, filter: { clipId?: string } = {}) =>
  page(tx, rendition, Rendition, at, when(rendition.clipId, filter.clipId))
export const readRendition = (tx: Tx, id: string) => one(tx, rendition, Rendition, 'rendition', id)

export const pagePosts = (tx: Tx, at: Page, filter: { taskId?: string; brandId?: string } = {}) =>
  page(tx, post, Post, at, when(post.taskId, filter.taskId), when(post.brandId, filter.brandId))
export const readPost = (tx: Tx, id: string) => one(tx, post, Post, 'post', id)

export async function pagePublications(
  tx: Tx,
  { limit, before }: Page,
  filter: { taskId?: string; postId?: string; accountId?: string; state?: string } = {},
): Promise<Publication[]> {
  const rows = await tx.db
    .select({ publication })
    .from(publication)
    .innerJoin(post, and(eq(post.tenantId, publication.tenantId), eq(post.id, publication.postId)))
    .where(
      and(
        eq(publication.tenantId, tx.tenantId),
        before ? lt(publication.id, before) : undefined,
        when(post.taskId, filter.taskId),
        when(publication.postId, filter.postId),
        when(publication.accountId, filter.accountId),
        when(publication.state, filter.state),
      ),
    )
    .orderBy(desc(publication.id))
    .limit(limit)
  return rows.map((row) => Publication.parse(row.publication))
}
export const readPublication = (tx: Tx, id: string) => one(tx, publication, Publication, 'publication', id)

export async function pageApprovals(
  tx: Tx,
  { limit, before }: Page,
  filter: { taskId?: string; status?: string } = {},
): Promise<Approval[]> {
  const rows = await tx.db
    .select({ approval })
    .from(approval)
    .innerJoin(intent, and(eq(intent.tenantId, approval.tenantId), eq(intent.id, approval.intentId)))
    .where(
      and(
        eq(approval.tenantId, tx.tenantId),
        before ? lt(approval.id, before) : undefined,
        when(intent.taskId, filter.taskId),
        when(approval.status, filter.status),
      ),
    )
    .orderBy(desc(approval.id))
    .limit(limit)
  return rows.map((row) => Approval.parse(row.approval))
}
export const readApproval = (tx: Tx, id: string) => one(tx, approval, Approval, 'approval', id)

export const pageAlerts = (tx: Tx, at: Page, filter: { isOpen?: boolean } = {}) =>
  page(tx, alert, Alert, at, filter.isOpen ? isNull(alert.acknowledgedAt) : undefined)
export const readAlert = (tx: Tx, id: string) => one(tx, alert, Alert, 'alert', id)

export async function pageComments(
  tx: Tx,
  at: Page,
  filter: { publicationId?: string } = {},
): Promise<Comment[]> {
  const rows = await tx.db
    .select()
    .from(comment)
    .where(
      and(
        eq(comment.tenantId, tx.tenantId),
        at.before ? lt(comment.id, at.before) : undefined,
        when(comment.publicationId, filter.publicationId),
      ),
    )
    .orderBy(desc(comment.id))
    .limit(at.limit)
  return rows.map((row) => Comment.parse({ ...row, trust: 0 }))
}

export const pageVault = (tx: Tx, at: Page, filter: { folder?: string } = {}) =>
  page(tx, vaultItem, VaultItem, at, when(vaultItem.folder, filter.folder))
export const readVaultItem = (tx: Tx, id: string) => one(tx, vaultItem, VaultItem, 'vault item', id)

export async function acknowledgeAlert(tx: Tx, id: string, at: string): Promise<Alert> {
  const [row] = await tx.db
    .update(alert)
    .set({ acknowledgedAt: at })
    .where(and(eq(alert.tenantId, tx.tenantId), eq(alert.id, id), isNull(alert.acknowledgedAt)))
    .returning()
  return row ? Alert.parse(row) : readAlert(tx, id)
}
