/**
 * The gate. A request becomes a row, or the row that exists: nothing outside happens here. Target, verdict, question,
 * reservation and due time are written in one transaction, or none of them is.
 *
 * One act has one key, verb and target. Asked again, the answer is the act that exists. A new attempt (`key#2`) is made
 * only where the last one ended without effect and either the owner asks anew or the content is another one, so that an
 * agent may come back with a revised post after a rejection but can never try a refused one again. What is live is never
 * renewed.
 */
import { closeOpenApproval, insertApproval, listApprovalsOf } from '../../db/queries/effects-approvals.ts'
import { endReservations } from '../../db/queries/effects-budget.ts'
import {
  type IntentRow,
  insertIntent,
  listAttempts,
  mirrorPublication,
  moveIntent,
} from '../../db/queries/effects-intents.ts'
import { lockPolicy } from '../../db/queries/effects-targets.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs, isInstant, toInstant } from '../core/clock.ts'
import {
  type ActState,
  type Cause,
  type IntentReply,
  IntentRequest,
  Verb,
  type Verdict,
  Verdict as VerdictShape,
} from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { hold } from './budget.ts'
import type { EffectPorts } from './effect-ports.ts'
import { tellAct } from './move-act.ts'
import { toQuestion } from './question.ts'
import { verbs } from './verbs/index.ts'
import { type Weighed, weigh } from './weigh.ts'

/** The lateness of a tenant without readable policy; nothing of it will act anyway. */
const LATE_WITHOUT_POLICY_MS = 0

/** Asks for an act. Returns at once: what was decided, where the act stands, which question it raised. */
export async function intend(
  ports: EffectPorts,
  tenantId: string,
  brandId: string,
  request: IntentRequest,
  cause: Cause,
): Promise<IntentReply> {
  const wanted = parseRequest(request)
  return ports.db.tenant(tenantId, async (tx) => {
    // Before anything is read: two requests for one act come one after the other.
    await lockPolicy(tx)
    const key = `${wanted.verb}:${wanted.target.kind}:${wanted.target.id}`
    const [last, ...earlier] = await listAttempts(tx, key)
    const weighed = await weigh(tx, ports, {
      verb: wanted.verb,
      targetId: wanted.target.id,
      extra: wanted.extra,
      agent: cause.agent ?? 'owner',
      taskId: cause.taskId,
      trust: cause.trust,
      at: (target) => timeOf(ports, wanted, target.dueAt),
      intentId: last?.id,
      phase: 'asking',
    })
    if (weighed.target.brand.id !== brandId)
      throw new StakazoError('not-found', `there is no publication ${wanted.target.id}`)
    const when = timeOf(ports, wanted, weighed.target.dueAt)
    const plan = { ports, wanted, cause, weighed, when, key }
    if (!last) return create(tx, plan, key)
    if (isRestarted(last)) return restart(tx, plan, last)
    if (mayRenew(last, weighed.hash, cause)) return create(tx, plan, `${key}#${earlier.length + 2}`)
    if (isMoved(last, plan)) {
      assertMayMove(last, plan)
      return restart(tx, plan, last)
    }
    return replyOf(tx, last)
  })
}

interface Plan {
  ports: EffectPorts
  wanted: IntentRequest
  cause: Cause
  weighed: Weighed
  when: Instant
  key: string
}

function parseRequest(request: IntentRequest): IntentRequest {
  const parsed = IntentRequest.safeParse(request)
  if (!parsed.success)
    throw new StakazoError('bad-input', `not a request for an act: ${parsed.error.message}`)
  const { dueAt } = parsed.data
  if (dueAt !== undefined && !isInstant(dueAt)) {
    throw new StakazoError(
      'bad-input',
      `dueAt ${dueAt} is no instant with a zone, such as 2026-11-20T12:00:00Z`,
    )
  }
  return parsed.data
}

/** Wanted, else written on the row, else now; never in the past. */
function timeOf({ clock }: EffectPorts, wanted: IntentRequest, onRow: string | null): Instant {
  const now = clock.now()
  const asked = wanted.dueAt ?? onRow ?? now
  return instantMs(asked) > instantMs(now) ? toInstant(instantMs(asked)) : now
}

/** Called back for a revision, or refused by the rules: the same row starts again. */
const isRestarted = (row: IntentRow) =>
  row.state === 'draft' || (row.state === 'cancelled' && verdictOf(row).kind === 'deny')

const RENEWABLE: readonly string[] = ['cancelled', 'failed', 'missed'] satisfies ActState[]

function mayRenew(row: IntentRow, hash: string, { agent = 'owner' }: Cause): boolean {
  if (!RENEWABLE.includes(row.state)) return false
  // A lost outcome may be live: only the person who looked may start anew.
  const isUnclear = row.unknownSince !== null
  return agent === 'owner' || (!isUnclear && hash !== row.payloadHash)
}

const MOVABLE: readonly ActState[] = ['awaiting-approval', 'scheduled', 'held']

/** Not begun, and asked for with another content or another time than the row has. */
function isMoved(row: IntentRow, { weighed, wanted, when }: Plan): boolean {
  if (!MOVABLE.some((state) => state === row.state)) return false
  return weighed.hash !== row.payloadHash || (wanted.dueAt !== undefined && when !== row.dueAt)
}

/** What somebody agreed to, or is looking at, is not put off because a stranger's text says so. */
function assertMayMove({ verb, targetId }: IntentRow, { cause }: Plan): void {
  if (cause.trust >= verbs[Verb.parse(verb)].needsTrust) return
  throw new StakazoError(
    'policy-denied',
    `the time of publication ${targetId} is not moved after reading text of other people; a person can do it`,
  )
}

async function create(tx: Tx, plan: Plan, key: string): Promise<IntentReply> {
  const { ports, wanted, weighed } = plan
  const row = await insertIntent(tx, {
    id: newId(ports.clock, ports.random),
    key,
    verb: wanted.verb,
    targetKind: wanted.target.kind,
    targetId: wanted.target.id,
    effect: verbs[wanted.verb].effect,
    world: ports.world,
    accountId: weighed.target.account.id,
    brandId: weighed.target.brand.id,
    createdAt: ports.clock.now(),
    ...fieldsOf(plan),
  })
  return settle(tx, plan, row)
}

async function restart(tx: Tx, plan: Plan, row: IntentRow): Promise<IntentReply> {
  const from: readonly ActState[] = [row.state as ActState]
  await closeOpenApproval(tx, row.id, {
    status: 'superseded',
    decidedAt: plan.ports.clock.now(),
    reason: 'it changed',
  })
  const fields = { ...fieldsOf(plan), endedAt: null, error: null, handle: null, armedAt: null, attempts: 0 }
  const again = await moveIntent(tx, row.id, from, fields)
  if (!again) throw new StakazoError('conflict', `the act is no longer ${row.state}; ask again`)
  await tx.settleDue('intent', row.id)
  await endReservations(tx, row.id, 'released')
  if (again.verb === 'publish-post')
    await mirrorPublication(tx, again.targetId, { state: 'draft', reason: null })
  return settle(tx, plan, again)
}

function fieldsOf({ cause, weighed, when }: Plan) {
  const { decision, policy, target, hash, trust } = weighed
  const dueAt = laterOf(when, decision.notBefore)
  return {
    taskId: cause.taskId ?? null,
    runId: cause.runId ?? null,
    stepId: cause.stepId ?? null,
    agent: cause.agent ?? 'owner',
    toolCallId: cause.toolCallId ?? null,
    reasoning: cause.reasoning ?? null,
    payload: target.payload,
    payloadHash: hash,
    trust,
    state: stateOf(decision),
    verdict: { kind: decision.kind, sentence: decision.sentence, rules: decision.rules },
    dueAt,
    lateAt: addMs(dueAt, policy?.lateAfterMs ?? LATE_WITHOUT_POLICY_MS),
  }
}

function stateOf({ kind, held }: Weighed['decision']): ActState {
  if (kind === 'deny') return 'cancelled'
  if (kind === 'ask') return 'awaiting-approval'
  return held === undefined ? 'scheduled' : 'held'
}

const laterOf = (when: Instant, notBefore: Instant | undefined) =>
  notBefore !== undefined && notBefore > when ? notBefore : when

/** What belongs to the state: question, reservation, due row, the publication's picture, event and ledger entry. */
async function settle(tx: Tx, { ports, cause, weighed }: Plan, row: IntentRow): Promise<IntentReply> {
  const { decision, target } = weighed
  tellAct(tx, row, { sentence: decision.sentence, rules: decision.rules })
  if (decision.kind === 'deny') return replyOf(tx, row)
  await hold(tx, ports.clock, row, row.dueAt as Instant, target.costMicros)
  if (row.verb === 'publish-post') {
    const reason = row.state === 'held' ? (decision.held ?? null) : null
    await mirrorPublication(tx, row.targetId, {
      state: row.state,
      intentId: row.id,
      dueAt: row.dueAt,
      reason,
    })
  }
  if (row.state === 'scheduled') await tx.due('intent', row.id, row.world, row.dueAt)
  if (row.state === 'awaiting-approval') await ask(tx, ports, row, weighed, cause)
  return replyOf(tx, row)
}

/** Puts the question to people; closes an older one of the same act. */
export async function ask(
  tx: Tx,
  ports: EffectPorts,
  row: IntentRow,
  { target, hash, decision, trust, policy }: Weighed,
  cause: Omit<Cause, 'trust'>,
): Promise<string> {
  const askedAt = ports.clock.now()
  await closeOpenApproval(tx, row.id, {
    status: 'superseded',
    decidedAt: askedAt,
    reason: 'a newer question replaced it',
  })
  const id = newId(ports.clock, ports.random)
  const expiresAt = addMs(askedAt, policy?.approvals.expireAfterMs ?? 0)
  const when = row.dueAt as Instant
  const question = toQuestion(ports, tx.tenantId, { target, hash, when, decision, cause, trust })
  await insertApproval(tx, { id, intentId: row.id, hash, question, askedAt, expiresAt })
  await tx.due('approval', id, row.world, expiresAt)
  tx.emit({
    type: 'approval.asked',
    brandId: row.brandId,
    taskId: row.taskId,
    runId: row.runId,
    stepId: row.stepId,
    agent: row.agent,
    subjectId: id,
    trust,
    payload: { approvalId: id, intentId: row.id, hash, question, expiresAt, sentence: decision.sentence },
  })
  tx.record({ kind: 'approval.asked', subjectId: id, body: { intentId: row.id, hash, expiresAt, question } })
  return id
}

export async function replyOf(tx: Tx, row: IntentRow): Promise<IntentReply> {
  const open = (await listApprovalsOf(tx, row.id)).find(({ status }) => status === 'pending')
  return {
    intentId: row.id,
    state: row.state as ActState,
    verdict: verdictOf(row),
    ...(open ? { approvalId: open.id } : {}),
    dueAt: row.dueAt,
  }
}

/** A verdict we cannot read counts as a refusal. */
export const verdictOf = (row: Pick<IntentRow, 'verdict'>): Verdict =>
  VerdictShape.safeParse(row.verdict).data ?? {
    kind: 'deny',
    sentence: 'The stored verdict cannot be read.',
    rules: ['unreadable'],
  }
