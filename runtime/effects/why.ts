/** Why an effect happened: task, agent, reasoning, verdict, answers, hash, platform id, figures, and the story in lines. */
import { listApprovalsOf } from '../../db/queries/effects-approvals.ts'
import { findIntent, type IntentRow, listAttemptsOn } from '../../db/queries/effects-intents.ts'
import { findPublication } from '../../db/queries/effects-metrics.ts'
import { getAccountRow } from '../../db/queries/effects-targets.ts'
import { listMetrics } from '../../db/queries/metrics.ts'
import { listWhy, type WhyLine } from '../../db/queries/why.ts'
import type { Tx } from '../../db/tx.ts'
import type { ActState, Verdict } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import { TRUST } from '../core/trust.ts'
import type { EffectPorts } from './effect-ports.ts'
import { verdictOf } from './gateway.ts'

export interface Why {
  intentId: string
  verb: string
  state: ActState
  task: string | null
  agent: string
  reasoning: string | null
  trust: number
  verdict: Verdict
  answers: {
    approvalId: string
    status: string
    by: string | null
    at: string | null
    reason: string | null
    hash: string
  }[]
  payloadHash: string
  account: { id: string; username: string; network: string; world: string }
  remoteId: string | null
  url: string | null
  figures: Record<string, number>
  lines: WhyLine[]
}

/** For an act or for the publication it moved. Throws `not-found`. */
export async function explain(
  ports: Pick<EffectPorts, 'db' | 'clock'>,
  tenantId: string,
  id: string,
): Promise<Why> {
  return ports.db.tenant(tenantId, async (tx) => {
    const row = (await findIntent(tx, id)) ?? (await listAttemptsOn(tx, id))[0]
    if (!row) throw new StakazoError('not-found', `nothing was ever asked for under ${id}`)
    const answers = await listApprovalsOf(tx, row.id)
    const account = await getAccountRow(tx, row.accountId)
    const publication = await findPublication(tx, row.targetId)
    return {
      intentId: row.id,
      verb: row.verb,
      state: row.state as ActState,
      task: row.taskId,
      agent: row.agent,
      reasoning: row.reasoning,
      trust: row.trust,
      verdict: verdictOf(row),
      answers: answers.map((one) => ({
        approvalId: one.id,
        status: one.status,
        by: one.decidedBy,
        at: one.decidedAt,
        reason: one.reason,
        hash: one.hash,
      })),
      payloadHash: row.payloadHash,
      account: { id: account.id, username: account.username, network: account.network, world: account.world },
      remoteId: row.remoteId,
      url: publication?.url ?? null,
      ...(await story(tx, ports, row)),
    }
  })
}

async function story(tx: Tx, { clock }: Pick<EffectPorts, 'clock'>, row: IntentRow) {
  const scope = {
    brandId: row.brandId,
    taskId: undefined,
    runId: undefined,
    agent: 'owner',
    clock,
    trust: TRUST.owner,
  }
  const points = await listMetrics(tx, scope, { publicationId: row.targetId })
  const lines = await listWhy(tx, scope, row.id)
  return {
    figures: Object.fromEntries(points.map(({ metric, value }) => [metric, value])),
    lines: lines.map(({ value }) => value),
  }
}
