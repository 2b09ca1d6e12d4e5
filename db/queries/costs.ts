/** What models cost: append-only rows whose sum is what is spent and held. */
import { and, eq, gte, sql } from 'drizzle-orm'
import { cost } from '../schema/runs.ts'
import type { Tx } from '../tx.ts'
import { firstRow } from './rows.ts'

export type NewCost = Omit<typeof cost.$inferInsert, 'tenantId'>

export async function appendCosts(tx: Tx, rows: readonly NewCost[]): Promise<void> {
  await tx.db.insert(cost).values(rows.map((row) => ({ tenantId: tx.tenantId, ...row })))
}

/** Micros spent and held: of the whole tenant since an instant, and of one task. One reserver at a time may ask. */
export async function sumCosts(
  tx: Tx,
  since: string,
  taskId: string | undefined,
): Promise<{ tenant: number; task: number }> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`cost:${tx.tenantId}`}, 0))`)
  const total = sql<string>`coalesce(sum(${cost.amountMicros}), 0)`
  const whole = firstRow(
    await tx.db
      .select({ micros: total })
      .from(cost)
      .where(and(eq(cost.tenantId, tx.tenantId), gte(cost.at, since))),
  )
  const own = taskId
    ? firstRow(
        await tx.db
          .select({ micros: total })
          .from(cost)
          .where(and(eq(cost.tenantId, tx.tenantId), eq(cost.taskId, taskId))),
      )
    : undefined
  return { tenant: Number(whole?.micros ?? 0), task: Number(own?.micros ?? 0) }
}
