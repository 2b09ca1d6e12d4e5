/**
 * Every vector compared, in this process. Right by construction and fast enough to some 20,000 rows a brand; a copy of
 * the brand's vectors is kept between questions and told by two counters what it misses.
 */
import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { memEmbedding } from '../../db/schema/memory.ts'
import { tenantCounter } from '../../db/schema/record.ts'
import type { Tx } from '../../db/tx.ts'
import { ADDED, REMOVED } from './store-vectors.ts'
import type { Near, NearQuery, OwnerKind, Vectors } from './vectors.ts'

interface Copy {
  added: number
  removed: number
  readonly owners: { kind: OwnerKind; id: string; unit: Float64Array }[]
}

/** 128 MB of copies in all; the brand asked longest ago makes room. */
const NUMBERS_KEPT_MAX = 16_000_000

export function openExactScan(): Vectors {
  const copies = new Map<string, Copy>()

  async function refresh(tx: Tx, { brandId, model }: NearQuery): Promise<Copy> {
    const key = JSON.stringify([tx.tenantId, brandId, model])
    const { added, removed } = await readCounters(tx)
    const known = copies.get(key)
    const copy: Copy = known?.removed === removed ? known : { added: 0, removed, owners: [] }
    if (copy.added < added) {
      copy.owners.push(...(await loadNewer(tx, brandId, model, copy.added)))
      copy.added = added
    }
    copies.delete(key)
    copies.set(key, copy)
    makeRoom(copies)
    return copy
  }

  return {
    kind: 'exact',
    async search(tx, query) {
      const { owners } = await refresh(tx, query)
      const asked = toUnit(query.vector)
      const near = owners.flatMap(({ kind, id, unit }): Near[] =>
        unit.length === asked.length ? [{ ownerKind: kind, ownerId: id, cosine: dot(unit, asked) }] : [],
      )
      return near.sort((a, b) => b.cosine - a.cosine).slice(0, query.k)
    },
  }
}

async function readCounters(tx: Tx): Promise<{ added: number; removed: number }> {
  const rows = await tx.db
    .select({ id: tenantCounter.id, value: tenantCounter.value })
    .from(tenantCounter)
    .where(and(eq(tenantCounter.tenantId, tx.tenantId), inArray(tenantCounter.id, [ADDED, REMOVED])))
  const read = (id: string) => rows.find((row) => row.id === id)?.value ?? 0
  return { added: read(ADDED), removed: read(REMOVED) }
}

async function loadNewer(tx: Tx, brandId: string, model: string, after: number): Promise<Copy['owners']> {
  const rows = await tx.db
    .select({ kind: memEmbedding.ownerKind, id: memEmbedding.ownerId, vec: memEmbedding.vec })
    .from(memEmbedding)
    .where(
      and(
        eq(memEmbedding.tenantId, tx.tenantId),
        eq(memEmbedding.brandId, brandId),
        eq(memEmbedding.model, model),
        gt(memEmbedding.version, after),
      ),
    )
    .orderBy(asc(memEmbedding.version), asc(memEmbedding.ownerId))
  return rows.map((row) => ({ kind: row.kind as OwnerKind, id: row.id, unit: toUnit(row.vec) }))
}

function makeRoom(copies: Map<string, Copy>): void {
  const sizeOf = ({ owners }: Copy) => owners.length * (owners[0]?.unit.length ?? 0)
  let kept = [...copies.values()].reduce((sum, copy) => sum + sizeOf(copy), 0)
  for (const [key, copy] of copies) {
    if (kept <= NUMBERS_KEPT_MAX || copies.size === 1) return
    copies.delete(key)
    kept -= sizeOf(copy)
  }
}

function toUnit(vector: readonly number[]): Float64Array {
  const length = Math.hypot(...vector)
  return Float64Array.from(vector, (value) => (length > 0 ? value / length : 0))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
