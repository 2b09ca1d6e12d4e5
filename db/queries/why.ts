import { and, asc, eq, inArray, isNull, like, or } from 'drizzle-orm'
import type { Labelled, Trust } from '../../runtime/core/trust.ts'
import { approval, intent, post, publication } from '../schema/effects.ts'
import { event } from '../schema/record.ts'
import type { Tx } from '../tx.ts'
import type { Scope } from './scope.ts'

export interface WhyLine {
  at: string
  type: string
  agent: string | null
  summary: string
}

/** Events about an id and about what belongs to it (post, publication, intent, approval, task), oldest first. */
export async function listWhy(tx: Tx, { brandId }: Scope, id: string): Promise<Labelled<WhyLine>[]> {
  const { subjects, tasks } = await relatedTo(tx, id)
  const rows = await tx.db
    .select()
    .from(event)
    .where(
      and(
        eq(event.tenantId, tx.tenantId),
        or(eq(event.brandId, brandId), isNull(event.brandId)),
        or(
          inArray(event.subjectId, subjects),
          eq(event.taskId, id),
          tasks.length > 0
            ? and(inArray(event.taskId, tasks), or(like(event.type, 'task.%'), like(event.type, 'plan.%')))
            : undefined,
        ),
      ),
    )
    .orderBy(asc(event.seq))
    .limit(500)
  return rows.map(({ at, type, agent, payload, trust }) => ({
    value: { at, type, agent, summary: summarise(payload) },
    trust: trust as Trust,
  }))
}

async function relatedTo(tx: Tx, id: string): Promise<{ subjects: string[]; tasks: string[] }> {
  const intents = await tx.db
    .select({ intent, approvalId: approval.id })
    .from(intent)
    .leftJoin(approval, and(eq(approval.tenantId, intent.tenantId), eq(approval.intentId, intent.id)))
    .where(
      and(
        eq(intent.tenantId, tx.tenantId),
        or(eq(intent.id, id), eq(intent.targetId, id), eq(approval.id, id)),
      ),
    )
  const targets = intents.map((row) => row.intent.targetId)
  const published = await tx.db
    .select({ publication, post })
    .from(publication)
    .innerJoin(post, and(eq(post.tenantId, publication.tenantId), eq(post.id, publication.postId)))
    .where(
      and(
        eq(publication.tenantId, tx.tenantId),
        or(inArray(publication.id, [id, ...targets]), eq(publication.postId, id)),
      ),
    )
  const siblings = published.map((row) => row.publication.id)
  const acts =
    siblings.length === 0
      ? []
      : await tx.db
          .select({ id: intent.id })
          .from(intent)
          .where(and(eq(intent.tenantId, tx.tenantId), inArray(intent.targetId, siblings)))
  const subjects = [
    id,
    ...targets,
    ...siblings,
    ...acts.map((row) => row.id),
    ...intents.flatMap((row) => [row.intent.id, row.approvalId]),
    ...published.flatMap((row) => [row.post.id, row.post.clipId, row.post.renditionId]),
  ].filter((each) => each !== null)
  const tasks = [...intents.map((row) => row.intent.taskId), ...published.map((row) => row.post.taskId)]
  return {
    subjects: [...new Set(subjects)],
    tasks: [...new Set(tasks.filter((each) => each !== null))],
  }
}

const SPOKEN = ['sentence', 'summary', 'headline', 'reason', 'message', 'reasoning'] as const

/** The event's own sentence where it has one, else its scalar facts. */
function summarise(payload: Readonly<Record<string, unknown>>): string {
  const verdict = payload.verdict
  const spoken =
    verdict !== null && typeof verdict === 'object' && 'sentence' in verdict ? verdict.sentence : undefined
  const sentence = [spoken, ...SPOKEN.map((key) => payload[key])].find(
    (each) => typeof each === 'string' && each !== '',
  )
  if (typeof sentence === 'string') return sentence
  return Object.entries(payload)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')
}
