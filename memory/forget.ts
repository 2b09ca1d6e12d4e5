/**
 * Erases a person: memories that speak of them go, their name in every other row is struck out, and the transaction
 * counts only when a search of every column of the tenant finds nothing any more.
 */
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { memEpisode, memErasure, memEvidence, memFact, memItem, memRelation } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import { canonicalJson, hmacSha256Hex } from '../runtime/core/digest.ts'
import { StakazoError } from '../runtime/core/errors.ts'
import { newId } from '../runtime/core/ids.ts'
import { systemRandom } from '../runtime/core/random.ts'
import { dropOrphans, removeItems } from './consolidate.ts'
import { countProofs } from './count-proofs.ts'
import type { ShortTermStore } from './short-term/short-term.ts'
import { type Subject, type SubjectPattern, toSubjectPattern } from './subject-pattern.ts'
import { summarise } from './summarise.ts'
import { listTextColumns, speaksOf, type TextColumn } from './tenant-columns.ts'
import { removeVectors } from './vectors/store-vectors.ts'

export interface Erasure {
  readonly id: string
  /** Rows removed or rewritten, by table. */
  readonly counts: Readonly<Record<string, number>>
  /**
   * Deleted rows survive in the files, a plain VACUUM included. To be run by the schema's owner outside a transaction;
   * after it a search of the tables' files finds nothing.
   */
  readonly physical: readonly string[]
  /** What no search of the database can answer for. */
  readonly notCovered: readonly string[]
}

const STRUCK_OUT = '[erased]'

const NOT_COVERED = [
  'bytes of blobs: films, pictures and vault files that show or name the person',
  'backups, replicas and the write-ahead log until they are overwritten: they end with their retention',
  'what a platform or a model provider was sent',
]

export async function forget(
  db: Database,
  clock: Clock,
  shortTerm: ShortTermStore,
  tenantId: string,
  subject: Subject,
): Promise<Erasure> {
  const pattern = toSubjectPattern(subject)
  const id = newId(clock)
  // First what lives outside the transaction: should the rest fail, asking again starts here and finds less.
  const shortLived = await shortTerm.forget(tenantId, pattern.test)
  const counts = await db.tenant(tenantId, async (tx) => {
    const found: Record<string, number> = { short_term: shortLived }
    add(found, await forgetMemories(tx, pattern))
    await tx.db.execute(sql`set local role stakazo_eraser`)
    const columns = await listTextColumns(tx)
    add(found, await removeRows(tx, columns, pattern))
    add(found, await strikeOut(tx, columns, pattern))
    await assertGone(tx, columns, pattern)
    await tx.db.execute(sql`set local role stakazo_app`)
    const gone = Object.fromEntries(Object.entries(found).filter(([, rows]) => rows > 0))
    await prove(tx, clock, id, subject, gone)
    return gone
  })
  return { id, counts, physical: reclaim(Object.keys(counts)), notCovered: NOT_COVERED }
}

type Counts = Record<string, number>

function add(sum: Counts, more: Counts): void {
  for (const [table, rows] of Object.entries(more)) sum[table] = (sum[table] ?? 0) + rows
}

const speaks = (pattern: SubjectPattern, ...columns: readonly unknown[]): SQL | undefined =>
  or(...columns.map((column) => sql`${column}::text ~* ${pattern.sql}`))

async function forgetMemories(tx: Tx, pattern: SubjectPattern): Promise<Counts> {
  const items = await tx.db
    .select({ id: memItem.id, episodeId: memItem.episodeId })
    .from(memItem)
    .where(
      and(eq(memItem.tenantId, tx.tenantId), speaks(pattern, memItem.actor, memItem.body, memItem.source)),
    )
  const itemIds = items.map((row) => row.id)
  const weakened = await listRestingOn(tx, itemIds)
  await removeItems(tx, itemIds)
  const facts = await tx.db
    .delete(memFact)
    .where(
      and(
        eq(memFact.tenantId, tx.tenantId),
        speaks(pattern, memFact.subject, memFact.predicate, memFact.text, memFact.value),
      ),
    )
    .returning({ id: memFact.id })
  const factIds = facts.map((row) => row.id)
  await removeVectors(tx, 'fact', factIds)
  const orphans = await dropOrphans(tx)
  await countProofs(tx, weakened)
  const relations = await tx.db
    .delete(memRelation)
    .where(
      and(
        eq(memRelation.tenantId, tx.tenantId),
        speaks(pattern, memRelation.fromEntity, memRelation.relation, memRelation.toEntity),
      ),
    )
    .returning({ id: memRelation.id })
  await summariseAnew(tx, [...new Set(items.map((row) => row.episodeId))])
  return { mem_item: itemIds.length, mem_fact: factIds.length + orphans, mem_relation: relations.length }
}

async function listRestingOn(tx: Tx, itemIds: readonly string[]): Promise<string[]> {
  if (itemIds.length === 0) return []
  const rows = await tx.db
    .select({ id: memEvidence.factId })
    .from(memEvidence)
    .where(and(eq(memEvidence.tenantId, tx.tenantId), inArray(memEvidence.itemId, [...itemIds])))
  return [...new Set(rows.map((row) => row.id))]
}

/** A summary is made of what was said; what is no longer said is no longer summed up. */
async function summariseAnew(tx: Tx, episodeIds: readonly string[]): Promise<void> {
  for (const id of episodeIds) {
    const left = await tx.db
      .select({ body: memItem.body })
      .from(memItem)
      .where(and(eq(memItem.tenantId, tx.tenantId), eq(memItem.episodeId, id), eq(memItem.scope, 'brand')))
      .orderBy(memItem.seq)
    await tx.db
      .update(memEpisode)
      .set({ summary: summarise(left.map((row) => row.body)) })
      .where(and(eq(memEpisode.tenantId, tx.tenantId), eq(memEpisode.id, id)))
  }
}

/** Rows that are the person's own words, and those whose content cannot be rewritten without breaking them. */
async function removeRows(tx: Tx, columns: readonly TextColumn[], pattern: SubjectPattern): Promise<Counts> {
  const counts: Counts = {}
  for (const column of columns) {
    if (column.type === 'bytea' && hasThreads(columns, column))
      add(counts, await removeThreads(tx, columns, column, pattern))
    // A body of the ledger is digested: it may be gone, it may not be another. Its digest stays and the chain with it.
    if (column.table === 'comment' || column.table === 'ledger_body') {
      const gone = await tx.db.execute(
        sql`delete from ${sql.raw(column.table)} where tenant_id = ${tx.tenantId} and ${speaksOf(column, pattern)} returning 1`,
      )
      add(counts, { [column.table]: gone.length })
    }
  }
  return counts
}

const hasThreads = (columns: readonly TextColumn[], { table }: TextColumn): boolean =>
  columns.some((one) => one.table === table && one.name === 'thread_id')

/** Checkpoints only serve to resume a run; a thread loses all of them or none. */
async function removeThreads(
  tx: Tx,
  columns: readonly TextColumn[],
  found: TextColumn,
  pattern: SubjectPattern,
): Promise<Counts> {
  const threads = await tx.db.execute(
    sql`select distinct thread_id from ${sql.raw(found.table)} where tenant_id = ${tx.tenantId} and ${speaksOf(found, pattern)}`,
  )
  const counts: Counts = {}
  const tables = columns
    .filter((one) => one.name === 'thread_id' && one.type === 'text')
    .map((one) => one.table)
  for (const { thread_id } of threads) {
    for (const table of tables) {
      const gone = await tx.db.execute(
        sql`delete from ${sql.raw(table)} where tenant_id = ${tx.tenantId} and thread_id = ${thread_id} returning 1`,
      )
      add(counts, { [table]: gone.length })
    }
  }
  return counts
}

async function strikeOut(tx: Tx, columns: readonly TextColumn[], pattern: SubjectPattern): Promise<Counts> {
  const counts: Counts = {}
  for (const column of columns) {
    if (!column.isWritable || column.type === 'bytea' || column.type === 'tsvector') continue
    const name = sql.raw(column.name)
    const rewritten = sql`regexp_replace(${name}::text, ${pattern.sql}, ${STRUCK_OUT}, 'gi')::${sql.raw(column.type)}`
    const rows = await tx.db.execute(
      sql`update ${sql.raw(column.table)} set ${name} = ${rewritten}
        where tenant_id = ${tx.tenantId} and ${speaksOf(column, pattern)} returning 1`,
    )
    add(counts, { [column.table]: rows.length })
  }
  return counts
}

/** The proof. A table that came later and holds the name where we may not write is found here, not by its reader. */
async function assertGone(tx: Tx, columns: readonly TextColumn[], pattern: SubjectPattern): Promise<void> {
  const left: string[] = []
  for (const column of columns) {
    const rows = await tx.db.execute(
      sql`select 1 from ${sql.raw(column.table)} where tenant_id = ${tx.tenantId} and ${speaksOf(column, pattern)} limit 1`,
    )
    if (rows.length > 0) left.push(`${column.table}.${column.name}`)
  }
  if (left.length > 0) {
    throw new StakazoError('bug', `nothing was erased: the subject is still found in ${left.join(', ')}`)
  }
}

async function prove(tx: Tx, clock: Clock, id: string, { names }: Subject, counts: Counts): Promise<void> {
  const salt = Buffer.from(systemRandom.bytes(16)).toString('hex')
  const subjectHash = hmacSha256Hex(salt, canonicalJson(names.toSorted()))
  await tx.db
    .insert(memErasure)
    .values({ tenantId: tx.tenantId, id, salt, subjectHash, counts, at: clock.now() })
  tx.emit({ type: 'memory.erased', subjectId: id, trust: 3, payload: { counts } })
  tx.record({ kind: 'memory.erased', subjectId: id, body: { erasureId: id, counts } })
}

const reclaim = (tables: readonly string[]): string[] => [
  ...tables.filter((table) => table !== 'short_term').map((table) => `vacuum full ${table}`),
  ...Array.from({ length: 3 }, () => ['select pg_switch_wal()', 'checkpoint']).flat(),
]
