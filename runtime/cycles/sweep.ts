/** Daily housekeeping of one tenant, and the row by which the daemon knows that the tenant exists. */
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Database } from '../../db/open.ts'
import { shortTerm } from '../../db/schema/memory.ts'
import { run } from '../../db/schema/runs.ts'
import { idempotency } from '../../db/schema/tenancy.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Clock, DAY } from '../core/clock.ts'
import type { World } from '../core/effect.ts'
import { threadKey } from '../runs/checkpoints.ts'

/** Checkpoints grow with the square of a run's steps and serve only to resume it. */
const CHECKPOINTS_KEPT_MS = 7 * DAY
const ANSWERS_KEPT_MS = 2 * DAY
const TASKS_A_SWEEP = 500

/** Puts the tenant on the list; call it when a tenant is made. */
export const enlistTenant = (tx: Tx, clock: Clock, world: World): Promise<void> =>
  tx.due('sweep', tx.tenantId, world, addMs(clock.now(), DAY))

/** Tenants by their housekeeping rows: content-free, the only thing visible across tenants. */
export async function listTenants(system: PostgresJsDatabase): Promise<string[]> {
  const rows = await system.execute(sql`select distinct tenant_id from due where kind = 'sweep'`)
  return rows.map((row) => String(row.tenant_id))
}

export const sweepTenant = (
  ports: { db: Database; clock: Clock; world: World },
  tenantId: string,
): Promise<void> =>
  ports.db.tenant(tenantId, async (tx) => {
    const now = ports.clock.now()
    await tx.db.delete(shortTerm).where(and(eq(shortTerm.tenantId, tenantId), lt(shortTerm.expiresAt, now)))
    await tx.db
      .delete(idempotency)
      .where(and(eq(idempotency.tenantId, tenantId), lt(idempotency.createdAt, addMs(now, -ANSWERS_KEPT_MS))))
    await dropCheckpoints(tx, addMs(now, -CHECKPOINTS_KEPT_MS))
    await tx.due('sweep', tenantId, ports.world, addMs(now, DAY))
  })

async function dropCheckpoints(tx: Tx, endedBefore: string): Promise<void> {
  const ended = await tx.db
    .select({ id: run.id, threadId: run.threadId })
    .from(run)
    .where(
      and(
        eq(run.tenantId, tx.tenantId),
        eq(run.kind, 'task'),
        inArray(run.status, ['success', 'error', 'timeout']),
        lt(run.endedAt, endedBefore),
        sql`exists (select from checkpoints.checkpoints c
          where c.thread_id = concat_ws('/', ${run.tenantId}, ${run.threadId}, ${run.id}))`,
      ),
    )
    .orderBy(run.endedAt)
    .limit(TASKS_A_SWEEP)
  for (const task of ended) {
    const own = threadKey(tx.tenantId, task.threadId, task.id)
    for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
      const rows = sql.raw(`checkpoints.${table}`)
      await tx.db.execute(
        sql`delete from ${rows} where thread_id = ${own} or starts_with(thread_id, ${`${own}/`})`,
      )
    }
  }
}
