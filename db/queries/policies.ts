/** A tenant's rules: one row, absent means deny. Two people changing it at once do not overwrite each other. */
import { and, eq } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { policy } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'

export async function readPolicy(tx: Tx): Promise<{ body: unknown; version: number } | undefined> {
  const [row] = await tx.db.select().from(policy).where(eq(policy.tenantId, tx.tenantId))
  return row && { body: row.body, version: row.version }
}

/** `known` is the version that was read, 0 for none. Throws `conflict` when there is another one now. */
export async function writePolicy(
  tx: Tx,
  clock: Clock,
  by: string,
  body: unknown,
  known: number,
): Promise<number> {
  const version = known + 1
  const fields = { body, version, updatedAt: clock.now() }
  const written =
    known === 0
      ? await tx.db
          .insert(policy)
          .values({ ...fields, tenantId: tx.tenantId, id: tx.tenantId })
          .onConflictDoNothing()
          .returning({ id: policy.id })
      : await tx.db
          .update(policy)
          .set(fields)
          .where(and(eq(policy.tenantId, tx.tenantId), eq(policy.version, known)))
          .returning({ id: policy.id })
  if (written.length === 0) throw new StakazoError('conflict', `the policy is no longer at version ${known}`)
  const payload = { by, version, policy: body }
  tx.emit({ type: 'policy.changed', subjectId: tx.tenantId, trust: 3, payload })
  tx.record({ kind: 'policy.changed', subjectId: tx.tenantId, body: payload })
  return version
}
