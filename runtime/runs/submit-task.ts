/** A task enters: stored with its thread, then due. The queue only wakes; this transaction is the promise. */
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { firstRow } from '../../db/queries/rows.ts'
import { findThread } from '../../db/queries/runs.ts'
import { asset } from '../../db/schema/media.ts'
import { run, thread } from '../../db/schema/runs.ts'
import { brand } from '../../db/schema/tenancy.ts'
import type { Tx } from '../../db/tx.ts'
import type { Role } from '../core/agent.ts'
import type { Clock } from '../core/clock.ts'
import type { World } from '../core/effect.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { TRUST } from '../core/trust.ts'

export interface TaskRequest {
  readonly brandId: string
  readonly message: string
  /** Goes on in this conversation; a new one when absent. */
  readonly threadId?: string | undefined
  /** One role alone instead of the orchestrator's choice. */
  readonly agent?: Role | undefined
  /** Assets the message speaks of. */
  readonly attachments?: readonly string[] | undefined
  readonly priority?: 'low' | 'medium' | 'high' | 'critical' | undefined
  /** The cycle that started it, when no person did. */
  readonly cycle?: string | undefined
}

export interface TaskInput {
  message: string
  attachments: string[]
  agent: Role | null
}

const PRIORITY = { critical: 0, high: 1, medium: 2, low: 3 } as const
const TITLE_CHARS_MAX = 80

export const submitTask = (
  ports: { db: Database; clock: Clock; world: World },
  tenantId: string,
  request: TaskRequest,
): Promise<{ taskId: string; threadId: string }> =>
  ports.db.tenant(tenantId, (tx) => storeTask(tx, ports.clock, ports.world, request))

/** The same inside a transaction of the caller, so that a cycle's firing and its task are one. */
export async function storeTask(
  tx: Tx,
  clock: Clock,
  world: World,
  request: TaskRequest,
): Promise<{ taskId: string; threadId: string }> {
  const now = clock.now()
  await assertBrand(tx, request.brandId)
  const threadId = await openThread(tx, request, now)
  const attachments = [...new Set(request.attachments ?? [])]
  await adoptAssets(tx, request.brandId, attachments)
  const taskId = newId(clock)
  const input: TaskInput = {
    message: request.message.replaceAll('\0', ''),
    attachments,
    agent: request.agent ?? null,
  }
  await tx.db.insert(run).values({
    tenantId: tx.tenantId,
    id: taskId,
    threadId,
    brandId: request.brandId,
    kind: 'task',
    taskId,
    agent: 'orchestrator',
    cycle: request.cycle ?? null,
    status: 'pending',
    phase: 'planning',
    input,
    trust: TRUST.owner,
    priority: PRIORITY[request.priority ?? 'medium'],
    createdAt: now,
  })
  tx.emit({
    type: 'task.submitted',
    brandId: request.brandId,
    taskId,
    runId: taskId,
    subjectId: taskId,
    agent: 'orchestrator',
    trust: TRUST.owner,
    payload: { message: input.message, threadId, attachments, cycle: request.cycle ?? null },
  })
  await tx.due('run', taskId, world, now)
  return { taskId, threadId }
}

async function assertBrand(tx: Tx, brandId: string): Promise<void> {
  const found = firstRow(
    await tx.db
      .select({ id: brand.id })
      .from(brand)
      .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, brandId))),
  )
  if (!found) throw new StakazoError('not-found', `there is no brand ${brandId}`)
}

async function openThread(tx: Tx, request: TaskRequest, now: string): Promise<string> {
  if (request.threadId) {
    const found = await findThread(tx, request.threadId)
    if (!found) throw new StakazoError('not-found', `there is no thread ${request.threadId}`)
    if (found.brandId !== request.brandId) {
      throw new StakazoError('bad-input', `thread ${request.threadId} belongs to another brand`)
    }
    return found.id
  }
  const id = newId()
  const title = request.message.replaceAll('\0', '').slice(0, TITLE_CHARS_MAX)
  await tx.db
    .insert(thread)
    .values({ tenantId: tx.tenantId, id, brandId: request.brandId, title, createdAt: now })
  return id
}

/** Attached assets become the brand's; an unknown id fails the whole request. */
async function adoptAssets(tx: Tx, brandId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const found = await tx.db
    .select({ id: asset.id })
    .from(asset)
    .where(and(eq(asset.tenantId, tx.tenantId), inArray(asset.id, [...ids])))
  const missing = ids.filter((id) => !found.some((row) => row.id === id))
  if (missing.length > 0) throw new StakazoError('not-found', `there is no asset ${missing.join(', ')}`)
  await tx.db
    .update(asset)
    .set({ brandId })
    .where(and(eq(asset.tenantId, tx.tenantId), inArray(asset.id, [...ids]), isNull(asset.brandId)))
}
