/** Reads what became of a publication: figures into the series, comments as foreign text, then the next time to look. */
import { findPublication, lastAccountReading, saveComments } from '../../db/queries/effects-metrics.ts'
import { getAccountRow, setAccountStatus } from '../../db/queries/effects-targets.ts'
import { saveMetrics } from '../../db/queries/metrics.ts'
import type { Tx } from '../../db/tx.ts'
import { addMs, type Instant, instantMs, isInstant, MINUTE, toInstant } from '../core/clock.ts'
import type { MetricPoint } from '../core/entities.ts'
import { fromUnknown, type StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { RemoteComment } from '../core/ports/publisher.ts'
import { TRUST } from '../core/trust.ts'
import type { EffectPorts } from './effect-ports.ts'
import { openPublisher } from './executor.ts'
import { raiseAlert } from './raise-alert.ts'

/** Account figures move slowly and count against the same limits. */
const ACCOUNT_EVERY_MS = 15 * MINUTE
const AGAIN_MS = 5 * MINUTE
/** Postgres takes 65,535 parameters a statement; this is far more than a reader can use. */
const COMMENTS_MAX = 1_000

interface Reading {
  publication: NonNullable<Awaited<ReturnType<typeof findPublication>>>
  brandId: string
  isAccountDue: boolean
}

export async function collectMetrics(
  ports: EffectPorts,
  tenantId: string,
  publicationId: string,
  signal: AbortSignal,
): Promise<void> {
  const reading = await ports.db.tenant(tenantId, (tx) => planReading(tx, ports, publicationId))
  if (!reading) return
  const { remoteId, accountId } = reading.publication
  try {
    const publisher = await openPublisher(ports, tenantId, accountId, signal)
    const figures = remoteId === null ? {} : await publisher.metrics(remoteId)
    const comments = remoteId === null ? [] : await publisher.comments(remoteId)
    const account = reading.isAccountDue ? await publisher.accountMetrics() : {}
    await ports.db.tenant(tenantId, (tx) => save(tx, ports, reading, { figures, comments, account }))
  } catch (thrown) {
    const error = fromUnknown(thrown)
    if (error.code === 'database-unavailable') throw error
    await ports.db.tenant(tenantId, (tx) => postpone(tx, ports, reading, error))
  }
}

async function planReading(tx: Tx, ports: EffectPorts, id: string): Promise<Reading | undefined> {
  const publication = await findPublication(tx, id)
  if (publication?.state !== 'verified' || publication.world !== ports.world) {
    if (publication?.state !== 'verified') await tx.settleDue('metrics', id)
    return undefined
  }
  const { brandId } = await getAccountRow(tx, publication.accountId)
  const last = await lastAccountReading(tx, publication.accountId)
  const isAccountDue = last === undefined || ports.clock.nowMs() - instantMs(last) >= ACCOUNT_EVERY_MS
  return { publication, brandId, isAccountDue }
}

async function save(
  tx: Tx,
  ports: EffectPorts,
  { publication, brandId }: Reading,
  read: { figures: Record<string, number>; comments: RemoteComment[]; account: Record<string, number> },
): Promise<void> {
  const { clock } = ports
  const at = clock.now()
  const { id, accountId, network } = publication
  const toPoints = (values: Record<string, number>, publicationId: string | null): MetricPoint[] =>
    Object.entries(values).map(([metric, value]) => ({
      accountId,
      publicationId,
      metric,
      at,
      value,
      source: network,
    }))
  const scope = {
    brandId,
    taskId: undefined,
    runId: undefined,
    agent: 'executor',
    clock,
    trust: TRUST.verified,
  }
  await saveMetrics(tx, scope, [...toPoints(read.figures, id), ...toPoints(read.account, null)])
  const comments = read.comments.slice(0, COMMENTS_MAX).map((comment) => ({
    ...comment,
    id: newId(clock, ports.random),
    at: isInstant(comment.at) ? toInstant(instantMs(comment.at)) : at,
  }))
  await saveComments(tx, { brandId, accountId, publicationId: id }, comments)
  const payload = {
    publicationId: id,
    intentId: publication.intentId,
    figures: read.figures,
    comments: comments.length,
  }
  tx.emit({ type: 'metrics.collected', brandId, subjectId: id, payload })
  tx.record({
    kind: 'metrics.collected',
    subjectId: id,
    body: { ...payload, remoteId: publication.remoteId },
  })
  await plan(tx, ports, publication)
}

/** The first moment of the decaying schedule that still lies ahead; after the last one nobody looks any more. */
async function plan(
  tx: Tx,
  { clock, timings }: EffectPorts,
  publication: Reading['publication'],
): Promise<void> {
  const born = (publication.publishedAt ?? publication.createdAt) as Instant
  const next = timings.metricsMs.map((ms) => addMs(born, ms)).find((at) => at > clock.now())
  if (next === undefined) return tx.settleDue('metrics', publication.id)
  return tx.due('metrics', publication.id, publication.world, next)
}

async function postpone(
  tx: Tx,
  ports: EffectPorts,
  { publication, brandId }: Reading,
  error: StakazoError,
): Promise<void> {
  const { clock } = ports
  const { id, accountId } = publication
  tx.emit({
    type: 'metrics.failed',
    brandId,
    subjectId: id,
    payload: { publicationId: id, code: error.code, message: error.message },
  })
  if (error.code === 'auth-expired') {
    const account = await getAccountRow(tx, accountId)
    if (account.status === 'active') {
      await setAccountStatus(tx, accountId, { status: 'reconnect', pausedReason: error.message })
      const about = {
        id: publication.intentId ?? id,
        brandId,
        taskId: null,
        agent: 'executor',
        accountId,
        targetId: id,
      }
      await raiseAlert(tx, clock, about, {
        kind: 'account-reconnect',
        severity: 'critical',
        message: error.message,
      })
    }
    return plan(tx, ports, publication)
  }
  if (error.row.retry !== 'later') return plan(tx, ports, publication)
  await tx.due('metrics', id, publication.world, addMs(clock.now(), AGAIN_MS))
}
