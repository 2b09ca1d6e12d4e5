import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm'
import { MetricPoint } from '../../runtime/core/entities.ts'
import { newId } from '../../runtime/core/ids.ts'
import type { MetricQuery } from '../../runtime/core/ports/store.ts'
import { metricPoint } from '../schema/record.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

/** Oldest first; when there are more than `limit`, the newest of them. */
export async function listMetrics(tx: Tx, { brandId }: Scope, query: MetricQuery): Promise<MetricPoint[]> {
  const newest = tx.db
    .select()
    .from(metricPoint)
    .where(
      and(
        eq(metricPoint.tenantId, tx.tenantId),
        eq(metricPoint.brandId, brandId),
        query.accountId ? eq(metricPoint.accountId, query.accountId) : undefined,
        query.publicationId ? eq(metricPoint.publicationId, query.publicationId) : undefined,
        query.metrics ? inArray(metricPoint.metric, [...query.metrics]) : undefined,
        query.from ? gte(metricPoint.at, query.from) : undefined,
        query.to ? lt(metricPoint.at, query.to) : undefined,
      ),
    )
    .orderBy(desc(metricPoint.at), desc(metricPoint.id))
    .limit(query.limit ?? 20_000)
    .as('newest')
  const rows = await tx.db.select().from(newest).orderBy(asc(newest.at), asc(newest.id))
  return rows.map((row) => MetricPoint.parse(row))
}

/** Postgres takes at most 65,535 parameters a statement. */
const ROWS_A_STATEMENT = 5_000

/** Points that are there already are left alone; returns how many were new. */
export async function saveMetrics(
  tx: Tx,
  { brandId, clock }: Scope,
  points: readonly MetricPoint[],
): Promise<number> {
  let saved = 0
  for (let from = 0; from < points.length; from += ROWS_A_STATEMENT) {
    const rows = points
      .slice(from, from + ROWS_A_STATEMENT)
      .map((point) => ({ ...point, id: newId(clock), tenantId: tx.tenantId, brandId }))
    const added = await tx.db
      .insert(metricPoint)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: metricPoint.id })
    saved += added.length
  }
  return saved
}
