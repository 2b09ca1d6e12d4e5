/** Where the words of a question stand: one scan of the brand's items, one of its facts that hold. */
import { and, desc, eq, exists, gt, isNull, lte, notExists, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { memEvidence, memFact, memItem } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import { type MemoryScope, type Reach, within } from './scope.ts'
import { termQuery } from './search-vector.ts'
import { toWords } from './words.ts'

export interface ItemHit {
  readonly id: string
  readonly episodeId: string
  readonly seq: number
  /** For each term, in its order, how surely the text speaks of it: 0 to 1, as `ts_rank` saturates repeats. */
  readonly strengths: readonly number[]
}

export interface FactHit {
  readonly id: string
  readonly strengths: readonly number[]
  /** Items the fact rests on. */
  readonly evidence: readonly string[]
}

export interface Hits {
  readonly terms: readonly string[]
  /** Rarity of each term among the brand's items and facts. */
  readonly rarity: readonly number[]
  readonly items: readonly ItemHit[]
  readonly facts: readonly FactHit[]
}

export interface Question {
  readonly query: string
  readonly scope: MemoryScope
  readonly reach: Reach
  /** Only what had happened, and only facts that held, at this instant. */
  readonly asOf: string | undefined
}

/** More terms cost time and bring noise; the rarest decide. */
const TERMS_MAX = 12
/** A pasted page is no question. */
const QUERY_WORDS_MAX = 64
/** Enough that the legs beyond the body find their hundred candidates each. */
const ITEM_HITS_MAX = 400
const FACT_HITS_MAX = 200
/** `ts_rank` gives an unweighted word at most 0.1. */
const FULL_RANK = 10

export async function findHits(tx: Tx, question: Question): Promise<Hits> {
  const asked = [...new Set(toWords(question.query))].slice(0, QUERY_WORDS_MAX)
  if (asked.length === 0) return { terms: [], rarity: [], items: [], facts: [] }
  const all = await weighTerms(tx, question, asked)
  const rarest = all.toSorted((a, b) => b.rarity - a.rarity).slice(0, TERMS_MAX)
  const terms = rarest.map((one) => one.term)
  const rarity = rarest.map((one) => one.rarity)
  const items = await findItems(tx, question, terms, rarity)
  const facts = await findFacts(tx, question, terms, rarity)
  return { terms, rarity, items, facts }
}

/** Rarity as BM25 has it; a word nobody ever wrote is the rarest, which is how "never said" shows. */
async function weighTerms(tx: Tx, question: Question, terms: readonly string[]) {
  const [items = []] = await countTerms(tx, memItem, itemsOf(tx, question), terms)
  const [facts = []] = await countTerms(tx, memFact, factsOf(tx, question), terms)
  const total = Number(items[0] ?? 0) + Number(facts[0] ?? 0)
  return terms.map((term, index) => {
    const found = Number(items[index + 1] ?? 0) + Number(facts[index + 1] ?? 0)
    return { term, rarity: Math.log(1 + (total - found + 0.5) / (found + 0.5)) }
  })
}

async function countTerms(
  tx: Tx,
  table: typeof memItem | typeof memFact,
  where: SQL | undefined,
  terms: readonly string[],
): Promise<number[][]> {
  const counts = terms.map((term) => sql`count(*) filter (where ${table.search} @@ ${termQuery(term)})`)
  const rows = await tx.db
    .select({ counts: sql<number[]>`array[count(*), ${sql.join(counts, sql`, `)}]::int[]` })
    .from(table)
    .where(where)
  return rows.map((row) => row.counts)
}

const itemsOf = (tx: Tx, { scope, reach, asOf }: Question) =>
  and(within(tx, memItem, scope, reach), asOf ? lte(memItem.occurredAt, asOf) : undefined)

/** Facts that hold, now or at the instant asked for. What was taken back never held. */
export const factsOf = (tx: Tx, { scope, reach, asOf }: Question) =>
  and(
    within(tx, memFact, scope, reach),
    isNull(memFact.retractedAt),
    asOf
      ? and(lte(memFact.validFrom, asOf), or(isNull(memFact.validTo), gt(memFact.validTo, asOf)))
      : isNull(memFact.validTo),
  )

/**
 * What a fact rested on goes the way of the fact: a sentence whose every fact was replaced must not come back as
 * something that was said.
 */
export const isNotOutdated = (tx: Tx, question: Question): SQL | undefined => {
  const rests = and(eq(memEvidence.tenantId, memItem.tenantId), eq(memEvidence.itemId, memItem.id))
  const any = tx.db.select({ id: memEvidence.factId }).from(memEvidence).where(rests)
  const holding = tx.db
    .select({ id: memFact.id })
    .from(memEvidence)
    .innerJoin(memFact, and(eq(memFact.tenantId, memEvidence.tenantId), eq(memFact.id, memEvidence.factId)))
    .where(and(rests, factsOf(tx, question)))
  return or(notExists(any), exists(holding))
}

const strengthsOf = (search: AnyPgColumn, terms: readonly string[]) =>
  terms.map((term) => sql`ts_rank(${search}, ${termQuery(term)}) * ${FULL_RANK}::float8`)

const asArray = (parts: readonly SQL[]) => sql<number[]>`array[${sql.join([...parts], sql`, `)}]::float8[]`

const weighed = (strengths: readonly SQL[], rarity: readonly number[]) =>
  sql.join(
    strengths.map((strength, index) => sql`${strength} * ${rarity[index] ?? 0}::float8`),
    sql` + `,
  )

const speaksOfAny = (search: AnyPgColumn, terms: readonly string[]) =>
  sql`${search} @@ ${terms.map((term) => `'${term}'`).join(' | ')}::tsquery`

function findItems(tx: Tx, question: Question, terms: readonly string[], rarity: readonly number[]) {
  const strengths = strengthsOf(memItem.search, terms)
  return tx.db
    .select({
      id: memItem.id,
      episodeId: memItem.episodeId,
      seq: memItem.seq,
      strengths: asArray(strengths),
    })
    .from(memItem)
    .where(and(itemsOf(tx, question), speaksOfAny(memItem.search, terms)))
    .orderBy(desc(weighed(strengths, rarity)), desc(memItem.occurredAt), memItem.id)
    .limit(ITEM_HITS_MAX)
}

async function findFacts(tx: Tx, question: Question, terms: readonly string[], rarity: readonly number[]) {
  const strengths = strengthsOf(memFact.search, terms)
  const evidence = tx.db
    .select({ ids: sql<string[]>`coalesce(array_agg(${memEvidence.itemId}), '{}')` })
    .from(memEvidence)
    .where(and(eq(memEvidence.tenantId, memFact.tenantId), eq(memEvidence.factId, memFact.id)))
  return tx.db
    .select({ id: memFact.id, strengths: asArray(strengths), evidence: sql<string[]>`(${evidence})` })
    .from(memFact)
    .where(and(factsOf(tx, question), speaksOfAny(memFact.search, terms)))
    .orderBy(desc(weighed(strengths, rarity)), desc(memFact.recordedAt), memFact.id)
    .limit(FACT_HITS_MAX)
}
