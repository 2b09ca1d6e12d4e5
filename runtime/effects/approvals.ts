/**
 * Answers of people. An answer names the question by id and the content by hash; one conditional update consumes it.
 * Content that changed since is never approved by an old yes: the old question dies, a new one is asked.
 */
import {
  type ApprovalRow,
  closeApproval,
  getApproval,
  insertApproval,
} from '../../db/queries/effects-approvals.ts'
import { getIntent, type IntentRow, listIntents, moveIntent } from '../../db/queries/effects-intents.ts'
import { lockPolicy, setAssetRights } from '../../db/queries/effects-targets.ts'
import { type PostChange, revisePost } from '../../db/queries/posts.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs } from '../core/clock.ts'
import type { ActState } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { TRUST, type Trust } from '../core/trust.ts'
import type { EffectPorts } from './effect-ports.ts'
import { ask } from './gateway.ts'
import { moveAct } from './move-act.ts'
import { toQuestion } from './question.ts'
import { type Weighed, weigh } from './weigh.ts'

export interface Answer {
  approvalId: string
  /** As the question showed it. */
  hash: string
  /** Who answers, as the ledger will name them. */
  by: string
}

/** Product rule: nobody publishes a film before somebody said these two sentences for it. */
export interface RightsConfirmation {
  copyrightConfirmed: true
  termsAccepted: true
}

export interface Answered {
  approvalId: string
  intentId: string
  state: ActState
}

/** Yes to exactly what was shown. Throws `approval-mismatch` (with the new question), `approval-closed`, `rights-unconfirmed`. */
export async function approve(
  ports: EffectPorts,
  tenantId: string,
  answer: Answer,
  rights?: RightsConfirmation,
): Promise<Answered> {
  const done: Answered | { newApprovalId: string } = await ports.db.tenant(tenantId, async (tx) => {
    const { question, row } = await openQuestion(tx, ports, answer)
    const weighed = await weighAgain(tx, ports, row)
    if (weighed.hash !== answer.hash) return { newApprovalId: await askAnew(tx, ports, row, weighed) }
    await close(tx, ports, answer, 'approved')
    if (rights) await confirmRights(tx, ports, row, weighed, answer.by, rights)
    if (!weighed.target.areRightsConfirmed && !rights) throw withoutRights(weighed)
    tell(tx, row, 'approval.approved', answer, { sentence: `${answer.by} approved it.` })
    const moved = await release(tx, ports, row, weighed, answer.by)
    return { approvalId: question.id, intentId: row.id, state: moved.state as ActState }
  })
  if ('newApprovalId' in done) throw mismatch(done.newApprovalId)
  return done
}

/** No, and why: the reason reaches the agent, which may come back with another content. */
export async function reject(
  ports: EffectPorts,
  tenantId: string,
  answer: Answer,
  reason: string,
): Promise<Answered> {
  return ports.db.tenant(tenantId, async (tx) => {
    const { row } = await openQuestion(tx, ports, answer)
    await close(tx, ports, answer, 'rejected', reason)
    tell(tx, row, 'approval.rejected', answer, { reason })
    const facts = { rejectedBy: answer.by }
    await moveAct(tx, ports.clock, row, {
      from: ['awaiting-approval'],
      to: 'cancelled',
      reason: `rejected: ${reason}`,
      facts,
    })
    return { approvalId: answer.approvalId, intentId: row.id, state: 'cancelled' as const }
  })
}

/** Yes, but so: a new version of the post, approved by the editor under its new hash; other accounts are asked anew. */
export async function edit(
  ports: EffectPorts,
  tenantId: string,
  answer: Answer,
  change: Pick<PostChange, 'caption' | 'altText' | 'hashtags'>,
  rights?: RightsConfirmation,
): Promise<Answered> {
  return ports.db.tenant(tenantId, async (tx) => {
    const { row, question } = await openQuestion(tx, ports, answer)
    const postId = postOf(row)
    await close(tx, ports, answer, 'edited')
    const siblings = (
      await listIntents(tx, { brandId: row.brandId, states: ['awaiting-approval', 'scheduled', 'held'] })
    ).filter(
      (other) => other.id !== row.id && other.verb === 'publish-post' && other.payload.postId === postId,
    )
    const scope = {
      brandId: row.brandId,
      taskId: row.taskId ?? undefined,
      runId: undefined,
      agent: answer.by,
      clock: ports.clock,
    }
    await revisePost(tx, { ...scope, trust: TRUST.owner }, postId, change)
    const weighed = await weighAgain(tx, ports, row)
    if (weighed.decision.kind === 'deny') throw new StakazoError('policy-denied', weighed.decision.sentence)
    if (rights) await confirmRights(tx, ports, row, weighed, answer.by, rights)
    if (!weighed.target.areRightsConfirmed && !rights) throw withoutRights(weighed)
    const approvalId = await approveOwnVersion(tx, ports, row, weighed, answer.by)
    tell(tx, row, 'approval.edited', answer, {
      sentence: `${answer.by} changed and approved it.`,
      newApprovalId: approvalId,
    })
    const patch = { payload: weighed.target.payload, payloadHash: weighed.hash }
    // `revisePost` called the act back to draft together with its siblings.
    const called = await moveIntent(tx, row.id, ['draft', 'awaiting-approval'], {
      ...patch,
      state: 'awaiting-approval',
    })
    if (!called) throw new StakazoError('conflict', 'the act moved on while it was edited')
    const moved = await release(tx, ports, called, weighed, answer.by)
    for (const sibling of siblings) await askSibling(tx, ports, sibling)
    return { approvalId: question.id, intentId: row.id, state: moved.state as ActState }
  })
}

/** Nobody answered in time. Called when the question's due row fires; early, it is put back. */
export async function expire(ports: EffectPorts, tenantId: string, approvalId: string): Promise<void> {
  await ports.db.tenant(tenantId, async (tx) => {
    await lockPolicy(tx)
    const question = await getApproval(tx, approvalId)
    if (question.status !== 'pending') return
    const now = ports.clock.now()
    const row = await getIntent(tx, question.intentId)
    if (question.expiresAt > now) return tx.due('approval', approvalId, row.world, question.expiresAt)
    await closeApproval(tx, approvalId, question.hash, {
      status: 'expired',
      decidedBy: null,
      decidedAt: now,
      reason: null,
    })
    const reason = 'nobody answered the question in time'
    tell(tx, row, 'approval.expired', { approvalId, hash: question.hash, by: 'time' }, { reason })
    await moveAct(tx, ports.clock, row, { from: ['awaiting-approval'], to: 'cancelled', reason })
  })
}

async function openQuestion(
  tx: Tx,
  ports: EffectPorts,
  { approvalId, hash }: Answer,
): Promise<{ question: ApprovalRow; row: IntentRow }> {
  await lockPolicy(tx)
  const question = await getApproval(tx, approvalId)
  const row = await getIntent(tx, question.intentId)
  if (question.status !== 'pending' || question.expiresAt <= ports.clock.now()) {
    throw new StakazoError(
      'approval-closed',
      `the question is ${question.status === 'pending' ? 'expired' : question.status}`,
    )
  }
  if (question.hash !== hash) throw mismatch(approvalId)
  if (row.world !== ports.world) throw new StakazoError('world-mismatch', `the act belongs to ${row.world}`)
  return { question, row }
}

async function close(
  tx: Tx,
  { clock }: EffectPorts,
  answer: Answer,
  status: ApprovalRow['status'],
  reason: string | null = null,
) {
  const set = { status, decidedBy: answer.by, decidedAt: clock.now(), reason }
  const closed = await closeApproval(tx, answer.approvalId, answer.hash, set)
  if (!closed) throw new StakazoError('approval-closed', 'somebody answered it at the same moment')
  await tx.settleDue('approval', answer.approvalId)
}

const weighAgain = (tx: Tx, ports: EffectPorts, row: IntentRow): Promise<Weighed> =>
  weigh(tx, ports, {
    verb: row.verb,
    targetId: row.targetId,
    extra: extraOf(row),
    agent: row.agent,
    taskId: row.taskId ?? undefined,
    trust: row.trust as Trust,
    at: () => laterOf(row.dueAt as Instant, ports.clock.now()),
    intentId: row.id,
    phase: 'arming',
  })

export const extraOf = ({ payload }: Pick<IntentRow, 'payload'>): Record<string, unknown> | undefined =>
  payload.extra !== null && typeof payload.extra === 'object' ? { ...payload.extra } : undefined

const laterOf = (left: Instant, right: Instant) => (instantMs(left) > instantMs(right) ? left : right)

/** From answered to planned: at its time, or at once when that has passed while nobody answered. */
async function release(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  { policy }: Weighed,
  by: string,
): Promise<IntentRow> {
  const dueAt = laterOf(row.dueAt as Instant, ports.clock.now())
  const lateAt = addMs(dueAt, policy?.lateAfterMs ?? 0)
  const moved = await moveAct(tx, ports.clock, row, {
    from: ['awaiting-approval'],
    to: 'scheduled',
    patch: { dueAt, lateAt },
    facts: { approvedBy: by },
  })
  await tx.due('intent', row.id, row.world, dueAt)
  return moved
}

/** The content is not what was asked about: it is stored as it is now, and asked about. */
export async function askAnew(tx: Tx, ports: EffectPorts, row: IntentRow, weighed: Weighed): Promise<string> {
  const { decision, hash, target, trust } = weighed
  const verdict = {
    kind: 'ask',
    sentence: `The content changed. ${decision.sentence}`,
    rules: [...decision.rules, 'ask-changed'],
  }
  const moved = await moveAct(tx, ports.clock, row, {
    from: ['awaiting-approval', 'draft', 'scheduled', 'claimed', 'armed'],
    to: 'awaiting-approval',
    reason: 'the content changed after it was asked about',
    patch: {
      payload: target.payload,
      payloadHash: hash,
      trust,
      verdict,
      handle: null,
      armedAt: null,
      leaseUntil: null,
    },
  })
  return ask(
    tx,
    ports,
    moved,
    { ...weighed, decision: { ...decision, ...verdict, kind: 'ask' } },
    causeOf(row),
  )
}

const causeOf = (row: IntentRow) => ({
  agent: row.agent,
  ...(row.reasoning === null ? {} : { reasoning: row.reasoning }),
  ...(row.taskId === null ? {} : { taskId: row.taskId }),
})

async function askSibling(tx: Tx, ports: EffectPorts, sibling: IntentRow): Promise<void> {
  const row = await getIntent(tx, sibling.id)
  if (row.state === 'draft') await askAnew(tx, ports, row, await weighAgain(tx, ports, row))
}

/** The editor's own version needs no second question: it is recorded as asked and answered at once. */
async function approveOwnVersion(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  weighed: Weighed,
  by: string,
): Promise<string> {
  const { hash, target, decision, trust } = weighed
  const at = ports.clock.now()
  const id = newId(ports.clock, ports.random)
  const question = toQuestion(ports, tx.tenantId, {
    target,
    hash,
    when: row.dueAt as Instant,
    decision,
    cause: { agent: by },
    trust,
  })
  await insertApproval(tx, { id, intentId: row.id, hash, question, askedAt: at, expiresAt: at })
  await closeApproval(tx, id, hash, { status: 'approved', decidedBy: by, decidedAt: at, reason: 'own edit' })
  return id
}

async function confirmRights(
  tx: Tx,
  { clock }: EffectPorts,
  row: IntentRow,
  { target }: Weighed,
  by: string,
  rights: RightsConfirmation,
): Promise<void> {
  const confirmation = { ...rights, confirmedBy: by, confirmedAt: clock.now() }
  await setAssetRights(tx, target.assetId, confirmation)
  const about = { assetId: target.assetId, publicationId: row.targetId, approvedBy: by, ...confirmation }
  tx.emit({
    type: 'asset.rights-confirmed',
    brandId: row.brandId,
    taskId: row.taskId,
    subjectId: target.assetId,
    payload: about,
  })
  tx.record({ kind: 'asset.rights-confirmed', subjectId: target.assetId, body: about })
}

const withoutRights = ({ target }: Weighed) =>
  new StakazoError('rights-unconfirmed', `rights and terms of asset ${target.assetId} are not confirmed`, {
    details: { assetId: target.assetId },
  })

const mismatch = (approvalId: string) =>
  new StakazoError('approval-mismatch', 'the content is not the one the answer names', {
    details: { approvalId },
  })

function tell(
  tx: Tx,
  row: IntentRow,
  type: string,
  { approvalId, hash, by }: Answer,
  facts: Record<string, unknown>,
): void {
  const about = { approvalId, intentId: row.id, hash, by, ...facts }
  tx.emit({
    type,
    brandId: row.brandId,
    taskId: row.taskId,
    runId: row.runId,
    agent: row.agent,
    subjectId: approvalId,
    payload: about,
  })
  tx.record({ kind: type, subjectId: approvalId, body: about })
}

function postOf({ payload }: IntentRow): string {
  if (typeof payload.postId === 'string') return payload.postId
  throw new StakazoError('bad-input', 'only the content of a post can be edited')
}
