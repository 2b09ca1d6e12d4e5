/**
 * What must happen at a business time. The row is the truth; a queue only wakes somebody who then claims the row.
 * A claim is a lease by the database's clock: a worker that dies lets it run out, and the row is due again.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { due } from '../schema/record.ts'
import type { Tx } from '../transaction.ts'

export interface DueRow {
  tenantId: string
  kind: string
  id: string
  world: string
  attempts: number
  version: number
}

/** Puts the row or moves it to a new time. A claimed row keeps its claim and is due again when the claim ends. */
export async function putDue(
  tx: Tx,
  row: { kind: string; id: string; world: string; dueAt: string },
): Promise<void> {
  await tx.db
    .insert(due)
    .values({ tenantId: tx.tenantId, ...row })
    .onConflictDoUpdate({
      target: [due.tenantId, due.kind, due.id],
      set: { dueAt: row.dueAt, attempts: 0, version: sql`${due.version} + 1` },
    })
}

export async function settleDue(tx: Tx, kind: string, id: string): Promise<void> {
  await tx.db.delete(due).where(and(eq(due.tenantId, tx.tenantId), eq(due.kind, kind), eq(due.id, id)))
}

/**
 * Claims up to `limit` rows due at `now`, one tenant after the other so that a flood of one cannot starve the rest.
 * The window function looks at most `limit` deep into each tenant; `skip locked` keeps claimers out of each other's way.
 */
export async function claimDue(
  system: PostgresJsDatabase,
  options: { now: string; world: string; limit: number; leaseMs: number },
): Promise<DueRow[]> {
  const rows = await system.execute(sql`
    with waiting as (
      select tenant_id, kind, id, row_number() over (partition by tenant_id order by due_at) as place
      from due
      where due_at <= ${options.now}::timestamptz and world = ${options.world}
        and (claimed_until is null or claimed_until < clock_timestamp())
    ), chosen as (
      select d.tenant_id, d.kind, d.id from due d join waiting w using (tenant_id, kind, id)
      where w.place <= ${options.limit}
        and (d.claimed_until is null or d.claimed_until < clock_timestamp())
      order by w.place, d.due_at limit ${options.limit} for update of d skip locked
    )
    update due set claimed_until = clock_timestamp() + ${options.leaseMs} * interval '1 millisecond', attempts = attempts + 1
    from chosen where due.tenant_id = chosen.tenant_id and due.kind = chosen.kind and due.id = chosen.id
    returning due.tenant_id, due.kind, due.id, due.world, due.attempts, due.version`)
  return rows.map((row) => ({
    tenantId: String(row.tenant_id),
    kind: String(row.kind),
    id: String(row.id),
    world: String(row.world),
    attempts: Number(row.attempts),
    version: Number(row.version),
  }))
}

/** Prolongs a claim while its work goes on. False when somebody else has it or it is settled. */
export async function holdDue(system: PostgresJsDatabase, row: DueRow, leaseMs: number): Promise<boolean> {
  const held = await system.execute(sql`
    update due set claimed_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where tenant_id = ${row.tenantId} and kind = ${row.kind} and id = ${row.id}
    returning 1`)
  return held.length > 0
}

/** Ends a claim after its work: the row goes, unless somebody put it again meanwhile; then it is free at its new time. */
export async function finishDue(system: PostgresJsDatabase, row: DueRow): Promise<void> {
  await system.execute(sql`
    delete from due where tenant_id = ${row.tenantId} and kind = ${row.kind} and id = ${row.id} and version = ${row.version}`)
  await system.execute(sql`
    update due set claimed_until = null where tenant_id = ${row.tenantId} and kind = ${row.kind} and id = ${row.id}`)
}

/** The next business time at which anything is due, so that a scheduler can sleep until then. */
export async function findNextDue(system: PostgresJsDatabase, world: string): Promise<string | undefined> {
  const [row] = await system.execute(sql`
    select to_char(min(greatest(due_at, coalesce(claimed_until, due_at))) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from due where world = ${world}`)
  return row?.at ? String(row.at) : undefined
}
