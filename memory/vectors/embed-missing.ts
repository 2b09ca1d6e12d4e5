/** Gives memories their vectors, outside of the transaction that wrote them: a provider may be slow or gone. */
import { and, asc, eq, inArray, notExists } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { memEmbedding, memFact, memItem } from '../../db/schema/memory.ts'
import type { Tx } from '../../db/tx.ts'
import { storeVectors } from './store-vectors.ts'
import type { Embeddings, OwnerKind } from './vectors.ts'

const TABLES = [
  ['item', memItem, memItem.body],
  ['fact', memFact, memFact.text],
] as const
/** Both providers take at least as many in one call. */
const BATCH = 64

/** At most `limit` of each kind; returns how many it did. What fails is tried again by the next call. */
export async function embedMissing(
  db: Database,
  embeddings: Embeddings,
  tenantId: string,
  limit: number,
): Promise<number> {
  let done = 0
  for (const [kind, table, text] of TABLES) {
    const waiting = await db.tenant(tenantId, (tx) =>
      findWaiting(tx, kind, table, text, embeddings.name, limit),
    )
    for (let first = 0; first < waiting.length; first += BATCH) {
      const batch = waiting.slice(first, first + BATCH)
      const vectors = await embeddings.embed(
        tenantId,
        batch.map((one) => one.text),
      )
      done += await db.tenant(tenantId, async (tx) => {
        // What was forgotten while the provider worked stays forgotten.
        const alive = await findAlive(
          tx,
          table,
          batch.map((one) => one.id),
        )
        const rows = batch.flatMap(({ id, brandId }, index) => {
          const vector = vectors[index]
          return vector && alive.has(id)
            ? [{ brandId, ownerKind: kind, ownerId: id, model: embeddings.name, vector }]
            : []
        })
        await storeVectors(tx, rows)
        return rows.length
      })
    }
  }
  return done
}

type Table = (typeof TABLES)[number][1]

const findWaiting = (
  tx: Tx,
  kind: OwnerKind,
  table: Table,
  text: (typeof TABLES)[number][2],
  model: string,
  limit: number,
) =>
  tx.db
    .select({ id: table.id, brandId: table.brandId, text })
    .from(table)
    .where(
      and(
        eq(table.tenantId, tx.tenantId),
        notExists(
          tx.db
            .select({ id: memEmbedding.ownerId })
            .from(memEmbedding)
            .where(
              and(
                eq(memEmbedding.tenantId, table.tenantId),
                eq(memEmbedding.ownerKind, kind),
                eq(memEmbedding.ownerId, table.id),
                eq(memEmbedding.model, model),
              ),
            ),
        ),
      ),
    )
    .orderBy(asc(table.id))
    .limit(limit)

async function findAlive(tx: Tx, table: Table, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.db
    .select({ id: table.id })
    .from(table)
    .where(and(eq(table.tenantId, tx.tenantId), inArray(table.id, [...ids])))
    .for('share')
  return new Set(rows.map((row) => row.id))
}
