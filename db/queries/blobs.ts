import { and, eq, inArray, sql } from 'drizzle-orm'
import { leastTrust, type Trust } from '../../runtime/core/trust.ts'
import { blob } from '../schema/media.ts'
import type { Tx } from '../tx.ts'

export interface NewBlob {
  sha256: string
  bytes: number
  mediaType: string
  parents: readonly string[]
  trust: Trust
  createdAt: string
}

/** A blob is trusted no more than what it was made from; the same bytes from two places keep the lesser label. */
export async function recordBlob(tx: Tx, { sha256, parents, ...rest }: NewBlob): Promise<void> {
  const origins = parents.length > 0 ? await trustOf(tx, parents) : []
  await tx.db
    .insert(blob)
    .values({
      ...rest,
      tenantId: tx.tenantId,
      id: sha256,
      parents: [...parents],
      references: 0,
      trust: leastTrust(rest.trust, ...origins),
    })
    .onConflictDoUpdate({
      target: [blob.tenantId, blob.id],
      set: { trust: sql`least(${blob.trust}, excluded.trust)` },
    })
}

async function trustOf(tx: Tx, hashes: readonly string[]): Promise<Trust[]> {
  const rows = await tx.db
    .select({ trust: blob.trust })
    .from(blob)
    .where(and(eq(blob.tenantId, tx.tenantId), inArray(blob.id, [...hashes])))
  return rows.map((row) => row.trust as Trust)
}

/** Somebody points at these bytes from now on. */
export async function holdBlob(tx: Tx, sha256: string): Promise<void> {
  await tx.db
    .update(blob)
    .set({ references: sql`${blob.references} + 1` })
    .where(and(eq(blob.tenantId, tx.tenantId), eq(blob.id, sha256)))
}
