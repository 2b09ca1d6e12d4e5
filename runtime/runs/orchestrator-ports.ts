/** Binds the orchestrator graph to rows: plan, steps, acts, answer. Every write asserts the task's lease. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { listReferences } from '../../agents/step-reference.ts'
import { firstRow } from '../../db/queries/rows.ts'
import { listSteps, moveStep, type RunRow, type StepRow, updateRun } from '../../db/queries/runs.ts'
import { approval, intent } from '../../db/schema/effects.ts'
import { run, step } from '../../db/schema/runs.ts'
import type { Tx } from '../../db/tx.ts'
import { resolveBrief } from '../../graphs/plan.ts'
import type { Answer, NewPlan, OrchestratorPorts, PlannedStep, StepView } from '../../graphs/ports.ts'
import type { AnyAgent } from '../core/agent.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { leastTrust, type Trust } from '../core/trust.ts'
import { endTask, wakeNextTask } from './end-task.ts'
import { readBrief } from './orchestrator-brief.ts'
import { readPrompt } from './read-prompt.ts'
import { readVoices } from './read-voices.ts'
import type { HeldRun } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'

export function openOrchestratorPorts(ports: RunPorts, row: RunRow, held: HeldRun): OrchestratorPorts {
  const boss = agentOf(ports, 'orchestrator')
  const caller = { tenantId: row.tenantId, brandId: row.brandId, taskId: row.id, agent: boss.role }
  const leased = <T>(work: (tx: Tx) => Promise<T>) => ports.db.leased(held.lease, work)
  return {
    roles: new Set(ports.roster.map((agent) => agent.role)),
    signal: held.signal,
    model: () => ports.models.chat(boss.tier, caller, (brief) => boss.playbook(brief)),
    brief: async (stage, replansLeft) => {
      const { brief, trust } = await ports.db.tenant(row.tenantId, (tx) =>
        readBrief(tx, ports, row, stage, replansLeft),
      )
      return { brief, trust, prompt: await readPrompt(ports, row, boss) }
    },
    findBriefProblems: (steps) => findBriefProblems(ports, steps),
    storePlan: (plan) => leased((tx) => storePlan(tx, ports, row, plan)),
    listSteps: async () => (await ports.db.tenant(row.tenantId, (tx) => listSteps(tx, row.id))).map(toView),
    releaseStep: (stepId) => leased((tx) => releaseStep(tx, ports, row, stepId)),
    skipStep: (stepId, because) => leased((tx) => skipStep(tx, ports, row, stepId, because)),
    hasOpenActs: () => ports.db.tenant(row.tenantId, async (tx) => (await countOpenActs(tx, row.id)) > 0),
    park: (phase) => leased((tx) => park(tx, ports, row, phase)),
    finish: (answer) => leased((tx) => finish(tx, ports, row, answer)),
  }
}

function agentOf(ports: RunPorts, role: string): AnyAgent {
  const agent = ports.roster.find((one) => one.role === role)
  if (!agent) throw new StakazoError('plan-invalid', `there is no agent "${role}"`)
  return agent
}

const toView = (row: StepRow): StepView => ({
  id: row.id,
  key: row.key,
  plan: row.plan,
  agent: row.agent,
  brief: row.brief,
  needs: row.needs,
  status: row.status as StepView['status'],
  report: row.report,
  trust: row.trust as Trust,
})

/** A brief that reads from other steps can only be checked once they are done. */
function findBriefProblems(ports: RunPorts, steps: readonly PlannedStep[]): string[] {
  return steps.flatMap((one) => {
    if (listReferences(one.brief).length > 0) return []
    const parsed = agentOf(ports, one.agent).brief.safeParse(one.brief)
    return parsed.success
      ? []
      : [`The brief of step "${one.key}" does not fit ${one.agent}: ${parsed.error.message}`]
  })
}

async function storePlan(
  tx: Tx,
  ports: RunPorts,
  row: RunRow,
  { plan, steps, say, trust, refusals, by, degraded }: NewPlan,
): Promise<void> {
  const stored = await listSteps(tx, row.id)
  if (stored.some((one) => one.plan === plan)) return
  const now = ports.clock.now()
  await tx.db.insert(step).values(
    steps.map((one) => ({
      tenantId: tx.tenantId,
      id: newId(),
      taskId: row.id,
      plan,
      status: 'planned',
      trust,
      createdAt: now,
      ...one,
    })),
  )
  await updateRun(tx, row.id, { phase: 'working', status: 'running' })
  tx.emit({
    type: 'plan.made',
    brandId: row.brandId,
    taskId: row.id,
    runId: row.id,
    subjectId: row.id,
    agent: 'orchestrator',
    trust,
    payload: {
      plan,
      say,
      refusals,
      by,
      degraded,
      steps: steps.map(({ key, agent, needs }) => ({ key, agent, needs })),
    },
  })
  tx.record({
    kind: 'plan.made',
    subjectId: row.id,
    body: { taskId: row.id, plan, say, steps: steps.map(({ key, agent, needs }) => ({ key, agent, needs })) },
  })
}

/** Resolves what the step reads from others, takes over their least trust, and makes its run due. */
async function releaseStep(tx: Tx, ports: RunPorts, row: RunRow, stepId: string): Promise<void> {
  const steps = await listSteps(tx, row.id)
  const found = steps.find((one) => one.id === stepId)
  if (found?.status !== 'planned') return
  // A plan made after another may read that one's reports too; the newest step of a key wins.
  const doneByKey = new Map(steps.filter((one) => one.status === 'done').map((one) => [one.key, one]))
  const brief = resolveBrief(found.brief, (key) => doneByKey.get(key)?.report) as Record<string, unknown>
  const read = [...new Set([...listReferences(found.brief).map((one) => one.$from), ...found.needs])].flatMap(
    (key) => doneByKey.get(key) ?? [],
  )
  const trust = leastTrust(found.trust as Trust, ...read.map((one) => one.trust as Trust))
  const fits = agentOf(ports, found.agent).brief.safeParse(brief)
  if (!fits.success) {
    await failStep(tx, ports, row, found, `its brief does not fit: ${fits.error.message}`)
    return
  }
  const runId = newId()
  const now = ports.clock.now()
  if (!(await moveStep(tx, stepId, 'planned', { status: 'released', runId, trust }))) return
  await tx.db.insert(run).values({
    tenantId: tx.tenantId,
    id: runId,
    threadId: row.threadId,
    brandId: row.brandId,
    kind: 'step',
    taskId: row.id,
    stepId,
    agent: found.agent,
    status: 'pending',
    phase: 'working',
    input: { brief },
    trust,
    priority: row.priority,
    createdAt: now,
  })
  tx.emit({
    type: 'step.released',
    brandId: row.brandId,
    taskId: row.id,
    runId,
    stepId,
    subjectId: stepId,
    agent: found.agent,
    trust,
    payload: { key: found.key },
  })
  await tx.due('run', runId, ports.world, now)
}

async function failStep(
  tx: Tx,
  ports: RunPorts,
  row: RunRow,
  found: StepRow,
  message: string,
): Promise<void> {
  const error = { code: 'plan-invalid', message }
  await moveStep(tx, found.id, 'planned', {
    status: 'failed',
    error,
    headline: message,
    endedAt: ports.clock.now(),
  })
  tx.emit({
    type: 'step.failed',
    brandId: row.brandId,
    taskId: row.id,
    stepId: found.id,
    subjectId: found.id,
    agent: found.agent,
    payload: { headline: message, error },
  })
  await tx.due('run', row.id, ports.world, ports.clock.now())
}

async function skipStep(
  tx: Tx,
  ports: RunPorts,
  row: RunRow,
  stepId: string,
  because: string,
): Promise<void> {
  const skipped = await moveStep(tx, stepId, 'planned', {
    status: 'skipped',
    headline: because,
    endedAt: ports.clock.now(),
  })
  if (skipped)
    tx.emit({
      type: 'step.skipped',
      brandId: row.brandId,
      taskId: row.id,
      stepId,
      subjectId: stepId,
      payload: { headline: because },
    })
}

const OPEN_STATES = [
  'awaiting-approval',
  'scheduled',
  'claimed',
  'armed',
  'sent',
  'accepted',
  'unknown',
  'held',
]

/**
 * Acts a task waits for before it answers. One scheduled for later than the lookahead is a success in itself: the task
 * says when it will happen instead of staying open for days.
 */
async function countOpenActs(tx: Tx, taskId: string): Promise<number> {
  const [row] = await tx.db
    .select({ count: sql<number>`count(*)::int` })
    .from(intent)
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        eq(intent.taskId, taskId),
        inArray(intent.state, OPEN_STATES),
        sql`not (${intent.state} in ('scheduled', 'held') and ${intent.dueAt} > ${intent.createdAt} + interval '10 minutes')`,
      ),
    )
  return row?.count ?? 0
}

async function park(tx: Tx, ports: RunPorts, row: RunRow, phase: 'working' | 'waiting'): Promise<void> {
  if (phase === 'working') {
    await updateRun(tx, row.id, { status: 'running', phase: 'working' })
    return
  }
  const asked = firstRow(
    await tx.db
      .select({ count: sql<number>`count(*)::int` })
      .from(approval)
      .innerJoin(intent, and(eq(intent.tenantId, approval.tenantId), eq(intent.id, approval.intentId)))
      .where(
        and(eq(approval.tenantId, tx.tenantId), eq(intent.taskId, row.id), eq(approval.status, 'pending')),
      ),
  )
  const waiting = (asked?.count ?? 0) > 0 ? 'waiting-approval' : 'waiting-effects'
  if (row.phase === waiting && row.status === 'interrupted') return
  await updateRun(tx, row.id, { status: 'interrupted', phase: waiting })
  tx.emit({
    type: 'task.waiting',
    brandId: row.brandId,
    taskId: row.id,
    runId: row.id,
    subjectId: row.id,
    agent: 'orchestrator',
    payload: { phase: waiting, approvals: asked?.count ?? 0 },
  })
  await wakeNextTask(tx, ports, row)
}

async function finish(tx: Tx, ports: RunPorts, row: RunRow, answer: Answer): Promise<void> {
  const heard = await readVoices(tx, row.id)
  const by = [...new Set([...heard.by, ...answer.by])]
  await endTask(tx, ports, row, {
    status: 'success',
    outcome: answer.outcome,
    output: { ...answer, by, degraded: heard.degraded },
  })
}
