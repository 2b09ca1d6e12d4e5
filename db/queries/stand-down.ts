import { and, eq, inArray } from 'drizzle-orm'
import type { ActState } from '../../runtime/core/effect.ts'
import type { Approval } from '../../runtime/core/entities.ts'
import { intent, type publication } from '../schema/effects.ts'
import type { Tx } from '../tx.ts'
import { closeOpenApproval } from './effects-approvals.ts'
import { endReservations } from './effects-budget.ts'
import { type IntentRow, mirrorPublication } from './effects-intents.ts'
import type { Scope } from './scope.ts'

const LEFT: ReadonlySet<string> = new Set<ActState>(['armed', 'sent', 'accepted', 'verified', 'unknown'])

/** From `armed` on it may be outside already: content and time are no longer ours to change. */
export const hasLeft = (state: string): boolean => LEFT.has(state)

/** Acts that have not begun. An executor's own step to `armed` is conditional on the state and so meets this one. */
const PENDING: ActState[] = ['draft', 'awaiting-approval', 'scheduled', 'claimed', 'held']

export const isPending = (state: string): boolean => PENDING.some((each) => each === state)

export interface StandDown {
  /** `draft` rests until it is asked for again, `cancelled` is over. */
  readonly state: 'draft' | 'cancelled'
  readonly approvals: Approval['status']
  readonly reason: string
}

/**
 * Calls back what was to be published: the act rests or ends, its question is closed, nothing is due. The caller holds
 * the tenant's policy lock, in which all decisions of a tenant stand in line.
 */
export async function standDown(
  tx: Tx,
  scope: Scope,
  publications: readonly (typeof publication.$inferSelect)[],
  to: StandDown,
): Promise<void> {
  const pending = publications.filter(({ state }) => isPending(state))
  if (pending.length === 0) return
  const ids = pending.map((each) => each.id)
  for (const id of ids) await mirrorPublication(tx, id, { state: to.state })
  const intents = await tx.db
    .update(intent)
    .set({ state: to.state, ...(to.state === 'cancelled' ? { endedAt: scope.clock.now() } : {}) })
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        eq(intent.verb, 'publish-post'),
        inArray(intent.targetId, ids),
        inArray(intent.state, PENDING),
      ),
    )
    .returning()
  for (const row of intents) await closeAct(tx, scope, row, to)
}

async function closeAct(tx: Tx, scope: Scope, row: IntentRow, to: StandDown): Promise<void> {
  const closed = await closeOpenApproval(tx, row.id, {
    status: to.approvals,
    decidedAt: scope.clock.now(),
    reason: to.reason,
  })
  if (closed) await tx.settleDue('approval', closed.id)
  await tx.settleDue('intent', row.id)
  if (to.state === 'cancelled') {
    await endReservations(tx, row.id, 'released')
    // the task may wait for this act, which will not happen
    if (row.taskId) await tx.due('run', row.taskId, row.world, scope.clock.now())
  }
  tx.emit({
    type: `intent.${to.state}`,
    brandId: row.brandId,
    taskId: row.taskId,
    runId: row.runId,
    stepId: row.stepId,
    agent: scope.agent,
    subjectId: row.id,
    trust: scope.trust,
    payload: { verb: row.verb, targetId: row.targetId, reason: to.reason },
  })
  tx.record({
    kind: `intent.${to.state}`,
    subjectId: row.id,
    body: {
      verb: row.verb,
      targetId: row.targetId,
      payloadHash: row.payloadHash,
      agent: scope.agent,
      trust: scope.trust,
      reason: to.reason,
    },
  })
}
