/**
 * What must happen at a business time. The row is the truth; a queue only wakes somebody who then claims the row.
 * A claim is a lease by the database's clock: a worker that dies lets it run out, and the row is due again.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { due } from '../schema/record.ts'
import type { Tx } from '../tx.ts'

export interface DueRow {
  tenantId: string
  kind: string
  id: string
  world: string
  attempts: number
  version: number
  /** The claim's own mark, by the database's clock: whoever claims later has a later one. */
  claimedUntil: string
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
 * Rows due at `now` that nobody holds, one tenant after the other so that a flood of one cannot starve the rest.
 * Only looks; whoever is woken claims.
 */
export async function listDue(
  system: PostgresJsDatabase,
  options: { now: string; world: string; limit: number },
): Promise<Pick<DueRow, 'tenantId' | 'kind' | 'id'>[]> {
  const rows = await system.execute(sql`
    select tenant_id, kind, id from (
      select tenant_id, kind, id, due_at, row_number() over (partition by tenant_id order by due_at) as place
      from due
      where due_at <= ${options.now}::timestamptz and world = ${options.world}
        and (claimed_until is null or claimed_until < clock_timestamp())
    ) waiting order by place, due_at limit ${options.limit}`)
  return rows.map((row) => ({ tenantId: String(row.tenant_id), kind: String(row.kind), id: String(row.id) }))
}

/** Takes a due row for `leaseMs`; undefined when it is not due, settled, or held by somebody else. */
export async function claimDue(
  system: PostgresJsDatabase,
  ref: Pick<DueRow, 'tenantId' | 'kind' | 'id'>,
  options: { now: string; world: string; leaseMs: number },
): Promise<DueRow | undefined> {
  const [row] = await system.execute(sql`
    update due set claimed_until = clock_timestamp() + ${options.leaseMs} * interval '1 millisecond', attempts = attempts + 1
    where tenant_id = ${ref.tenantId} and kind = ${ref.kind} and id = ${ref.id} and world = ${options.world}
      and due_at <= ${options.now}::timestamptz and (claimed_until is null or claimed_until < clock_timestamp())
    returning attempts, version, claimed_until::text as claimed_until`)
  if (!row) return undefined
  const { attempts, version, claimed_until: claimedUntil } = row
  return {
    ...ref,
    world: options.world,
    attempts: Number(attempts),
    version: Number(version),
    claimedUntil: String(claimedUntil),
  }
}

/** Prolongs a claim while its work goes on: the claim as it is now, undefined when somebody else has it or it is settled. */
export async function holdDue(
  system: PostgresJsDatabase,
  row: DueRow,
  leaseMs: number,
): Promise<DueRow | undefined> {
  const [held] = await system.execute(sql`
    update due set claimed_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where ${isClaim(row)} returning claimed_until::text as claimed_until`)
  return held && { ...row, claimedUntil: String(held.claimed_until) }
}

/**
 * Ends a claim after its work: the row goes, unless somebody put it again meanwhile; then it is free at its new time
 * and the answer is true. A claim that was lost ends nothing: the row is another worker's promise now.
 */
export async function finishDue(system: PostgresJsDatabase, row: DueRow): Promise<boolean> {
  await system.execute(sql`delete from due where ${isClaim(row)} and version = ${row.version}`)
  return (await freeDue(system, row, 0)) > 0
}

/** Gives a claim back, to be taken again after `delayMs`. */
export async function freeDue(system: PostgresJsDatabase, row: DueRow, delayMs: number): Promise<number> {
  const freed = await system.execute(sql`
    update due set claimed_until = case when ${delayMs} > 0 then clock_timestamp() + ${delayMs} * interval '1 millisecond' end
    where ${isClaim(row)} returning 1`)
  return freed.length
}

const isClaim = ({ tenantId, kind, id, claimedUntil }: DueRow) =>
  sql`tenant_id = ${tenantId} and kind = ${kind} and id = ${id} and claimed_until = ${claimedUntil}::timestamptz`
