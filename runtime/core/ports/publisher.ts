/**
 * What a network must offer so that a post appears there once and is known to (reference: the publish protocols).
 * The executor persists between the verbs: every handle before the next byte, the remote id before any follow-up read.
 */

import type { Grant } from '../effect.ts'
import type { Network } from '../entities.ts'
import type { BlobReader } from './blobs.ts'
import type { Wire } from './wire.ts'

/** Everything a connector needs of a publication, read by the executor at the moment of acting. */
export interface PublishDraft {
  readonly publicationId: string
  readonly caption: string
  readonly altText: string
  readonly media: {
    sha256: string
    bytes: number
    mediaType: string
    durationMs: number
    width: number
    height: number
  }
  readonly coverSha256: string | null
  readonly options: Readonly<Record<string, unknown>>
  /** Business milliseconds when the first attempt armed: where a lookup by time starts. */
  readonly armedAtMs: number | undefined
}

/** The platform's own names for what was prepared (container, upload session). Stored as JSON. */
export type Handle = Readonly<Record<string, string | number | boolean | null>>

export interface ConnectorAccount {
  readonly accountId: string
  readonly remoteId: string
  readonly username: string
  readonly token: string
}

export interface PublisherPorts {
  readonly wire: Wire
  readonly blobs: BlobReader
  readonly account: ConnectorAccount
  readonly nowMs: () => number
  /** Real waiting between polls; rejects on abort. */
  readonly sleep: (ms: number) => Promise<void>
  readonly signal: AbortSignal
}

export type Lookup =
  /** It is live. `remoteId` undefined: live, but which one is not certain; never guessed. */
  | { found: 'live'; remoteId: string | undefined }
  /** Not live. `isAuthoritative`: the platform would know, so sending again is right. */
  | { found: 'not-live'; isAuthoritative: boolean; isHandleUsable: boolean }
  /** Cannot be told yet; ask again later. */
  | { found: 'unsure' }

export interface Verified {
  url: string | undefined
  publishedAt: string | undefined
}

export interface RemoteComment {
  remoteId: string
  author: string
  text: string
  at: string
}

/**
 * Every method throws StakazoErrors of the table: `auth-expired`, `platform-content`, `platform-throttled`, …;
 * `outcome-unknown` only from `commit` and `remove`.
 */
export interface Publisher {
  /** Uploads and containers. Resumes from `saved`; calls `save` with each handle before the first byte goes. */
  prepare(
    draft: PublishDraft,
    saved: Handle | undefined,
    save: (handle: Handle) => Promise<void>,
  ): Promise<Handle>
  /** The one non-repeatable call. */
  commit(grant: Grant, handle: Handle): Promise<{ remoteId: string | undefined; answer: unknown }>
  lookup(handle: Handle, draft: PublishDraft): Promise<Lookup>
  /** Read after the fact; its failure never un-publishes. */
  verify(remoteId: string): Promise<Verified>
  remove(grant: Grant, remoteId: string): Promise<void>
  /** Current totals by the network's metric names; unknown metrics are dropped one by one. */
  metrics(remoteId: string): Promise<Record<string, number>>
  accountMetrics(): Promise<Record<string, number>>
  comments(remoteId: string): Promise<RemoteComment[]>
}

/** One rule a post breaks on a network, before anything is sent. */
export interface PreflightFinding {
  rule: string
  value: string
  limit: string
  fix: string
}

export interface Connector {
  readonly network: Network
  /** The only origins its wire may reach. */
  readonly origins: readonly string[]
  /** Publications per account in a rolling window: planned with, never exceeded. */
  readonly quota: { publications: number; perMs: number }
  preflight(draft: Omit<PublishDraft, 'armedAtMs' | 'publicationId'>): PreflightFinding[]
  /** Reads who a token belongs to; used by `connect`. */
  whoAmI(
    ports: Pick<PublisherPorts, 'wire' | 'signal'>,
    token: string,
  ): Promise<{ remoteId: string; username: string }>
  publisher(ports: PublisherPorts): Publisher
}
