/** The tidying of a tenant's memory, in bounded steps and without a model. One at a time per tenant; safe to repeat. */
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, notExists, or, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { memEmbedding, memEpisode, memEvidence, memFact, memItem } from '../db/schema/memory.ts'
import { run } from '../db/schema/runs.ts'
import type { Tx } from '../db/tx.ts'
import { addMs, type Clock, DAY } from '../runtime/core/clock.ts'
import { TRUST } from '../runtime/core/trust.ts'
import { countProofs } from './count-proofs.ts'
import { keepEpisode } from './keep-episode.ts'
import { isNearDuplicate } from './near-duplicate.ts'
import { removeVectors } from './vectors/store-vectors.ts'

export interface Consolidated {
  /** Ended tasks whose episode was not kept, after a crash between the two. */
  readonly kept: number
  /** Facts found to say what another says. */
  readonly merged: number
  /** Items past their time. */
  readonly expired: number
  /** Facts without evidence and vectors without owner; more than 0 before is a fault of ours. */
  readonly orphans: number
  readonly embedded: number
}

const EPISODES_A_RUN = 50
const FACTS_A_RUN = 500
const ITEMS_A_RUN = 1_000

/** What was said is kept for half a year, what strangers said for two months; what a fact rests on, as long as the fact. */
const ITEMS_KEPT_MS = 180 * DAY
const FOREIGN_KEPT_MS = 60 * DAY

export async function consolidate(
  db: Database,
  clock: Clock,
  tenantId: string,
): Promise<Omit<Consolidated, 'embedded'>> {
  return db.tenant(tenantId, async (tx) => {
    const none = { kept: 0, merged: 0, expired: 0, orphans: 0 }
    if (!(await isAlone(tx))) return none
    return {
      kept: await keepForgotten(tx, clock),
      merged: await mergeDuplicates(tx, clock),
      expired: await expireItems(tx, clock),
      orphans: await dropOrphans(tx),
    }
  })
}

async function isAlone(tx: Tx): Promise<boolean> {
  const key = `memory/${tx.tenantId}`
  const rows = await tx.db.execute(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as is_mine`,
  )
  return rows[0]?.is_mine === true
}

async function keepForgotten(tx: Tx, clock: Clock): Promise<number> {
  const closed = tx.db
    .select({ id: memEpisode.id })
    .from(memEpisode)
    .where(
      and(
        eq(memEpisode.tenantId, run.tenantId),
        eq(memEpisode.taskId, run.id),
        isNotNull(memEpisode.endedAt),
      ),
    )
  const waiting = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(
      and(
        ...[eq(run.tenantId, tx.tenantId), eq(run.kind, 'task'), isNotNull(run.endedAt), notExists(closed)],
        // Older ones would be kept now and expire with the next step.
        sql`${run.endedAt} > ${addMs(clock.now(), -FOREIGN_KEPT_MS)}`,
      ),
    )
    .orderBy(asc(run.endedAt))
    .limit(EPISODES_A_RUN)
  for (const { id } of waiting) await keepEpisode(tx, clock, id)
  return waiting.length
}

/** Facts that changed last, each against those of its subject and predicate; the older one of a pair stays. */
async function mergeDuplicates(tx: Tx, clock: Clock): Promise<number> {
  const facts = await tx.db
    .select()
    .from(memFact)
    .where(and(eq(memFact.tenantId, tx.tenantId), isNull(memFact.validTo), isNull(memFact.retractedAt)))
    .orderBy(desc(memFact.recordedAt), desc(memFact.id))
    .limit(FACTS_A_RUN)
  const topics = Map.groupBy(facts, ({ brandId, scope, agent, kind, trust, subject, predicate, value }) =>
    JSON.stringify([brandId, scope, scope === 'agent' ? agent : '', kind, trust, subject, predicate, value]),
  )
  let merged = 0
  for (const topic of topics.values()) {
    const kept: typeof facts = []
    for (const fact of topic.toReversed()) {
      const twin = kept.find((one) => isNearDuplicate(one.text, fact.text))
      if (!twin) kept.push(fact)
      else merged += await merge(tx, clock, fact.id, twin.id)
    }
  }
  return merged
}

async function merge(tx: Tx, clock: Clock, goes: string, stays: string): Promise<1> {
  await tx.db.execute(
    sql`insert into ${memEvidence} (tenant_id, fact_id, item_id)
      select tenant_id, ${stays}::uuid, item_id from ${memEvidence}
      where tenant_id = ${tx.tenantId} and fact_id = ${goes}::uuid on conflict do nothing`,
  )
  await tx.db
    .update(memFact)
    .set({ retractedAt: clock.now(), supersededBy: stays })
    .where(and(eq(memFact.tenantId, tx.tenantId), eq(memFact.id, goes)))
  await countProofs(tx, [stays])
  return 1
}

async function expireItems(tx: Tx, clock: Clock): Promise<number> {
  const supports = tx.db
    .select({ id: memEvidence.itemId })
    .from(memEvidence)
    .where(and(eq(memEvidence.tenantId, memItem.tenantId), eq(memEvidence.itemId, memItem.id)))
  const now = clock.now()
  const old = await tx.db
    .select({ id: memItem.id })
    .from(memItem)
    .where(
      and(
        ...[eq(memItem.tenantId, tx.tenantId), notExists(supports)],
        or(
          lt(memItem.occurredAt, addMs(now, -ITEMS_KEPT_MS)),
          and(eq(memItem.trust, TRUST.foreign), lt(memItem.occurredAt, addMs(now, -FOREIGN_KEPT_MS))),
        ),
      ),
    )
    .orderBy(asc(memItem.occurredAt))
    .limit(ITEMS_A_RUN)
  const ids = old.map((row) => row.id)
  await removeItems(tx, ids)
  return ids.length
}

/** Evidence goes with them by its foreign key. */
export async function removeItems(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.db.delete(memItem).where(and(eq(memItem.tenantId, tx.tenantId), inArray(memItem.id, [...ids])))
  await removeVectors(tx, 'item', ids)
}

export async function dropOrphans(tx: Tx): Promise<number> {
  const evidence = tx.db
    .select({ id: memEvidence.itemId })
    .from(memEvidence)
    .where(and(eq(memEvidence.tenantId, memFact.tenantId), eq(memEvidence.factId, memFact.id)))
  const facts = await tx.db
    .delete(memFact)
    .where(and(eq(memFact.tenantId, tx.tenantId), isNull(memFact.retractedAt), notExists(evidence)))
    .returning({ id: memFact.id })
  await removeVectors(
    tx,
    'fact',
    facts.map((row) => row.id),
  )
  return facts.length + (await dropLonelyVectors(tx))
}

async function dropLonelyVectors(tx: Tx): Promise<number> {
  const owners = [
    ['item', memItem],
    ['fact', memFact],
  ] as const
  let dropped = 0
  for (const [kind, table] of owners) {
    const owner = tx.db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.tenantId, memEmbedding.tenantId), eq(table.id, memEmbedding.ownerId)))
    const lonely = await tx.db
      .select({ id: memEmbedding.ownerId })
      .from(memEmbedding)
      .where(and(eq(memEmbedding.tenantId, tx.tenantId), eq(memEmbedding.ownerKind, kind), notExists(owner)))
    const ids = [...new Set(lonely.map((row) => row.id))]
    await removeVectors(tx, kind, ids)
    dropped += ids.length
  }
  return dropped
}
