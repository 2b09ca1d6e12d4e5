/** The one way an act changes state: the row, the publication it moves, the event and the ledger entry, in one transaction. */
import { endReservations } from '../../db/queries/effects-budget.ts'
import {
  type IntentPatch,
  type IntentRow,
  mirrorPublication,
  moveIntent,
} from '../../db/queries/effects-intents.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../core/clock.ts'
import { type ActState, TERMINAL_STATES } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import type { Trust } from '../core/trust.ts'

export interface Move {
  from: readonly ActState[]
  to: ActState
  /** One sentence for people; also the publication's reason where the act stopped or waits. */
  reason?: string
  patch?: IntentPatch
  /** The mover's lease; without it the move is a person's or the gate's own. */
  epoch?: number
  /** Further facts for event and ledger. */
  facts?: Record<string, unknown>
  /** What the publication shows beside its state. */
  shown?: { remoteId?: string | null; url?: string | null; publishedAt?: string | null }
}

/** States that somebody waiting for the act should look at. */
const WAKES: ReadonlySet<ActState> = new Set([...TERMINAL_STATES, 'held', 'awaiting-approval'])

/** Throws `stale-lease` when the mover lost the act, `conflict` when it stands elsewhere; nothing is written then. */
export async function moveAct(
  tx: Tx,
  clock: Pick<Clock, 'now'>,
  row: IntentRow,
  move: Move,
): Promise<IntentRow> {
  const { to, reason, epoch } = move
  const isOver = TERMINAL_STATES.has(to)
  await mirror(tx, row, move)
  const patch = { ...move.patch, state: to, ...(isOver ? { endedAt: clock.now(), leaseUntil: null } : {}) }
  const moved = await moveIntent(tx, row.id, move.from, patch, epoch)
  if (!moved) {
    const code = epoch === undefined ? 'conflict' : 'stale-lease'
    throw new StakazoError(code, `the act cannot become ${to}: it is no longer ${move.from.join(' or ')}`, {
      details: { intentId: row.id },
    })
  }
  if (isOver) await endAct(tx, moved)
  tellAct(tx, moved, { from: row.state, reason, ...move.facts })
  if (WAKES.has(to) && row.taskId) await tx.due('run', row.taskId, row.world, clock.now())
  return moved
}

/** A deletion leaves the publication alone until it is done; publishing is mirrored step by step. */
async function mirror(tx: Tx, row: IntentRow, { to, reason, patch, shown }: Move): Promise<void> {
  if (row.verb === 'delete-post') {
    if (to !== 'verified') return
    return mirrorPublication(tx, row.targetId, {
      state: 'cancelled',
      reason: reason ?? 'deleted on the network',
    })
  }
  await mirrorPublication(tx, row.targetId, {
    state: to,
    intentId: row.id,
    reason: reason ?? null,
    ...(patch?.dueAt ? { dueAt: patch.dueAt } : {}),
    ...shown,
  })
}

async function endAct(tx: Tx, row: IntentRow): Promise<void> {
  await tx.settleDue('intent', row.id)
  // What may be live counts as done.
  const isSpent = row.state === 'verified' || row.unknownSince !== null
  await endReservations(tx, row.id, isSpent ? 'settled' : 'released')
}

/** Says in the stream and in the ledger where an act stands; the ledger carries what led to it. */
export function tellAct(tx: Tx, row: IntentRow, facts: Record<string, unknown>): void {
  const about = {
    verb: row.verb,
    intentId: row.id,
    targetId: row.targetId,
    accountId: row.accountId,
    dueAt: row.dueAt,
    remoteId: row.remoteId,
    ...facts,
  }
  tx.emit({
    type: `intent.${row.state}`,
    brandId: row.brandId,
    taskId: row.taskId,
    runId: row.runId,
    stepId: row.stepId,
    agent: row.agent,
    subjectId: row.id,
    trust: row.trust as Trust,
    payload: about,
  })
  tx.record({
    kind: `intent.${row.state}`,
    subjectId: row.id,
    body: {
      ...about,
      world: row.world,
      taskId: row.taskId,
      stepId: row.stepId,
      agent: row.agent,
      toolCallId: row.toolCallId,
      reasoning: row.reasoning,
      trust: row.trust,
      verdict: row.verdict,
      payloadHash: row.payloadHash,
    },
  })
}
