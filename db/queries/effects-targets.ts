/** What an act is about, read from the rows themselves: nobody else's copy of the content counts. */
import { and, eq, sql } from 'drizzle-orm'
import { StakazoError } from '../../runtime/core/errors.ts'
import { post, publication } from '../schema/effects.ts'
import { asset, blob, clip, rendition } from '../schema/media.ts'
import { account, brand, policy } from '../schema/tenancy.ts'
import type { Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

export interface PublicationTarget {
  publication: typeof publication.$inferSelect
  post: typeof post.$inferSelect
  account: typeof account.$inferSelect
  brand: typeof brand.$inferSelect
  clip: typeof clip.$inferSelect
  rendition: typeof rendition.$inferSelect
  asset: typeof asset.$inferSelect
  mediaType: string
}

/** Locks content and publication, in this order everywhere, so that what was read is what will be stored. */
export async function lockPublicationTarget(tx: Tx, id: string): Promise<PublicationTarget> {
  const target = await getPublicationTarget(tx, id)
  await tx.db
    .select({ id: post.id })
    .from(post)
    .where(and(eq(post.tenantId, tx.tenantId), eq(post.id, target.post.id)))
    .for('share')
  await tx.db
    .select({ id: publication.id })
    .from(publication)
    .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id)))
    .for('update')
  return getPublicationTarget(tx, id)
}

export async function getPublicationTarget(tx: Tx, id: string): Promise<PublicationTarget> {
  const row = firstRow(
    await tx.db
      .select({ publication, post, account, brand, clip, rendition, asset, mediaType: blob.mediaType })
      .from(publication)
      .innerJoin(post, and(eq(post.tenantId, publication.tenantId), eq(post.id, publication.postId)))
      .innerJoin(
        account,
        and(eq(account.tenantId, publication.tenantId), eq(account.id, publication.accountId)),
      )
      .innerJoin(brand, and(eq(brand.tenantId, post.tenantId), eq(brand.id, post.brandId)))
      .innerJoin(rendition, and(eq(rendition.tenantId, post.tenantId), eq(rendition.id, post.renditionId)))
      .innerJoin(clip, and(eq(clip.tenantId, rendition.tenantId), eq(clip.id, rendition.clipId)))
      .innerJoin(asset, and(eq(asset.tenantId, clip.tenantId), eq(asset.id, clip.assetId)))
      .innerJoin(blob, and(eq(blob.tenantId, rendition.tenantId), eq(blob.id, rendition.sha256)))
      .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id))),
  )
  if (!row) throw new StakazoError('not-found', `there is no publication ${id}`)
  return row
}

/** The tenant's rules, locked: decisions of one tenant happen one after the other, so that caps cannot be overrun. */
export async function lockPolicy(tx: Tx): Promise<unknown> {
  const row = firstRow(
    await tx.db
      .select({ body: policy.body })
      .from(policy)
      .where(eq(policy.tenantId, tx.tenantId))
      .orderBy(policy.id)
      .limit(1)
      .for('update'),
  )
  return row?.body
}

/** Writes the tenant's one policy row, making it where there is none. */
export async function putPolicy(tx: Tx, row: { id: string; body: unknown; at: string }): Promise<void> {
  const { id, body, at } = row
  const updated = await tx.db
    .update(policy)
    .set({ body, updatedAt: at, version: sql`${policy.version} + 1` })
    .where(eq(policy.tenantId, tx.tenantId))
    .returning({ id: policy.id })
  if (updated.length > 0) return
  await tx.db.insert(policy).values({ tenantId: tx.tenantId, id, body, version: 1, updatedAt: at })
}

/** With its sealed token: for those who act, never for tools. */
export async function getAccountRow(tx: Tx, id: string): Promise<typeof account.$inferSelect> {
  const row = firstRow(
    await tx.db
      .select()
      .from(account)
      .where(and(eq(account.tenantId, tx.tenantId), eq(account.id, id))),
  )
  if (!row) throw new StakazoError('not-found', `there is no account ${id}`)
  return row
}

export async function setAccountStatus(
  tx: Tx,
  id: string,
  set: { status: 'active' | 'reconnect' | 'paused'; pausedReason: string | null },
): Promise<void> {
  await tx.db
    .update(account)
    .set(set)
    .where(and(eq(account.tenantId, tx.tenantId), eq(account.id, id)))
}

export async function setBrandFrozen(tx: Tx, id: string, isFrozen: boolean): Promise<void> {
  const set = await tx.db
    .update(brand)
    .set({ isFrozen })
    .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, id)))
    .returning({ id: brand.id })
  if (set.length === 0) throw new StakazoError('not-found', `there is no brand ${id}`)
}

export async function setAssetRights(
  tx: Tx,
  id: string,
  rights: NonNullable<typeof asset.$inferInsert.rights>,
): Promise<void> {
  await tx.db
    .update(asset)
    .set({ rights })
    .where(and(eq(asset.tenantId, tx.tenantId), eq(asset.id, id)))
}
