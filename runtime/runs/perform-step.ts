/** A role at work: the loop of `graphs/role-loop.ts` on its own thread, resumed where it was. */
import { sql } from 'drizzle-orm'
import { type RunRow, updateRun } from '../../db/queries/runs.ts'
import type { RolePorts } from '../../graphs/ports.ts'
import { openRole, type RoleState, roleLoop } from '../../graphs/role-loop.ts'
import type { AnyAgent } from '../core/agent.ts'
import { StakazoError } from '../core/errors.ts'
import type { Trust } from '../core/trust.ts'
import { openCheckpoints, threadKey } from './checkpoints.ts'
import { endStep } from './end-step.ts'
import { readPrompt } from './read-prompt.ts'
import type { HeldRun } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'
import { openToolUser } from './use-tool.ts'

export interface StepInput {
  brief: Record<string, unknown>
}

/** Room for nudges and invalid reports on top of one model turn and one round of tools each. */
const SUPERSTEPS_PER_TURN = 4

export async function performStep(ports: RunPorts, row: RunRow, held: HeldRun): Promise<void> {
  const agent = ports.roster.find((one) => one.role === row.agent)
  if (!agent) throw new StakazoError('plan-invalid', `there is no agent "${row.agent}"`)
  const brief = agent.brief.safeParse((row.input as StepInput).brief)
  if (!brief.success)
    throw new StakazoError('report-invalid', `the brief of ${row.agent} does not fit: ${brief.error.message}`)
  if (row.status === 'pending') await markStarted(ports, row, held)
  const graph = roleLoop(agent, rolePorts(ports, row, held, agent)).compile({
    checkpointer: openCheckpoints(ports.db.pool, held.lease),
  })
  const config = {
    configurable: { thread_id: threadKey(row.tenantId, row.threadId, row.taskId, row.stepId ?? row.id) },
    durability: 'sync' as const,
    recursionLimit: agent.limits.turns * SUPERSTEPS_PER_TURN + 10,
    signal: held.signal,
  }
  const before = await graph.getState(config)
  const isNew = before.config.configurable?.checkpoint_id === undefined
  if (isNew || before.next.length > 0) {
    const opening = isNew
      ? openRole(await readPrompt(ports, row, agent), brief.data, row.trust as Trust)
      : null
    await graph.invoke(opening, config)
  }
  const { values } = await graph.getState(config)
  await ports.db.leased(held.lease, (tx) => endStep(tx, ports, row, endOf(agent, values)))
}

function endOf(agent: AnyAgent, state: Partial<RoleState>) {
  if (state.outcome === 'done') {
    return {
      status: 'done' as const,
      outcome: 'done',
      report: state.report,
      headline: agent.headline(state.report),
      by: state.by ?? [],
      degraded: state.degraded ?? [],
      ...(state.trust === undefined ? {} : { trust: state.trust }),
    }
  }
  const outcome = state.outcome ?? 'needs-more-steps'
  const message = `${agent.role} stopped at its limit (${outcome})`
  const error = { code: 'limit-reached', message }
  return {
    status: 'failed' as const,
    outcome,
    error,
    ...(state.trust === undefined ? {} : { trust: state.trust }),
  }
}

async function markStarted(ports: RunPorts, row: RunRow, held: HeldRun): Promise<void> {
  await ports.db.leased(held.lease, async (tx) => {
    await updateRun(tx, row.id, { status: 'running', phase: 'working', startedAt: ports.clock.now() })
    tx.emit({
      type: 'step.started',
      brandId: row.brandId,
      taskId: row.taskId,
      runId: row.id,
      stepId: row.stepId,
      subjectId: row.stepId,
      agent: row.agent,
      payload: {},
    })
  })
}

function rolePorts(ports: RunPorts, row: RunRow, held: HeldRun, agent: AnyAgent): RolePorts {
  const caller = {
    tenantId: row.tenantId,
    brandId: row.brandId,
    taskId: row.taskId,
    ...(row.stepId ? { stepId: row.stepId } : {}),
    agent: agent.role,
  }
  const startedMs = ports.clock.elapsedMs()
  return {
    model: ports.models.chat(agent.tier, caller, (brief) => agent.playbook(brief)),
    useTool: openToolUser(ports, row, held, agent),
    signal: held.signal,
    async findLimit(turns) {
      if (turns >= agent.limits.turns) return 'needs-more-steps'
      if (ports.clock.elapsedMs() - startedMs > agent.limits.wallMs) return 'over-time'
      return (await spentMicros(ports, row)) > agent.limits.costMicros ? 'over-budget' : undefined
    },
  }
}

async function spentMicros(ports: RunPorts, row: RunRow): Promise<number> {
  const [sum] = await ports.db.tenant(row.tenantId, (tx) =>
    tx.db.execute(
      sql`select coalesce(sum(amount_micros), 0)::bigint as micros from cost where step_id = ${row.stepId}`,
    ),
  )
  return Number(sum?.micros ?? 0)
}
