/**
 * Keeps one fact. What held before is closed, never deleted, so that "what was valid then" stays answerable; a value of
 * less trust never closes one of more.
 */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { memEvidence, memFact } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import { canonicalJson } from '../runtime/core/digest.ts'
import { newId } from '../runtime/core/ids.ts'
import type { MemoryWriter } from '../runtime/core/ports/memory.ts'
import { TRUST, type Trust } from '../runtime/core/trust.ts'
import { appendItems, holdEpisode } from './append-items.ts'
import { countProofs } from './count-proofs.ts'
import type { MemoryScope } from './scope.ts'
import { toSearch } from './search-vector.ts'
import { toKey } from './words.ts'

export type NewFact = Parameters<MemoryWriter['remember']>[0]
type Remembered = Awaited<ReturnType<MemoryWriter['remember']>>

interface Kept extends Required<Omit<NewFact, 'value'>> {
  readonly value: unknown
  readonly trust: Trust
}

const MIDDLING = 0.5

export async function remember(
  tx: Tx,
  clock: Clock,
  scope: MemoryScope,
  fresh: NewFact,
  trust: Trust,
): Promise<Remembered> {
  const fact = toKept(fresh, trust)
  const topic = [tx.tenantId, scope.brandId, fact.subject, fact.predicate].join('/')
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${topic}, 0))`)
  const evidence = await keepEvidence(tx, clock, scope, fact)
  const open = await listOpen(tx, scope, fact)
  const same = open.find((one) => isSame(one, fact) && one.trust >= fact.trust)
  const rivals = open.filter((one) => one !== same && isRival(one, fact))
  if (same) {
    const superseded = rivals.filter((one) => one.trust <= fact.trust).map((one) => one.id)
    await close(tx, superseded, same.id, clock.now())
    await rest(tx, same.id, evidence)
    return { id: same.id, superseded }
  }
  const stronger = rivals.find((one) => one.trust > fact.trust)
  const id = newId(clock)
  const now = clock.now()
  const superseded = stronger ? [] : rivals.map((one) => one.id)
  await close(tx, superseded, id, now)
  await tx.db.insert(memFact).values({
    ...fact,
    ...{ tenantId: tx.tenantId, id, brandId: scope.brandId, agent: scope.agent },
    search: toSearch(fresh.subject, fresh.predicate, fact.text),
    isSingleValued: Number(fact.isSingleValued),
    ...{ proofs: 1, validFrom: now, recordedAt: now },
    // It was said, and it does not hold: what is trusted more says otherwise.
    ...(stronger ? { validTo: now, supersededBy: stronger.id } : {}),
  })
  await rest(tx, id, evidence)
  return { id, superseded }
}

/** What strangers wrote is kept as something observed, whatever it claims to be. */
const toKept = (fresh: NewFact, trust: Trust): Kept => ({
  subject: toKey(fresh.subject),
  predicate: toKey(fresh.predicate),
  text: fresh.text,
  value: fresh.value ?? null,
  kind: trust === TRUST.foreign ? 'observation' : (fresh.kind ?? 'fact'),
  isSingleValued: fresh.isSingleValued ?? false,
  importance: Math.min(1, Math.max(0, fresh.importance ?? MIDDLING)),
  scope: fresh.scope ?? 'brand',
  trust,
})

/** The sentence as it was said, in the task's episode; without a task it is an episode of its own. */
async function keepEvidence(tx: Tx, clock: Clock, scope: MemoryScope, fact: Kept): Promise<string[]> {
  const { brandId, agent, taskId = null } = scope
  const startedAt = clock.now()
  const episode = { id: taskId ?? newId(clock), brandId, agent, taskId, title: fact.text, startedAt }
  await holdEpisode(tx, { ...episode, trust: fact.trust })
  const item = { actor: agent, body: fact.text, source: 'remember', occurredAt: startedAt }
  const { trust, importance } = fact
  return appendItems(tx, clock, episode, [{ ...item, trust, importance, scope: fact.scope }])
}

const listOpen = (tx: Tx, { brandId, agent }: MemoryScope, fact: Kept) =>
  tx.db
    .select()
    .from(memFact)
    .where(
      and(
        ...[eq(memFact.tenantId, tx.tenantId), eq(memFact.brandId, brandId), eq(memFact.scope, fact.scope)],
        fact.scope === 'agent' ? eq(memFact.agent, agent) : undefined,
        ...[eq(memFact.subject, fact.subject), eq(memFact.predicate, fact.predicate)],
        ...[isNull(memFact.validTo), isNull(memFact.retractedAt)],
      ),
    )

type Open = typeof memFact.$inferSelect

const isSame = (open: Open, fact: Kept): boolean =>
  toKey(open.text) === toKey(fact.text) && canonicalJson(open.value) === canonicalJson(fact.value)

/** Cannot hold beside the new one: another value where one holds at a time, or the same words on less trust. */
const isRival = (open: Open, fact: Kept): boolean =>
  fact.isSingleValued || open.isSingleValued === 1 || isSame(open, fact)

const close = (tx: Tx, ids: readonly string[], supersededBy: string, at: string) =>
  ids.length === 0
    ? undefined
    : tx.db
        .update(memFact)
        .set({ validTo: at, supersededBy })
        .where(and(eq(memFact.tenantId, tx.tenantId), inArray(memFact.id, [...ids])))

async function rest(tx: Tx, factId: string, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return
  await tx.db
    .insert(memEvidence)
    .values(itemIds.map((itemId) => ({ tenantId: tx.tenantId, factId, itemId })))
    .onConflictDoNothing()
  await countProofs(tx, [factId])
}
