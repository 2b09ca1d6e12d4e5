/** Who is related to whom, and when that held. Plain rows: a graph extension was twenty times slower at one hop. */
import { and, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import { memRelation } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import { newId } from '../runtime/core/ids.ts'
import type { Trust } from '../runtime/core/trust.ts'
import { toKey } from './words.ts'

export interface NewRelation {
  readonly from: string
  readonly relation: string
  readonly to: string
  /** Only one at a time may be at the other end, as in "managed by". */
  readonly isSingleValued?: boolean
}

export interface Relation {
  readonly from: string
  readonly relation: string
  readonly to: string
  readonly trust: Trust
  readonly validFrom: string
  readonly validTo: string | null
}

export interface RelationScope {
  readonly brandId: string
  readonly trust: Trust
}

/** A hub such as the brand itself has no more neighbours than somebody could read. */
const NEIGHBOURS_MAX = 50

/** Said again it changes nothing; less trust never ends what more trust said. */
export async function relate(
  tx: Tx,
  clock: Clock,
  { brandId, trust }: RelationScope,
  fresh: NewRelation,
): Promise<void> {
  const [fromEntity, relation, toEntity] = [toKey(fresh.from), toKey(fresh.relation), toKey(fresh.to)]
  const open = await tx.db
    .select()
    .from(memRelation)
    .where(
      and(
        ...[eq(memRelation.tenantId, tx.tenantId), eq(memRelation.brandId, brandId)],
        ...[eq(memRelation.fromEntity, fromEntity), eq(memRelation.relation, relation)],
        isNull(memRelation.validTo),
      ),
    )
    .for('update')
  if (open.some((one) => one.toEntity === toEntity && one.trust >= trust)) return
  const rivals = open.filter((one) => one.toEntity === toEntity || fresh.isSingleValued)
  const now = clock.now()
  const isRefuted = rivals.some((one) => one.trust > trust)
  for (const { id } of isRefuted ? [] : rivals) {
    await tx.db
      .update(memRelation)
      .set({ validTo: now })
      .where(and(eq(memRelation.tenantId, tx.tenantId), eq(memRelation.id, id)))
  }
  await tx.db.insert(memRelation).values({
    ...{ tenantId: tx.tenantId, id: newId(clock), brandId, fromEntity, relation, toEntity, trust },
    ...{ validFrom: now, validTo: isRefuted ? now : null },
  })
}

/** One hop in both directions, newest first; now, or as it was at an instant. */
export async function listNeighbours(
  tx: Tx,
  brandId: string,
  entity: string,
  asOf?: string,
): Promise<Relation[]> {
  const key = toKey(entity)
  const rows = await tx.db
    .select()
    .from(memRelation)
    .where(
      and(
        ...[eq(memRelation.tenantId, tx.tenantId), eq(memRelation.brandId, brandId)],
        or(eq(memRelation.fromEntity, key), eq(memRelation.toEntity, key)),
        asOf
          ? and(
              lte(memRelation.validFrom, asOf),
              or(isNull(memRelation.validTo), gt(memRelation.validTo, asOf)),
            )
          : isNull(memRelation.validTo),
      ),
    )
    .orderBy(desc(memRelation.validFrom), desc(memRelation.id))
    .limit(NEIGHBOURS_MAX)
  return rows.map((row) => ({
    ...{ from: row.fromEntity, relation: row.relation, to: row.toEntity },
    ...{ trust: row.trust as Trust, validFrom: row.validFrom, validTo: row.validTo },
  }))
}
