/** Writes vectors for both adapters. Two counters of the tenant tell a reader's copy what it misses. */
import { and, eq, inArray } from 'drizzle-orm'
import { takeNumbers } from '../../db/queries/events.ts'
import { memEmbedding } from '../../db/schema/memory.ts'
import type { Tx } from '../../db/tx.ts'
import type { OwnerKind } from './vectors.ts'

export interface NewVector {
  readonly brandId: string
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  readonly model: string
  readonly vector: readonly number[]
}

/** Rises with what is added. */
export const ADDED = 'vectors'
/** Rises with what is taken away; a copy made before is worthless. */
export const REMOVED = 'vectors-removed'

export async function storeVectors(tx: Tx, vectors: readonly NewVector[]): Promise<void> {
  if (vectors.length === 0) return
  const version = await takeNumbers(tx, ADDED, 1)
  const rows = vectors.map(({ vector, ...one }) => ({
    ...one,
    ...{ tenantId: tx.tenantId, dims: vector.length, vec: [...vector], version },
  }))
  await tx.db.insert(memEmbedding).values(rows).onConflictDoNothing()
}

export async function removeVectors(
  tx: Tx,
  ownerKind: OwnerKind,
  ownerIds: readonly string[],
): Promise<void> {
  if (ownerIds.length === 0) return
  await tx.db
    .delete(memEmbedding)
    .where(
      and(
        eq(memEmbedding.tenantId, tx.tenantId),
        eq(memEmbedding.ownerKind, ownerKind),
        inArray(memEmbedding.ownerId, [...ownerIds]),
      ),
    )
  await takeNumbers(tx, REMOVED, 1)
}
