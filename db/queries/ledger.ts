/**
 * The chain: hash(n) = SHA-256 of canonical {seq, at, kind, subject, digest of body, hash(n-1)}. The body is digested
 * with a random salt beside it, so that an erased body cannot be guessed back from its digest.
 */
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { canonicalJson, hmacSha256Hex, payloadHash } from '../../runtime/core/digest.ts'
import type { Random } from '../../runtime/core/random.ts'
import { ledger, ledgerBody, tenantCounter } from '../schema/record.ts'
import type { NewLedgerEntry, Tx } from '../tx.ts'

export interface LedgerHead {
  count: number
  hash: string
}

export type LedgerRow = typeof ledger.$inferSelect

/** What the first row chains to. */
export const GENESIS = '0'.repeat(64)

export const digestBody = (salt: string, body: unknown): string => hmacSha256Hex(salt, canonicalJson(body))

export const chainHash = (
  row: Pick<LedgerRow, 'seq' | 'at' | 'kind' | 'subjectId' | 'bodyDigest' | 'previousHash'>,
): string =>
  payloadHash({
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    subject: row.subjectId ?? null,
    body: row.bodyDigest,
    previous: row.previousHash,
  })

/** Appends in order under the counter row's lock; returns the new head, undefined when there was nothing to write. */
export async function appendLedger(
  tx: Tx,
  entries: readonly NewLedgerEntry[],
  ports: { clock: Clock; random: Random },
): Promise<LedgerHead | undefined> {
  if (entries.length === 0) return undefined
  const [counter] = await tx.db
    .insert(tenantCounter)
    .values({ tenantId: tx.tenantId, id: 'ledger', value: entries.length, head: GENESIS })
    .onConflictDoUpdate({
      target: [tenantCounter.tenantId, tenantCounter.id],
      set: { value: sql`${tenantCounter.value} + ${entries.length}` },
    })
    .returning({ value: tenantCounter.value, head: tenantCounter.head })
  let hash = counter?.head ?? GENESIS
  const last = counter?.value ?? entries.length
  const at = ports.clock.now()
  const rows: LedgerRow[] = []
  const bodies: (typeof ledgerBody.$inferInsert)[] = []
  for (const [index, entry] of entries.entries()) {
    const seq = last - entries.length + 1 + index
    const salt = Buffer.from(ports.random.bytes(16)).toString('hex')
    // The stored body is what JSON keeps of it; the digest is taken over the same.
    const body = JSON.parse(JSON.stringify(entry.body).replaceAll('\\u0000', '')) as Record<string, unknown>
    const row = {
      tenantId: tx.tenantId,
      seq,
      at,
      kind: entry.kind,
      subjectId: entry.subjectId ?? null,
      bodyDigest: digestBody(salt, body),
      previousHash: hash,
      hash: '',
    }
    row.hash = chainHash(row)
    hash = row.hash
    rows.push(row)
    bodies.push({ tenantId: tx.tenantId, seq, salt, body })
  }
  await tx.db.insert(ledger).values(rows)
  await tx.db.insert(ledgerBody).values(bodies)
  await tx.db
    .update(tenantCounter)
    .set({ head: hash })
    .where(and(eq(tenantCounter.tenantId, tx.tenantId), eq(tenantCounter.id, 'ledger')))
  return { count: last, hash }
}

/** Rows with their bodies (null when erased), oldest first, after a number. */
export const listLedger = (tx: Tx, after: number, limit: number) =>
  tx.db
    .select({ row: ledger, body: ledgerBody })
    .from(ledger)
    .leftJoin(ledgerBody, and(eq(ledgerBody.tenantId, ledger.tenantId), eq(ledgerBody.seq, ledger.seq)))
    .where(and(eq(ledger.tenantId, tx.tenantId), gt(ledger.seq, after)))
    .orderBy(asc(ledger.seq))
    .limit(limit)

/** What the database itself believes its head to be. */
export async function readLedgerHead(tx: Tx): Promise<LedgerHead> {
  const [row] = await tx.db
    .select()
    .from(tenantCounter)
    .where(and(eq(tenantCounter.tenantId, tx.tenantId), eq(tenantCounter.id, 'ledger')))
  return { count: row?.value ?? 0, hash: row?.head ?? GENESIS }
}
