/** Figures of one tenant's part of the system, by name; advice over them belongs to whoever reads them. */
import { and, count, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { addMs, DAY, type Instant, instantMs, MINUTE } from '../../runtime/core/clock.ts'
import { intent, publication } from '../schema/effects.ts'
import { alert } from '../schema/record.ts'
import { run } from '../schema/runs.ts'
import { account } from '../schema/tenancy.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

export async function readHealth(tx: Tx, { clock }: Scope): Promise<Record<string, number>> {
  const now = clock.now()
  const dayAgo = addMs(now, -DAY)
  const figures = [
    await countBy(tx, 'runs', run, run.status),
    await countBy(tx, 'publications', publication, publication.state),
    await countBy(tx, 'intents', intent, intent.state),
    await countBy(tx, 'accounts', account, account.status),
    await countBy(tx, 'alertsOpen', alert, alert.severity, isNull(alert.acknowledgedAt)),
    await readDay(tx, dayAgo),
    await readDue(tx, now),
    await readApprovals(tx, now),
    await readTotals(tx, now, dayAgo),
  ]
  return Object.assign({}, ...figures)
}

/** One figure a value of the column: `publications.verified`. Row-level security fences every query here as well. */
async function countBy(
  tx: Tx,
  prefix: string,
  table: PgTable & { tenantId: PgColumn },
  column: PgColumn,
  condition?: SQL,
): Promise<Record<string, number>> {
  const rows = await tx.db
    .select({ name: column, n: count() })
    .from(table)
    .where(and(eq(table.tenantId, tx.tenantId), condition))
    .groupBy(column)
  return Object.fromEntries(rows.map((row) => [`${prefix}.${row.name}`, row.n]))
}

async function readDay(tx: Tx, dayAgo: string) {
  const [day] = await tx.db.execute(sql`
    select count(*) as ended, count(*) filter (where status in ('error', 'timeout')) as failed
    from run where tenant_id = ${tx.tenantId} and ended_at >= ${dayAgo}::timestamptz`)
  return { 'runsDay.ended': Number(day?.ended ?? 0), 'runsDay.failed': Number(day?.failed ?? 0) }
}

async function readDue(tx: Tx, now: Instant) {
  const [row] = await tx.db.execute(sql`
    select count(*) as depth,
      count(*) filter (where due_at < ${addMs(now, -MINUTE)}::timestamptz and (claimed_until is null or claimed_until < clock_timestamp())) as overdue,
      min(due_at)::text as oldest
    from due where tenant_id = ${tx.tenantId}`)
  return {
    'queue.depth': Number(row?.depth ?? 0),
    'queue.overdue': Number(row?.overdue ?? 0),
    'queue.oldestLateMs': row?.oldest ? Math.max(0, instantMs(now) - instantMs(String(row.oldest))) : 0,
  }
}

async function readApprovals(tx: Tx, now: Instant) {
  const [row] = await tx.db.execute(sql`
    select count(*) as pending, min(asked_at)::text as oldest
    from approval where tenant_id = ${tx.tenantId} and status = 'pending'`)
  return {
    'approvals.pending': Number(row?.pending ?? 0),
    'approvals.oldestMs': row?.oldest ? Math.max(0, instantMs(now) - instantMs(String(row.oldest))) : 0,
  }
}

async function readTotals(tx: Tx, now: Instant, dayAgo: string) {
  const [row] = await tx.db.execute(sql`
    select (select coalesce(sum(bytes), 0) from blob where tenant_id = ${tx.tenantId}) as blob_bytes,
      (select coalesce(sum(amount_micros), 0) from cost where tenant_id = ${tx.tenantId} and status = 'settled' and at >= ${dayAgo}::timestamptz) as cost_micros,
      (select max(at)::text from metric_point where tenant_id = ${tx.tenantId}) as newest_metric`)
  return {
    'blobs.bytes': Number(row?.blob_bytes ?? 0),
    'costDay.micros': Number(row?.cost_micros ?? 0),
    ...(row?.newest_metric
      ? { 'metrics.newestAgeMs': Math.max(0, instantMs(now) - instantMs(String(row.newest_metric))) }
      : {}),
  }
}
