import { and, asc, desc, eq, type SQL } from 'drizzle-orm'
import { Rendition } from '../../runtime/core/entities.ts'
import type { NewRendition } from '../../runtime/core/ports/store.ts'
import { asset, clip, rendition } from '../schema/media.ts'
import type { Tx } from '../tx.ts'
import { isAssetOf } from './assets.ts'
import { holdBlob } from './blobs.ts'
import { getClip } from './clips.ts'
import { existing, type Scope, stamp } from './scope.ts'

const renditionsWhere = (tx: Tx, scope: Scope, ...conditions: (SQL | undefined)[]) =>
  tx.db
    .select({ rendition })
    .from(rendition)
    .innerJoin(clip, and(eq(clip.tenantId, rendition.tenantId), eq(clip.id, rendition.clipId)))
    .innerJoin(asset, and(eq(asset.tenantId, clip.tenantId), eq(asset.id, clip.assetId)))
    .where(and(eq(rendition.tenantId, tx.tenantId), isAssetOf(scope), ...conditions))

export async function getRendition(tx: Tx, scope: Scope, id: string): Promise<Rendition> {
  const [row] = await renditionsWhere(tx, scope, eq(rendition.id, id))
  return Rendition.parse(existing(row, 'rendition', id).rendition)
}

/** Newest with this key, of whichever clip: the key names source, span, format, quality and engine. */
export async function findRendition(tx: Tx, scope: Scope, renderKey: string): Promise<Rendition | undefined> {
  const [row] = await renditionsWhere(tx, scope, eq(rendition.renderKey, renderKey))
    .orderBy(desc(rendition.createdAt))
    .limit(1)
  return row && Rendition.parse(row.rendition)
}

export async function listRenditions(tx: Tx, scope: Scope, clipId: string): Promise<Rendition[]> {
  const rows = await renditionsWhere(tx, scope, eq(rendition.clipId, clipId)).orderBy(
    asc(rendition.createdAt),
    asc(rendition.id),
  )
  return rows.map((row) => Rendition.parse(row.rendition))
}

/** Once per clip and render key. */
export async function saveRendition(tx: Tx, scope: Scope, fresh: NewRendition): Promise<Rendition> {
  await getClip(tx, scope, fresh.clipId)
  const [row] = await tx.db
    .insert(rendition)
    .values({ ...stamp(scope), tenantId: tx.tenantId, ...fresh })
    .onConflictDoNothing()
    .returning()
  if (!row) return existingRendition(tx, fresh)
  await holdBlob(tx, row.sha256)
  if (row.coverSha256) await holdBlob(tx, row.coverSha256)
  tx.emit({
    type: 'rendition.saved',
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: row.id,
    payload: { clipId: row.clipId, format: row.format, quality: row.quality, bytes: row.bytes },
  })
  return Rendition.parse(row)
}

async function existingRendition(tx: Tx, { clipId, renderKey }: NewRendition): Promise<Rendition> {
  const [row] = await tx.db
    .select()
    .from(rendition)
    .where(
      and(
        eq(rendition.tenantId, tx.tenantId),
        eq(rendition.clipId, clipId),
        eq(rendition.renderKey, renderKey),
      ),
    )
  return Rendition.parse(existing(row, 'rendition', renderKey))
}
