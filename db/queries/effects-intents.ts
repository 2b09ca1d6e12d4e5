/** The outbox. Every move is conditional on where the row stands and who holds it, so that two movers cannot both win. */
import { and, asc, desc, eq, gt, inArray, like, or, type SQL, sql } from 'drizzle-orm'
import type { ActState } from '../../runtime/core/effect.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { intent, publication } from '../schema/effects.ts'
import type { Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

export type IntentRow = typeof intent.$inferSelect
export type NewIntent = Omit<typeof intent.$inferInsert, 'tenantId'>
export type IntentPatch = Partial<Omit<NewIntent, 'id' | 'key' | 'verb' | 'targetId' | 'world' | 'accountId'>>

const isIntent = (tx: Tx, id: string) => and(eq(intent.tenantId, tx.tenantId), eq(intent.id, id))

export async function findIntent(tx: Tx, id: string): Promise<IntentRow | undefined> {
  return firstRow(await tx.db.select().from(intent).where(isIntent(tx, id)))
}

export async function getIntent(tx: Tx, id: string): Promise<IntentRow> {
  const row = await findIntent(tx, id)
  if (!row) throw new StakazoError('not-found', `there is no act ${id}`)
  return row
}

/** Every attempt at one act, newest first: the key itself, then `key#2`, `key#3` … for renewals. */
export const listAttempts = (tx: Tx, key: string): Promise<IntentRow[]> =>
  tx.db
    .select()
    .from(intent)
    .where(and(eq(intent.tenantId, tx.tenantId), or(eq(intent.key, key), like(intent.key, `${key}#%`))))
    .orderBy(desc(intent.createdAt), desc(intent.id))

/** Every act ever asked for on one target, newest first. */
export const listAttemptsOn = (tx: Tx, targetId: string): Promise<IntentRow[]> =>
  tx.db
    .select()
    .from(intent)
    .where(and(eq(intent.tenantId, tx.tenantId), eq(intent.targetId, targetId)))
    .orderBy(desc(intent.createdAt), desc(intent.id))

export async function insertIntent(tx: Tx, row: NewIntent): Promise<IntentRow> {
  const saved = firstRow(
    await tx.db
      .insert(intent)
      .values({ ...row, tenantId: tx.tenantId })
      .returning(),
  )
  if (!saved) throw new StakazoError('bug', 'the act was not stored')
  return saved
}

/** Takes the row over by the database's clock; undefined while somebody else holds it or it has ended. */
export async function claimIntent(
  tx: Tx,
  id: string,
  options: { world: string; states: readonly ActState[]; leaseMs: number },
): Promise<IntentRow | undefined> {
  return firstRow(
    await tx.db
      .update(intent)
      .set({ leaseEpoch: sql`${intent.leaseEpoch} + 1`, leaseUntil: leaseEnd(options.leaseMs) })
      .where(
        and(
          isIntent(tx, id),
          eq(intent.world, options.world),
          inArray(intent.state, [...options.states]),
          sql`(${intent.leaseUntil} is null or ${intent.leaseUntil} < clock_timestamp())`,
        ),
      )
      .returning(),
  )
}

/** Milliseconds until whoever holds it would lose it; 0 when nobody does. */
export async function readLeaseLeftMs(tx: Tx, id: string): Promise<number> {
  const left = sql<string>`greatest(0, extract(epoch from ${intent.leaseUntil} - clock_timestamp()) * 1000)`
  const row = firstRow(await tx.db.select({ left }).from(intent).where(isIntent(tx, id)))
  return Math.ceil(Number(row?.left ?? 0))
}

/** Prolongs a claim; false when it was lost. */
export async function renewIntent(tx: Tx, id: string, epoch: number, leaseMs: number): Promise<boolean> {
  const held = await tx.db
    .update(intent)
    .set({ leaseUntil: leaseEnd(leaseMs) })
    .where(and(isIntent(tx, id), eq(intent.leaseEpoch, epoch), sql`${intent.leaseUntil} > clock_timestamp()`))
    .returning({ id: intent.id })
  return held.length > 0
}

const leaseEnd = (leaseMs: number): SQL => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`

/** Moves the row where it stands in `from` and, when `epoch` is given, still belongs to that owner. */
export async function moveIntent(
  tx: Tx,
  id: string,
  from: readonly ActState[],
  patch: IntentPatch,
  epoch?: number,
): Promise<IntentRow | undefined> {
  const rows = await tx.db
    .update(intent)
    .set(patch)
    .where(
      and(
        isIntent(tx, id),
        inArray(intent.state, [...from]),
        epoch === undefined ? undefined : eq(intent.leaseEpoch, epoch),
      ),
    )
    .returning()
  return firstRow(rows)
}

export const listIntents = (
  tx: Tx,
  filter: { states?: readonly ActState[]; taskId?: string; accountId?: string; brandId?: string },
): Promise<IntentRow[]> =>
  tx.db
    .select()
    .from(intent)
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        filter.states ? inArray(intent.state, [...filter.states]) : undefined,
        filter.taskId ? eq(intent.taskId, filter.taskId) : undefined,
        filter.accountId ? eq(intent.accountId, filter.accountId) : undefined,
        filter.brandId ? eq(intent.brandId, filter.brandId) : undefined,
      ),
    )
    .orderBy(asc(intent.dueAt), asc(intent.id))

/** Acts of an account that armed since, for the breaker. Acts on other targets only: a retry is no second act. */
export async function listArmed(
  tx: Tx,
  filter: { accountId: string; verb: string; since: string; exceptId: string },
): Promise<{ armedAt: string; payload: Record<string, unknown> }[]> {
  const rows = await tx.db
    .select({ armedAt: intent.armedAt, payload: intent.payload })
    .from(intent)
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        eq(intent.accountId, filter.accountId),
        eq(intent.verb, filter.verb),
        gt(intent.armedAt, filter.since),
        sql`${intent.id} <> ${filter.exceptId}`,
        sql`${intent.state} not in ('cancelled', 'missed')`,
      ),
    )
    .orderBy(desc(intent.armedAt))
    .limit(500)
  return rows.flatMap(({ armedAt, payload }) => (armedAt === null ? [] : [{ armedAt, payload }]))
}

/** The publication shows what its act does; the act is the truth. */
export async function mirrorPublication(
  tx: Tx,
  id: string,
  set: Partial<Omit<typeof publication.$inferInsert, 'tenantId' | 'id' | 'postId' | 'accountId'>>,
): Promise<void> {
  await tx.db
    .update(publication)
    .set(set)
    .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id)))
}
