import { and, asc, desc, eq, inArray, isNull, type SQL } from 'drizzle-orm'
import { Clip } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { NewClip } from '../../runtime/core/ports/store.ts'
import { asset, clip } from '../schema/media.ts'
import type { Tx } from '../tx.ts'
import { isAssetOf } from './assets.ts'
import { existing, type Scope, stamp } from './scope.ts'

export interface ClipFilter {
  taskId?: string
  threadTaskIds?: readonly string[]
  assetId?: string
  all?: boolean
}

const clipsWhere = (tx: Tx, scope: Scope, ...conditions: (SQL | undefined)[]) =>
  tx.db
    .select({ clip })
    .from(clip)
    .innerJoin(asset, and(eq(asset.tenantId, clip.tenantId), eq(asset.id, clip.assetId)))
    .where(and(eq(clip.tenantId, tx.tenantId), isAssetOf(scope), ...conditions))

export async function getClip(tx: Tx, scope: Scope, id: string): Promise<Clip> {
  const [row] = await clipsWhere(tx, scope, eq(clip.id, id))
  return Clip.parse(existing(row, 'clip', id).clip)
}

export async function listClips(tx: Tx, scope: Scope, filter: ClipFilter): Promise<Clip[]> {
  const tasks = [...(filter.threadTaskIds ?? []), ...(filter.taskId ? [filter.taskId] : [])]
  const isNarrowed = filter.taskId !== undefined || filter.threadTaskIds !== undefined
  const rows = await clipsWhere(
    tx,
    scope,
    isNarrowed ? inArray(clip.taskId, tasks) : undefined,
    filter.assetId ? eq(clip.assetId, filter.assetId) : undefined,
    filter.all ? undefined : eq(clip.isCurrent, true),
  ).orderBy(asc(clip.ordinal), asc(clip.createdAt), asc(clip.id))
  return rows.map((row) => Clip.parse(row.clip))
}

/** The same choice made again (a call repeated after a crash) answers with the clip that is there. */
export async function saveClip(tx: Tx, scope: Scope, fresh: NewClip): Promise<Clip> {
  await assertAsset(tx, scope, fresh.assetId)
  const twin = await findTwin(tx, scope, fresh)
  if (twin) return twin
  if (fresh.supersedes) await replaceClip(tx, scope, fresh.supersedes)
  const [row] = await tx.db
    .insert(clip)
    .values({
      ...stamp(scope),
      tenantId: tx.tenantId,
      taskId: scope.taskId ?? null,
      ...fresh,
      supersedes: fresh.supersedes ?? null,
      isCurrent: true,
    })
    .returning()
  const saved = Clip.parse(row)
  tx.emit({
    type: 'clip.saved',
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: saved.id,
    payload: {
      ordinal: saved.ordinal,
      startMs: saved.startMs,
      endMs: saved.endMs,
      supersedes: saved.supersedes,
    },
  })
  return saved
}

async function assertAsset(tx: Tx, scope: Scope, id: string): Promise<void> {
  const [row] = await tx.db
    .select({ id: asset.id })
    .from(asset)
    .where(and(eq(asset.tenantId, tx.tenantId), eq(asset.id, id), isAssetOf(scope)))
  existing(row, 'asset', id)
}

async function findTwin(tx: Tx, scope: Scope, fresh: NewClip): Promise<Clip | undefined> {
  const [row] = await tx.db
    .select()
    .from(clip)
    .where(
      and(
        eq(clip.tenantId, tx.tenantId),
        scope.taskId ? eq(clip.taskId, scope.taskId) : isNull(clip.taskId),
        eq(clip.assetId, fresh.assetId),
        eq(clip.ordinal, fresh.ordinal),
        eq(clip.startMs, fresh.startMs),
        eq(clip.endMs, fresh.endMs),
        eq(clip.isCurrent, true),
      ),
    )
    .orderBy(desc(clip.createdAt))
    .limit(1)
  return row && row.id !== fresh.supersedes ? Clip.parse(row) : undefined
}

async function replaceClip(tx: Tx, scope: Scope, id: string): Promise<void> {
  await getClip(tx, scope, id)
  const replaced = await tx.db
    .update(clip)
    .set({ isCurrent: false })
    .where(and(eq(clip.tenantId, tx.tenantId), eq(clip.id, id), eq(clip.isCurrent, true)))
    .returning({ id: clip.id })
  if (replaced.length === 0) throw new StakazoError('conflict', `clip ${id} was replaced already`)
}
