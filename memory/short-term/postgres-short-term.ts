/** Short-term memory in an unlogged table. The clock decides what is over; a daily sweep takes the rows away. */
import { and, eq, gt } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { shortTerm } from '../../db/schema/memory.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Clock } from '../../runtime/core/clock.ts'
import { namespaceTtlMs } from '../../runtime/core/namespaces.ts'
import type { ShortTermStore } from './short-term.ts'

export function openPostgresShortTerm(db: Database, clock: Clock): ShortTermStore {
  return {
    kind: 'postgres',
    forTenant: (tenantId) => ({
      get: (namespace, key) =>
        db.tenant(tenantId, async (tx) => {
          const [row] = await tx.db
            .select({ value: shortTerm.value })
            .from(shortTerm)
            .where(and(entry(tx, namespace, key), gt(shortTerm.expiresAt, clock.now())))
          return row?.value
        }),
      set: (namespace, key, value, ttlMs = namespaceTtlMs(namespace)) =>
        db.tenant(tenantId, async (tx) => {
          const fresh = { value, expiresAt: addMs(clock.now(), ttlMs) }
          await tx.db
            .insert(shortTerm)
            .values({ ...fresh, tenantId, namespace, key })
            .onConflictDoUpdate({
              target: [shortTerm.tenantId, shortTerm.namespace, shortTerm.key],
              set: fresh,
            })
        }),
      delete: (namespace, key) =>
        db.tenant(tenantId, async (tx) => {
          await tx.db.delete(shortTerm).where(entry(tx, namespace, key))
        }),
    }),
    forget: (tenantId, isMeant) =>
      db.tenant(tenantId, async (tx) => {
        const rows = await tx.db.select().from(shortTerm).where(eq(shortTerm.tenantId, tenantId))
        const meant = rows.filter((row) =>
          isMeant(`${row.namespace} ${row.key} ${JSON.stringify(row.value)}`),
        )
        for (const { namespace, key } of meant) await tx.db.delete(shortTerm).where(entry(tx, namespace, key))
        return meant.length
      }),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

const entry = (tx: Tx, namespace: string, key: string) =>
  and(eq(shortTerm.tenantId, tx.tenantId), eq(shortTerm.namespace, namespace), eq(shortTerm.key, key))
