import { and, eq, inArray } from 'drizzle-orm'
import type { ActState } from '../../runtime/core/effect.ts'
import type { Approval } from '../../runtime/core/entities.ts'
import { approval, intent, type publication } from '../schema/effects.ts'
import type { Tx } from '../transaction.ts'
import type { Scope } from './scope.ts'

const LEFT: ReadonlySet<string> = new Set<ActState>(['armed', 'sent', 'accepted', 'verified', 'unknown'])

/** From `armed` on it may be outside already: content and time are no longer ours to change. */
export const hasLeft = (state: string): boolean => LEFT.has(state)

/** Acts that have not begun. An executor's own step to `armed` is conditional on the state and so meets this one. */
export const PENDING = ['draft', 'awaiting-approval', 'scheduled', 'claimed', 'held'] as const

/** Calls back what was to be published: the intent rests in `state`, its question is closed, nothing is due. */
export async function standDown(
  tx: Tx,
  { clock }: Scope,
  publications: readonly (typeof publication.$inferSelect)[],
  to: { state: 'draft' | 'cancelled'; approvals: Approval['status'] },
): Promise<void> {
  const ids = publications.filter((each) => !hasLeft(each.state)).map((each) => each.id)
  if (ids.length === 0) return
  const now = clock.now()
  const intents = await tx.db
    .update(intent)
    .set({ state: to.state, endedAt: to.state === 'cancelled' ? now : null })
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        eq(intent.verb, 'publish-post'),
        inArray(intent.targetId, ids),
        inArray(intent.state, [...PENDING]),
      ),
    )
    .returning({ id: intent.id })
  if (intents.length === 0) return
  await tx.db
    .update(approval)
    .set({ status: to.approvals, decidedAt: now })
    .where(
      and(
        eq(approval.tenantId, tx.tenantId),
        eq(approval.status, 'pending'),
        inArray(
          approval.intentId,
          intents.map((each) => each.id),
        ),
      ),
    )
  for (const { id } of intents) await tx.settleDue('intent', id)
}
