import { and, eq } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { Asset, type MediaInfo, type Rights } from '../../runtime/core/entities.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { asset } from '../schema/media.ts'
import type { Tx } from '../transaction.ts'
import { holdBlob } from './blobs.ts'
import { existing } from './scope.ts'

export interface NewAsset {
  brandId: string | undefined
  name: string
  sha256: string
  bytes: number
  info: MediaInfo
}

/** A film somebody uploaded: the file is the owner's, whatever its metadata says is not. */
export async function createAsset(tx: Tx, clock: Clock, fresh: NewAsset): Promise<Asset> {
  const [row] = await tx.db
    .insert(asset)
    .values({
      ...fresh,
      brandId: fresh.brandId ?? null,
      tenantId: tx.tenantId,
      id: newId(clock),
      kind: 'video',
      rights: null,
      trust: TRUST.owner,
      createdAt: clock.now(),
    })
    .returning()
  await holdBlob(tx, fresh.sha256)
  const made = Asset.parse(row)
  tx.emit({
    type: 'asset.uploaded',
    brandId: made.brandId,
    subjectId: made.id,
    trust: TRUST.verified,
    payload: { sha256: made.sha256, bytes: made.bytes, durationMs: fresh.info.durationMs },
  })
  return made
}

/** Stored with who said so and when, before the first publication. Throws `not-found`. */
export async function confirmRights(tx: Tx, id: string, rights: Rights): Promise<Asset> {
  const [row] = await tx.db
    .update(asset)
    .set({ rights })
    .where(and(eq(asset.tenantId, tx.tenantId), eq(asset.id, id)))
    .returning()
  const confirmed = Asset.parse(existing(row, 'asset', id))
  tx.emit({
    type: 'asset.rights-confirmed',
    brandId: confirmed.brandId,
    subjectId: id,
    trust: TRUST.owner,
    payload: { ...rights },
  })
  tx.record({ kind: 'asset.rights-confirmed', subjectId: id, body: { assetId: id, ...rights } })
  return confirmed
}
