/** API keys: only the hash of the secret half is stored, inside the tenant the key names. */
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { apiKey } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'
import { existing } from './scope.ts'

export interface KeyRow {
  id: string
  name: string
  scopes: string[]
  createdAt: string
  revokedAt: string | null
}

const view = ({ id, name, scopes, createdAt, revokedAt }: typeof apiKey.$inferSelect): KeyRow => ({
  id,
  name,
  scopes,
  createdAt,
  revokedAt,
})

export async function createKey(
  tx: Tx,
  clock: Clock,
  key: { name: string; hash: string; scopes: readonly string[] },
): Promise<KeyRow> {
  const [row] = await tx.db
    .insert(apiKey)
    .values({
      tenantId: tx.tenantId,
      id: newId(clock),
      name: key.name,
      hash: key.hash,
      scopes: [...key.scopes],
      createdAt: clock.now(),
    })
    .returning()
  const made = view(existing(row, 'key', key.name))
  const body = { keyId: made.id, name: made.name, scopes: made.scopes }
  tx.emit({ type: 'key.created', subjectId: made.id, trust: 3, payload: body })
  tx.record({ kind: 'key.created', subjectId: made.id, body })
  return made
}

export async function findKeyByHash(tx: Tx, hash: string): Promise<KeyRow | undefined> {
  const [row] = await tx.db
    .select()
    .from(apiKey)
    .where(and(eq(apiKey.tenantId, tx.tenantId), eq(apiKey.hash, hash), isNull(apiKey.revokedAt)))
  return row && view(row)
}

export async function listKeys(tx: Tx): Promise<KeyRow[]> {
  const rows = await tx.db
    .select()
    .from(apiKey)
    .where(eq(apiKey.tenantId, tx.tenantId))
    .orderBy(desc(apiKey.createdAt), desc(apiKey.id))
  return rows.map(view)
}

/** Revoking twice keeps the first time. Throws `not-found`. */
export async function revokeKey(tx: Tx, clock: Clock, id: string): Promise<KeyRow> {
  const mine = and(eq(apiKey.tenantId, tx.tenantId), eq(apiKey.id, id))
  const [revoked] = await tx.db
    .update(apiKey)
    .set({ revokedAt: clock.now() })
    .where(and(mine, isNull(apiKey.revokedAt)))
    .returning()
  if (revoked) {
    tx.emit({ type: 'key.revoked', subjectId: id, trust: 3, payload: { name: revoked.name } })
    tx.record({ kind: 'key.revoked', subjectId: id, body: { keyId: id, name: revoked.name } })
    return view(revoked)
  }
  const [row] = await tx.db.select().from(apiKey).where(mine)
  return view(existing(row, 'key', id))
}
