import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { Publication } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { PublicationFilter } from '../../runtime/core/ports/store.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { intent, post, publication } from '../schema/effects.ts'
import { account } from '../schema/tenancy.ts'
import type { Tx } from '../tx.ts'
import { lockPolicy } from './effects-targets.ts'
import { getPost } from './posts.ts'
import { existing, type Scope, stamp } from './scope.ts'
import { hasLeft, isPending, standDown } from './stand-down.ts'

const publicationsWhere = (tx: Tx, scope: Scope, ...conditions: (SQL | undefined)[]) =>
  tx.db
    .select({ publication })
    .from(publication)
    .innerJoin(post, and(eq(post.tenantId, publication.tenantId), eq(post.id, publication.postId)))
    .where(and(eq(publication.tenantId, tx.tenantId), eq(post.brandId, scope.brandId), ...conditions))

export async function getPublication(tx: Tx, scope: Scope, id: string): Promise<Publication> {
  const [row] = await publicationsWhere(tx, scope, eq(publication.id, id))
  return Publication.parse(existing(row, 'publication', id).publication)
}

export async function listPublications(
  tx: Tx,
  scope: Scope,
  filter: PublicationFilter,
): Promise<Publication[]> {
  const rows = await publicationsWhere(
    tx,
    scope,
    filter.taskId ? eq(post.taskId, filter.taskId) : undefined,
    filter.postIds ? inArray(publication.postId, [...filter.postIds]) : undefined,
    filter.accountId ? eq(publication.accountId, filter.accountId) : undefined,
    filter.states ? inArray(publication.state, [...filter.states]) : undefined,
  )
    .orderBy(desc(publication.createdAt), desc(publication.id))
    .limit(filter.limit ?? 500)
  return rows.map((row) => Publication.parse(row.publication))
}

export interface NewPublication {
  postId: string
  accountId: string
  options: Record<string, unknown>
  dueAt?: string
}

export async function draftPublication(tx: Tx, scope: Scope, fresh: NewPublication): Promise<Publication> {
  await getPost(tx, scope, fresh.postId)
  const [target] = await tx.db
    .select()
    .from(account)
    .where(
      and(
        eq(account.tenantId, tx.tenantId),
        eq(account.brandId, scope.brandId),
        eq(account.id, fresh.accountId),
      ),
    )
  const { network, world } = existing(target, 'account', fresh.accountId)
  const [row] = await tx.db
    .insert(publication)
    .values({
      ...stamp(scope),
      tenantId: tx.tenantId,
      postId: fresh.postId,
      accountId: fresh.accountId,
      network,
      world,
      state: 'draft',
      dueAt: fresh.dueAt ?? null,
      options: fresh.options,
    })
    .onConflictDoNothing()
    .returning()
  if (!row) return draftedBefore(tx, fresh)
  const drafted = Publication.parse(row)
  emitPublication(tx, scope, 'publication.drafted', drafted, { network })
  return drafted
}

async function draftedBefore(tx: Tx, { postId, accountId }: NewPublication): Promise<Publication> {
  const [row] = await tx.db
    .select()
    .from(publication)
    .where(
      and(
        eq(publication.tenantId, tx.tenantId),
        eq(publication.postId, postId),
        eq(publication.accountId, accountId),
      ),
    )
  return Publication.parse(existing(row, 'publication of post', postId))
}

async function lockPublication(tx: Tx, scope: Scope, id: string, verb: 'moved' | 'cancelled') {
  await lockPolicy(tx)
  await getPublication(tx, scope, id)
  const [row] = await tx.db
    .select()
    .from(publication)
    .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id)))
    .for('update')
  const locked = existing(row, 'publication', id)
  if (hasLeft(locked.state)) {
    throw new StakazoError(
      'conflict',
      `publication ${id} is ${locked.state} and can no longer be ${verb}; undo-publication takes it back`,
      { details: { state: locked.state } },
    )
  }
  const isRepeated = verb === 'cancelled' && locked.state === 'cancelled'
  if (!isPending(locked.state) && !isRepeated) {
    throw new StakazoError('conflict', `publication ${id} is ${locked.state}; draft the post anew`, {
      details: { state: locked.state },
    })
  }
  return locked
}

/** Moves publication, intent and due row together, so that no copy of the old time is left anywhere. */
export async function reschedulePublication(
  tx: Tx,
  scope: Scope,
  id: string,
  dueAt: string | null,
): Promise<Publication> {
  await lockPublication(tx, scope, id, 'moved')
  const at = dueAt ?? scope.clock.now()
  const moved = await tx.db
    .update(intent)
    // as late as before, counted from the new time
    .set({ dueAt: at, lateAt: sql`${at}::timestamptz + (${intent.lateAt} - ${intent.dueAt})` })
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        eq(intent.verb, 'publish-post'),
        eq(intent.targetId, id),
        inArray(intent.state, ['draft', 'awaiting-approval', 'scheduled', 'held']),
      ),
    )
    .returning({ id: intent.id, state: intent.state, world: intent.world })
  for (const each of moved) {
    if (each.state === 'scheduled') await tx.due('intent', each.id, each.world, at)
  }
  return change(tx, scope, id, { dueAt }, 'publication.rescheduled', { dueAt })
}

/**
 * Asked again it answers with the cancelled row. A reason out of a run that read foreign text stays in the event, which
 * carries its label; the row is read by everybody and has none.
 */
export async function cancelPublication(
  tx: Tx,
  scope: Scope,
  id: string,
  reason: string,
): Promise<Publication> {
  const locked = await lockPublication(tx, scope, id, 'cancelled')
  if (locked.state === 'cancelled') return Publication.parse(locked)
  await standDown(tx, scope, [locked], { state: 'cancelled', approvals: 'cancelled', reason })
  const shown = scope.trust > TRUST.foreign ? reason : `cancelled by ${scope.agent}`
  tx.record({
    kind: 'publication.cancelled',
    subjectId: id,
    body: { reason, agent: scope.agent, taskId: scope.taskId ?? null, trust: scope.trust },
  })
  return change(tx, scope, id, { state: 'cancelled', reason: shown }, 'publication.cancelled', { reason })
}

async function change(
  tx: Tx,
  scope: Scope,
  id: string,
  set: Partial<typeof publication.$inferInsert>,
  type: string,
  payload: Record<string, unknown>,
): Promise<Publication> {
  const [row] = await tx.db
    .update(publication)
    .set(set)
    .where(and(eq(publication.tenantId, tx.tenantId), eq(publication.id, id)))
    .returning()
  const changed = Publication.parse(existing(row, 'publication', id))
  emitPublication(tx, scope, type, changed, payload)
  return changed
}

function emitPublication(
  tx: Tx,
  scope: Scope,
  type: string,
  { id }: Publication,
  payload: Record<string, unknown>,
): void {
  tx.emit({
    type,
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: id,
    trust: scope.trust,
    payload,
  })
}
