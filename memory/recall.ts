/** Answers a question from what is kept: legs found, ranked, packed. Nothing above the floor is an answer, too. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { memFact, memItem } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import type { MemoryReader, Recalled } from '../runtime/core/ports/memory.ts'
import type { Trust } from '../runtime/core/trust.ts'
import { readDate } from './date-window.ts'
import { factsOf, findHits, type Hits, isNotOutdated, type Question } from './find-hits.ts'
import { pack, render } from './pack.ts'
import { type Asked, rankFacts, rankItems } from './rank.ts'
import { type MemoryScope, within } from './scope.ts'
import { type Legs, placeOf, scoreFact, scoreItems } from './score-legs.ts'
import type { Embeddings, Near, Vectors } from './vectors/vectors.ts'
import { toWords } from './words.ts'

export interface RecallPorts {
  readonly db: Database
  readonly clock: Clock
  readonly vectors: Vectors
  readonly embeddings: Embeddings | undefined
  readonly onLateFailure: (error: unknown) => void
}

const LIMIT = 8
const BUDGET_TOKENS = 1_500
/** Candidates a leg brings; half as many cost half a point of recall. */
const CANDIDATES = 100

type RecallOptions = Parameters<MemoryReader['recall']>[1]

export async function recall(
  ports: RecallPorts,
  scope: MemoryScope,
  query: string,
  options: RecallOptions = {},
): Promise<Recalled[]> {
  const { limit = LIMIT, budgetTokens = BUDGET_TOKENS, scope: reach = 'brand', asOf } = options
  const now = asOf ?? ports.clock.now()
  const { window, rest } = readDate(query, now)
  const question: Question = { query: rest, scope, reach, asOf }
  const asked: Asked = { words: new Set(toWords(rest)), window, now }
  const vector = await embedQuestion(ports, scope.tenantId, query)
  const found = await ports.db.tenant(scope.tenantId, async (tx) => {
    const hits = await findHits(tx, question)
    const near = await findNear(tx, ports, question, vector)
    return {
      facts: await loadFacts(tx, question, hits, near),
      items: await loadItems(tx, question, hits, near),
    }
  })
  const facts = rankFacts(asked, found.facts).map(({ row, score }) =>
    toRecalled('fact', row, row.text, row.validFrom, score),
  )
  const items = rankItems(asked, found.items).map(({ row, score }) =>
    toRecalled('item', row, row.body, row.occurredAt, score),
  )
  return pack(facts.map(render), items.map(render), { limit, budgetTokens })
}

/** Without the provider recall goes on by words alone. */
async function embedQuestion({ embeddings, onLateFailure }: RecallPorts, tenantId: string, query: string) {
  try {
    return (await embeddings?.embed(tenantId, [query]))?.[0]
  } catch (error) {
    onLateFailure(error)
    return undefined
  }
}

async function findNear(
  tx: Tx,
  { vectors, embeddings }: RecallPorts,
  { scope }: Question,
  vector: readonly number[] | undefined,
): Promise<Near[]> {
  if (!vector || !embeddings) return []
  return vectors.search(tx, { brandId: scope.brandId, model: embeddings.name, vector, k: CANDIDATES })
}

const cosines = (near: readonly Near[], kind: Near['ownerKind']): Map<string, number> =>
  new Map(near.filter((one) => one.ownerKind === kind).map((one) => [one.ownerId, one.cosine]))

async function loadFacts(tx: Tx, question: Question, hits: Hits, near: readonly Near[]) {
  const legs = new Map(hits.facts.map((hit) => [hit.id, scoreFact(hit, hits.rarity)]))
  const cosine = cosines(near, 'fact')
  const ids = [...new Set([...legs.keys(), ...cosine.keys()])]
  if (ids.length === 0) return []
  const rows = await tx.db
    .select({
      id: memFact.id,
      agent: memFact.agent,
      subject: memFact.subject,
      kind: memFact.kind,
      text: memFact.text,
      trust: memFact.trust,
      importance: memFact.importance,
      proofs: memFact.proofs,
      validFrom: memFact.validFrom,
    })
    .from(memFact)
    .where(and(factsOf(tx, question), inArray(memFact.id, ids)))
  return rows.map((row) => ({
    ...row,
    source: `${row.kind} kept by ${row.agent}`,
    legs: legs.get(row.id),
    cosine: cosine.get(row.id) ?? 0,
  }))
}

/** Best by words and context before actor, date and age are known; a leg's best hundred always come along. */
function preselect(legs: readonly Legs[]): Legs[] {
  const keys = ['body', 'context', 'episode', 'evidence'] as const
  const best = keys.flatMap((key) => legs.toSorted((a, b) => b[key] - a[key]).slice(0, CANDIDATES))
  return [...new Set(best)]
}

async function loadItems(tx: Tx, question: Question, hits: Hits, near: readonly Near[]) {
  const { scope, reach, asOf } = question
  const legs = new Map(preselect(scoreItems(hits)).map((one) => [placeOf(one.episodeId, one.seq), one]))
  const cosine = cosines(near, 'item')
  const ids = [...(await findAt(tx, [...legs.values()])), ...cosine.keys()]
  if (ids.length === 0) return []
  const rows = await tx.db
    .select({
      id: memItem.id,
      episodeId: memItem.episodeId,
      seq: memItem.seq,
      actor: memItem.actor,
      body: memItem.body,
      source: memItem.source,
      trust: memItem.trust,
      importance: memItem.importance,
      occurredAt: memItem.occurredAt,
    })
    .from(memItem)
    .where(
      and(
        within(tx, memItem, scope, reach),
        isNotOutdated(tx, question),
        asOf ? sql`${memItem.occurredAt} <= ${asOf}` : undefined,
        inArray(memItem.id, ids),
      ),
    )
  return rows.map((row) => ({
    ...row,
    legs: legs.get(placeOf(row.episodeId, row.seq)),
    cosine: cosine.get(row.id) ?? 0,
  }))
}

/** Ids first: joined with the filters of the load below Postgres walked all of a brand's 20,000 items. */
async function findAt(tx: Tx, legs: readonly Legs[]): Promise<string[]> {
  if (legs.length === 0) return []
  const episodes = toArray(legs.map((one) => one.episodeId))
  const seqs = toArray(legs.map((one) => one.seq))
  const rows = await tx.db
    .select({ id: memItem.id })
    .from(memItem)
    .innerJoin(
      sql`unnest(${episodes}::uuid[], ${seqs}::int[]) as place(episode_id, seq)`,
      sql`place.episode_id = ${memItem.episodeId} and place.seq = ${memItem.seq}`,
    )
    .where(eq(memItem.tenantId, tx.tenantId))
  return rows.map((row) => row.id)
}

/** drizzle spreads an array into parameters; Postgres reads this text as one. Ids and numbers need no quotes. */
const toArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`

const toRecalled = (
  kind: Recalled['kind'],
  row: { id: string; source: string; trust: number },
  text: string,
  at: string,
  score: number,
): Recalled => ({
  id: row.id,
  kind,
  text,
  at,
  source: row.source,
  trust: row.trust as Trust,
  score: Math.round(score * 1_000) / 1_000,
})
