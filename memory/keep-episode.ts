/** Stores an ended task as an episode: what was asked, what each step came to, what people decided, what was answered. */
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import { approval, intent } from '../db/schema/effects.ts'
import { memEpisode, memItem } from '../db/schema/memory.ts'
import { run, step } from '../db/schema/runs.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../runtime/core/clock.ts'
import { leastTrust, TRUST, type Trust } from '../runtime/core/trust.ts'
import { appendItems, holdEpisode, type NewItem } from './append-items.ts'
import { summarise } from './summarise.ts'

type Task = typeof run.$inferSelect

/** False when there is no such ended task. Kept again it changes nothing. */
export async function keepEpisode(tx: Tx, clock: Clock, taskId: string): Promise<boolean> {
  const [task] = await tx.db
    .select()
    .from(run)
    .where(
      and(eq(run.tenantId, tx.tenantId), eq(run.id, taskId), eq(run.kind, 'task'), isNotNull(run.endedAt)),
    )
  if (!task) return false
  const steps = await readSteps(tx, task)
  const trust = leastTrust(task.trust as Trust, ...steps.map((item) => item.trust))
  const items = [
    ...readMessage(task),
    ...steps,
    ...(await readDecisions(tx, task)),
    ...readAnswer(task, trust),
  ]
  const { brandId, agent, createdAt } = task
  const title = items[0]?.body.split('\n')[0] ?? agent
  const episode = { id: taskId, brandId, agent, taskId, title, trust, startedAt: createdAt }
  await holdEpisode(tx, episode)
  await appendItems(tx, clock, episode, items)
  await closeEpisode(tx, taskId, { title: title.slice(0, 200), trust, startedAt: createdAt }, task.endedAt)
  return true
}

/** A `remember` of the task may have opened the episode under its own first line; the task's words name it. */
async function closeEpisode(
  tx: Tx,
  id: string,
  named: Pick<typeof memEpisode.$inferSelect, 'title' | 'trust' | 'startedAt'>,
  endedAt: string | null,
): Promise<void> {
  const said = await tx.db
    .select({ body: memItem.body, scope: memItem.scope })
    .from(memItem)
    .where(and(eq(memItem.tenantId, tx.tenantId), eq(memItem.episodeId, id)))
    .orderBy(asc(memItem.seq))
  const shared = said.filter((item) => item.scope === 'brand').map((item) => item.body)
  await tx.db
    .update(memEpisode)
    .set({ ...named, summary: summarise(shared), endedAt })
    .where(and(eq(memEpisode.tenantId, tx.tenantId), eq(memEpisode.id, id)))
}

function readMessage(task: Task): NewItem[] {
  const body = textOf(task.input, 'message')
  const source = task.cycle ? `cycle ${task.cycle}` : 'owner'
  return [
    { actor: 'owner', body, source, trust: task.trust as Trust, occurredAt: task.createdAt, importance: 0.7 },
  ]
}

/** A model may have written the answer from all its steps; whoever reads it again reads an inference. */
function readAnswer(task: Task, trust: Trust): NewItem[] {
  const body = textOf(task.output, 'text') || textOf(task.error, 'message')
  const occurredAt = task.endedAt ?? task.createdAt
  return [
    { actor: task.agent, body, source: 'answer', trust: leastTrust(trust, TRUST.inference), occurredAt },
  ]
}

async function readSteps(tx: Tx, task: Task): Promise<NewItem[]> {
  const rows = await tx.db
    .select()
    .from(step)
    .where(and(eq(step.tenantId, tx.tenantId), eq(step.taskId, task.id), isNotNull(step.headline)))
    .orderBy(asc(step.plan), asc(step.createdAt), asc(step.id))
  return rows.map((row) => ({
    actor: row.agent,
    body: row.headline ?? '',
    source: `step ${row.key} ${row.status}`,
    trust: row.trust as Trust,
    occurredAt: row.endedAt ?? row.createdAt,
  }))
}

/** Who approved and why somebody refused is the owner's own word. */
async function readDecisions(tx: Tx, task: Task): Promise<NewItem[]> {
  const rows = await tx.db
    .select({ approval, verb: intent.verb })
    .from(approval)
    .innerJoin(intent, and(eq(intent.tenantId, approval.tenantId), eq(intent.id, approval.intentId)))
    .where(
      and(
        eq(approval.tenantId, tx.tenantId),
        eq(intent.taskId, task.id),
        inArray(approval.status, ['approved', 'rejected']),
        isNotNull(approval.decidedBy),
      ),
    )
    .orderBy(asc(approval.decidedAt), asc(approval.id))
  return rows.map(({ approval: { decidedBy, decidedAt, status, reason, askedAt }, verb }) => ({
    actor: decidedBy ?? '',
    body: `${decidedBy} ${status} ${verb}${reason ? `: ${reason}` : ''}`,
    source: 'approval',
    trust: TRUST.owner,
    occurredAt: decidedAt ?? askedAt,
    importance: 0.7,
  }))
}

const textOf = (value: unknown, key: string): string => {
  const text =
    value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined
  return typeof text === 'string' ? text : ''
}
