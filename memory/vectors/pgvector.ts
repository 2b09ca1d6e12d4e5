/**
 * pgvector, where the extension exists. Below some 20,000 rows a tenant the b-tree and an exact sort are the fastest and
 * miss nothing; a bigger tenant gets an HNSW index of its own, made by the schema's owner. Never one index for all: it
 * gave a small tenant 0 to 60 % of its rows, silently.
 */
import { and, count, eq, type SQL, sql } from 'drizzle-orm'
import { toSql } from 'pgvector'
import { memEmbedding } from '../../db/schema/memory.ts'
import type { Tx } from '../../db/tx.ts'
import type { NearQuery, OwnerKind, Vectors } from './vectors.ts'

export const EXACT_ROWS_MAX = 20_000

export const pgvector: Vectors = {
  kind: 'pgvector',
  async search(tx, query) {
    // Without these a filtered walk of an HNSW index stops at its first 40 neighbours, filtered or not.
    await configure(tx, { 'hnsw.iterative_scan': 'relaxed_order', 'hnsw.ef_search': '100' })
    const near = await findNear(tx, query)
    if (near.length >= Math.min(query.k, await countRows(tx, query))) return near
    await configure(tx, { enable_indexscan: 'off' })
    const all = await findNear(tx, query)
    await configure(tx, { enable_indexscan: 'on' })
    return all
  },
}

/** For the schema's owner, once a tenant holds more than EXACT_ROWS_MAX vectors. */
export function tenantIndex(tenantId: string, dimensions: number): string {
  const name = `mem_embedding_hnsw_${tenantId.replaceAll('-', '')}_${dimensions}`
  return (
    `create index concurrently if not exists ${name} on mem_embedding using hnsw ` +
    `((vec::vector(${dimensions})) vector_cosine_ops) where tenant_id = '${tenantId}' and dims = ${dimensions}`
  )
}

/** For this transaction alone. */
async function configure(tx: Tx, settings: Readonly<Record<string, string>>): Promise<void> {
  const calls = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`)
  await tx.db.execute(sql`select ${sql.join(calls, sql`, `)}`)
}

const belongs = (tx: Tx, { brandId, model, vector }: NearQuery): SQL | undefined =>
  and(
    eq(memEmbedding.tenantId, tx.tenantId),
    eq(memEmbedding.brandId, brandId),
    eq(memEmbedding.model, model),
    eq(memEmbedding.dims, vector.length),
  )

async function findNear(tx: Tx, query: NearQuery) {
  const type = sql.raw(`vector(${query.vector.length})`)
  const distance = sql<number>`${memEmbedding.vec}::${type} <=> ${toSql([...query.vector])}::${type}`
  const rows = await tx.db
    .select({ ownerKind: memEmbedding.ownerKind, ownerId: memEmbedding.ownerId, distance })
    .from(memEmbedding)
    .where(belongs(tx, query))
    .orderBy(distance)
    .limit(query.k)
  return rows
    .map((row) => ({
      ownerKind: row.ownerKind as OwnerKind,
      ownerId: row.ownerId,
      cosine: 1 - Number(row.distance),
    }))
    .sort((a, b) => b.cosine - a.cosine)
}

async function countRows(tx: Tx, query: NearQuery): Promise<number> {
  const [row] = await tx.db.select({ rows: count() }).from(memEmbedding).where(belongs(tx, query))
  return row?.rows ?? 0
}
