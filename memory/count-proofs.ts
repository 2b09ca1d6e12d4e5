import { and, eq, inArray, sql } from 'drizzle-orm'
import { memEvidence, memFact, memItem } from '../db/schema/memory.ts'
import type { Tx } from '../db/tx.ts'

/** Proofs are the episodes a fact rests on: one repeated a hundred times in an evening is one. */
export async function countProofs(tx: Tx, factIds: readonly string[]): Promise<void> {
  if (factIds.length === 0) return
  const episodes = tx.db
    .select({ count: sql`count(distinct ${memItem.episodeId})::int` })
    .from(memEvidence)
    .innerJoin(memItem, and(eq(memItem.tenantId, memEvidence.tenantId), eq(memItem.id, memEvidence.itemId)))
    .where(and(eq(memEvidence.tenantId, tx.tenantId), eq(memEvidence.factId, memFact.id)))
  await tx.db
    .update(memFact)
    .set({ proofs: sql`(${episodes})` })
    .where(and(eq(memFact.tenantId, tx.tenantId), inArray(memFact.id, [...factIds])))
}
