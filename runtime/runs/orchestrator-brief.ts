/**
 * What the orchestrator is told: the owner's words, ids, states and its agents' reports. Never a file name, a comment or
 * another foreign text as such; what a report carried over from one lowers the trust of everything decided from it.
 */

import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { describeRoles } from '../../agents/index.ts'
import { listEvents } from '../../db/queries/events.ts'
import { listSteps, listThreadTasks, type RunRow } from '../../db/queries/runs.ts'
import { approval, intent, post, publication } from '../../db/schema/effects.ts'
import { asset, clip } from '../../db/schema/media.ts'
import { metricPoint } from '../../db/schema/record.ts'
import { account, brand } from '../../db/schema/tenancy.ts'
import type { Tx } from '../../db/tx.ts'
import { leastTrust, TRUST, type Trust } from '../core/trust.ts'
import { readVoices } from './read-voices.ts'
import type { RunPorts } from './run-ports.ts'
import type { TaskInput } from './submit-task.ts'

/** Earlier tasks of the conversation the orchestrator is reminded of. */
const THREAD_TASKS_MAX = 6

export async function readBrief(
  tx: Tx,
  ports: RunPorts,
  row: RunRow,
  stage: 'plan' | 'judge',
  replansLeft: number,
): Promise<{ brief: Record<string, unknown>; trust: Trust }> {
  const input = row.input as TaskInput
  const [home] = await tx.db
    .select()
    .from(brand)
    .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, row.brandId)))
  const earlier = (await listThreadTasks(tx, row.threadId)).filter(
    (task) => task.id !== row.id && task.createdAt <= row.createdAt,
  )
  const talk = await readThread(tx, earlier.slice(0, THREAD_TASKS_MAX))
  const common = {
    stage,
    language: home?.language ?? 'en',
    message: input.message,
    agent: input.agent,
    brand: {
      id: row.brandId,
      name: home?.name ?? '',
      language: home?.language ?? 'en',
      zone: home?.zone ?? 'UTC',
    },
    now: ports.clock.now(),
    accounts: await readAccounts(tx, ports, row),
    assets: await readAssets(
      tx,
      row,
      input,
      earlier.map((task) => task.input as TaskInput),
    ),
    thread: talk.tasks,
    roles: describeRoles(ports.roster),
  }
  const known = leastTrust(row.trust as Trust, talk.trust)
  if (stage === 'plan') return { brief: common, trust: known }
  const steps = await listSteps(tx, row.id)
  const publications = await readPublications(tx, row)
  const brief = {
    ...common,
    steps: steps.map(({ key, plan, agent, status, headline, report, error }) => ({
      key,
      plan,
      agent,
      status,
      headline,
      report,
      error: (error as { message?: string } | null)?.message ?? null,
    })),
    publications,
    metrics: await readFirstMetrics(tx, row),
    replansLeft,
    notes: (await readVoices(tx, row.id)).degraded,
    ...(await readSaid(tx, row)),
  }
  // Why somebody said no is material for a revision, never an order: what follows from it is asked about again.
  const isTold = publications.some((one) => one.approval?.reason !== undefined)
  const told = isTold ? TRUST.foreign : TRUST.owner
  return { brief, trust: leastTrust(known, told, ...steps.map((one) => one.trust as Trust)) }
}

/** What the first plan said and refused, to be repeated in the answer. */
async function readSaid(tx: Tx, row: RunRow) {
  const plans = (await listEvents(tx, { taskId: row.id })).filter((one) => one.type === 'plan.made')
  const { say, refusals } = (plans[0]?.payload ?? {}) as { say?: string; refusals?: unknown[] }
  return { ...(say ? { say } : {}), ...(refusals?.length ? { refusals } : {}) }
}

const readAccounts = (tx: Tx, ports: RunPorts, row: RunRow) =>
  tx.db
    .select({
      accountId: account.id,
      network: account.network,
      username: account.username,
      status: account.status,
    })
    .from(account)
    .where(
      and(
        eq(account.tenantId, tx.tenantId),
        eq(account.brandId, row.brandId),
        eq(account.world, ports.world),
      ),
    )
    .orderBy(asc(account.createdAt))

/** This task's attachments, else those of the nearest earlier task that had some. */
async function readAssets(tx: Tx, row: RunRow, input: TaskInput, earlier: readonly TaskInput[]) {
  const ids = [input, ...earlier].map((one) => one.attachments).find((list) => list.length > 0) ?? []
  if (ids.length === 0) return []
  const rows = await tx.db
    .select()
    .from(asset)
    .where(and(eq(asset.tenantId, tx.tenantId), eq(asset.brandId, row.brandId), inArray(asset.id, ids)))
  return rows.map((one) => ({
    assetId: one.id,
    kind: one.kind,
    durationMs: one.info?.durationMs,
    hasRights: one.rights !== null,
  }))
}

/** Captions that foreign text had a part in are left out: what planners read decides what is done. */
async function readThread(tx: Tx, tasks: readonly RunRow[]) {
  const labels: Trust[] = []
  const read = await Promise.all(
    tasks.map(async (task) => {
      labels.push(task.trust as Trust)
      const clips = await readClips(tx, task.id, (trust) => labels.push(trust))
      const { message } = task.input as TaskInput
      return { taskId: task.id, message, createdAt: task.createdAt, outcome: task.outcome, clips }
    }),
  )
  return { tasks: read, trust: leastTrust(...labels) }
}

async function readClips(tx: Tx, taskId: string, onRead: (trust: Trust) => void) {
  const clips = await tx.db
    .select()
    .from(clip)
    .where(and(eq(clip.tenantId, tx.tenantId), eq(clip.taskId, taskId), eq(clip.isCurrent, true)))
    .orderBy(asc(clip.ordinal))
  if (clips.length === 0) return []
  const posts = await tx.db
    .select()
    .from(post)
    .where(
      and(
        eq(post.tenantId, tx.tenantId),
        inArray(
          post.clipId,
          clips.map((one) => one.id),
        ),
      ),
    )
  const published =
    posts.length === 0
      ? []
      : await publicationsOf(
          tx,
          posts.map((one) => one.id),
        )
  return clips.map((one) => ({
    clipId: one.id,
    assetId: one.assetId,
    ordinal: one.ordinal,
    startMs: one.startMs,
    endMs: one.endMs,
    posts: posts
      .filter((text) => text.clipId === one.id)
      .map((text) => ({
        postId: text.id,
        caption: captionFor(text, onRead),
        language: text.language,
        publications: published
          .filter((row) => row.postId === text.id)
          .map((row) => ({
            publicationId: row.id,
            accountId: row.accountId,
            network: row.network,
            state: row.state,
            dueAt: row.dueAt,
          })),
      })),
  }))
}

function captionFor({ caption, trust }: typeof post.$inferSelect, onRead: (trust: Trust) => void): string {
  if (trust === TRUST.foreign) return ''
  onRead(trust as Trust)
  return caption
}

const publicationsOf = (tx: Tx, postIds: string[]) =>
  tx.db
    .select()
    .from(publication)
    .where(and(eq(publication.tenantId, tx.tenantId), inArray(publication.postId, postIds)))

/** Everything this task drafted or acted on, with what people said to it. */
async function readPublications(tx: Tx, row: RunRow) {
  const acted = await tx.db
    .select()
    .from(intent)
    .where(and(eq(intent.tenantId, tx.tenantId), eq(intent.taskId, row.id)))
  const drafted = await tx.db
    .select({ id: publication.id })
    .from(publication)
    .innerJoin(post, and(eq(post.tenantId, publication.tenantId), eq(post.id, publication.postId)))
    .where(and(eq(publication.tenantId, tx.tenantId), eq(post.taskId, row.id)))
  const ids = [...new Set([...acted.map((one) => one.targetId), ...drafted.map((one) => one.id)])]
  if (ids.length === 0) return []
  const rows = await tx.db
    .select({ publication, account })
    .from(publication)
    .innerJoin(
      account,
      and(eq(account.tenantId, publication.tenantId), eq(account.id, publication.accountId)),
    )
    .where(and(eq(publication.tenantId, tx.tenantId), inArray(publication.id, ids)))
    .orderBy(asc(publication.createdAt))
  const asked =
    acted.length === 0
      ? []
      : await tx.db
          .select()
          .from(approval)
          .where(
            and(
              eq(approval.tenantId, tx.tenantId),
              inArray(
                approval.intentId,
                acted.map((one) => one.id),
              ),
            ),
          )
          .orderBy(desc(approval.askedAt))
  return rows.map(({ publication: one, account: home }) => {
    const intentIds = acted.filter((act) => act.targetId === one.id).map((act) => act.id)
    const said = asked.find((answer) => intentIds.includes(answer.intentId))
    return {
      publicationId: one.id,
      postId: one.postId,
      network: one.network,
      username: home.username,
      state: one.state,
      ...(one.url ? { url: one.url } : {}),
      ...(one.reason ? { reason: one.reason } : {}),
      ...(one.dueAt ? { dueAt: one.dueAt } : {}),
      ...(said ? { approval: { status: said.status, ...(said.reason ? { reason: said.reason } : {}) } } : {}),
    }
  })
}

/** Whatever was measured of this task's publications so far. */
async function readFirstMetrics(tx: Tx, row: RunRow) {
  const rows = await tx.db
    .select({
      publicationId: metricPoint.publicationId,
      metric: metricPoint.metric,
      value: metricPoint.value,
    })
    .from(metricPoint)
    .innerJoin(
      intent,
      and(eq(intent.tenantId, metricPoint.tenantId), eq(intent.targetId, metricPoint.publicationId)),
    )
    .where(and(eq(metricPoint.tenantId, tx.tenantId), eq(intent.taskId, row.id)))
    .orderBy(asc(metricPoint.at))
    .limit(500)
  return rows
}
