/** Containers: what exists before a post is public, and what became of it. */
import { StakazoError } from '../../../core/errors.ts'
import type { Fault } from '../../faults.ts'
import { numericId } from '../../numeric-id.ts'
import type { PublishedMedia } from '../../publications.ts'
import type { Moment, SandboxClock } from '../../sandbox-clock.ts'
import type { Row, Store } from '../../store.ts'
import type { GraphProblem } from '../graph/refusal.ts'
import { type ContainerParameters, LIMITS, type MediaType } from './contract.ts'
import { IG } from './problems.ts'

/** `awaiting-bytes`: an upload is missing. `pulling`: we fetch it. `processing`: the bytes are here. */
type ContainerPhase = 'awaiting-bytes' | 'pulling' | 'processing'
export type StatusCode = 'IN_PROGRESS' | 'FINISHED' | 'ERROR' | 'EXPIRED' | 'PUBLISHED'

export interface Container {
  id: string
  accountId: string
  type: MediaType
  isChild: boolean
  parameters: ContainerParameters
  media: PublishedMedia[]
  phase: ContainerPhase
  fileSize: number | undefined
  failure: GraphProblem | undefined
  sourceUrl: string | undefined
  createdBusinessMs: number
  processingMs: number
  processingSince: Moment | undefined
  publishedBusinessMs: number | undefined
}

export interface NewContainer {
  id: string
  accountId: string
  type: MediaType
  parameters: ContainerParameters
  phase: ContainerPhase
  media?: PublishedMedia[]
  sourceUrl?: string
  fault: Fault | undefined
}

export interface Containers {
  newId(): string
  /** The file the bytes of this container go to. */
  fileName(id: string): string
  add(container: NewContainer, processingMs: number): Container
  find(id: string): Container | undefined
  listPulling(): Container[]
  countSince(accountId: string, sinceMs: number): number
  status(container: Container): StatusCode
  setFileSize(id: string, fileSize: number): void
  /** The bytes are complete: processing starts now, with the verdict known only to us until it ends. */
  startProcessing(
    id: string,
    outcome: { media?: PublishedMedia; failure?: GraphProblem },
    fault: Fault | undefined,
  ): void
  markPublished(id: string): void
}

const NETWORK = 'instagram'

export function openContainers(store: Store, clock: SandboxClock): Containers {
  const find = (id: string) => {
    const row = store.one('SELECT * FROM container WHERE network = ? AND id = ?', NETWORK, id)
    return row && toContainer(row)
  }
  return {
    find,
    newId: () => numericId(store, '179'),
    fileName: (id) => `${NETWORK}-${id}`,
    add: (container, processingMs) => insert(store, clock, container, processingMs),
    listPulling: () =>
      store.all("SELECT * FROM container WHERE phase = 'pulling' AND network = ?", NETWORK).map(toContainer),
    countSince: (accountId, sinceMs) =>
      Number(
        store.one(
          'SELECT count(*) AS n FROM container WHERE network = ? AND account_id = ? AND created_business_ms > ?',
          NETWORK,
          accountId,
          sinceMs,
        )?.n,
      ),
    status: (container) => statusOf(container, clock),
    setFileSize: (id, fileSize) => {
      store.run('UPDATE container SET file_size = ? WHERE network = ? AND id = ?', fileSize, NETWORK, id)
    },
    startProcessing(id, { media, failure }, fault) {
      const { businessMs, wallMs } = clock.moment()
      const verdict = failureOf(fault) ?? failure
      store.run(
        `UPDATE container SET phase = 'processing', media = ?, failure = coalesce(failure, ?),
           processing_business_ms = ?, processing_wall_ms = ?, processing_ms = coalesce(?, processing_ms)
           WHERE network = ? AND id = ?`,
        JSON.stringify(media ? [media] : []),
        verdict ? JSON.stringify(verdict) : null,
        businessMs,
        wallMs,
        fault?.kind === 'processing-slow' ? fault.ms : null,
        NETWORK,
        id,
      )
    },
    markPublished: (id) => {
      store.run(
        'UPDATE container SET published_business_ms = coalesce(published_business_ms, ?) WHERE network = ? AND id = ?',
        clock.nowMs(),
        NETWORK,
        id,
      )
    },
  }
}

function insert(store: Store, clock: SandboxClock, wanted: NewContainer, processingMs: number): Container {
  const { businessMs, wallMs } = clock.moment()
  const isProcessing = wanted.phase === 'processing'
  const failure = failureOf(wanted.fault)
  const row = store.one(
    `INSERT INTO container (network, id, account_id, kind, is_child, parameters, media, phase, failure, source_url,
       created_business_ms, processing_ms, processing_business_ms, processing_wall_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    NETWORK,
    wanted.id,
    wanted.accountId,
    wanted.type,
    wanted.parameters.is_carousel_item ? 1 : 0,
    JSON.stringify(wanted.parameters),
    JSON.stringify(wanted.media ?? []),
    wanted.phase,
    failure ? JSON.stringify(failure) : null,
    wanted.sourceUrl ?? null,
    businessMs,
    wanted.fault?.kind === 'processing-slow' ? wanted.fault.ms : processingMs,
    isProcessing ? businessMs : null,
    isProcessing ? wallMs : null,
  )
  if (!row) throw new StakazoError('bug', 'the container was not stored')
  return toContainer(row)
}

function statusOf(container: Container, clock: SandboxClock): StatusCode {
  if (container.publishedBusinessMs !== undefined) return 'PUBLISHED'
  if (clock.nowMs() - container.createdBusinessMs >= LIMITS.containerLifeMs) return 'EXPIRED'
  const { processingSince, processingMs } = container
  if (!processingSince || clock.sinceMs(processingSince) < processingMs) return 'IN_PROGRESS'
  return container.failure ? 'ERROR' : 'FINISHED'
}

const failureOf = (fault: Fault | undefined): GraphProblem | undefined =>
  fault?.kind === 'processing-error' ? IG.uploadFailed : undefined

function toContainer(row: Row): Container {
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    type: row.kind as MediaType,
    isChild: row.is_child === 1,
    parameters: JSON.parse(String(row.parameters)),
    media: JSON.parse(String(row.media)),
    phase: row.phase as ContainerPhase,
    fileSize: row.file_size === null ? undefined : Number(row.file_size),
    failure: row.failure === null ? undefined : JSON.parse(String(row.failure)),
    sourceUrl: row.source_url === null ? undefined : String(row.source_url),
    createdBusinessMs: Number(row.created_business_ms),
    processingMs: Number(row.processing_ms),
    processingSince:
      row.processing_business_ms === null
        ? undefined
        : { businessMs: Number(row.processing_business_ms), wallMs: Number(row.processing_wall_ms) },
    publishedBusinessMs: row.published_business_ms === null ? undefined : Number(row.published_business_ms),
  }
}
