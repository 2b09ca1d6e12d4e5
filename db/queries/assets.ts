import { and, desc, eq, isNull, or } from 'drizzle-orm'
import { Asset } from '../../runtime/core/entities.ts'
import { asset, mediaAnalysis } from '../schema/media.ts'
import type { Tx } from '../tx.ts'
import { existing, type Scope } from './scope.ts'

/** An asset without a brand serves every brand of its tenant. */
export const isAssetOf = ({ brandId }: Scope) => or(eq(asset.brandId, brandId), isNull(asset.brandId))

export async function getAsset(tx: Tx, scope: Scope, id: string): Promise<Asset> {
  const [row] = await tx.db
    .select()
    .from(asset)
    .where(and(eq(asset.tenantId, tx.tenantId), eq(asset.id, id), isAssetOf(scope)))
  return Asset.parse(existing(row, 'asset', id))
}

export async function listAssets(tx: Tx, scope: Scope, limit = 50): Promise<Asset[]> {
  const rows = await tx.db
    .select()
    .from(asset)
    .where(and(eq(asset.tenantId, tx.tenantId), isAssetOf(scope)))
    .orderBy(desc(asset.createdAt), desc(asset.id))
    .limit(limit)
  return rows.map((row) => Asset.parse(row))
}

const analysisId = (sha256: string, engine: string): string => `${sha256}:${engine}`

export async function findAnalysis(tx: Tx, sha256: string, engine: string): Promise<unknown> {
  const [row] = await tx.db
    .select({ body: mediaAnalysis.body })
    .from(mediaAnalysis)
    .where(and(eq(mediaAnalysis.tenantId, tx.tenantId), eq(mediaAnalysis.id, analysisId(sha256, engine))))
  return row?.body
}

/** The first analysis stays: the same bytes under the same engine give the same figures. */
export async function saveAnalysis(
  tx: Tx,
  { clock }: Scope,
  sha256: string,
  engine: string,
  body: unknown,
): Promise<void> {
  await tx.db
    .insert(mediaAnalysis)
    .values({ tenantId: tx.tenantId, id: analysisId(sha256, engine), body, createdAt: clock.now() })
    .onConflictDoNothing()
}
