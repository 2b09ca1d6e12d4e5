/**
 * Storage as tools see it: rows of the caller's tenant, and of the caller's brand where a row has one.
 * Implemented in `db/store.ts`, bound per call. `get…` throws `not-found`, `list…` returns newest first unless it says so.
 */
import type {
  Account,
  Alert,
  Approval,
  Asset,
  Brand,
  Clip,
  Comment,
  MetricPoint,
  Post,
  Publication,
  Rendition,
  Review,
  VaultItem,
} from '../entities.ts'
import type { Trust } from '../trust.ts'

export interface PublicationFilter {
  taskId?: string
  postIds?: readonly string[]
  accountId?: string
  states?: readonly Publication['state'][]
  limit?: number
}

export interface MetricQuery {
  accountId?: string
  publicationId?: string
  metrics?: readonly string[]
  /** Inclusive lower and exclusive upper business instants. */
  from?: string
  to?: string
  limit?: number
}

export interface ReadStore {
  getBrand(): Promise<Brand>
  listAccounts(filter?: { network?: string }): Promise<Account[]>
  getAsset(id: string): Promise<Asset>
  listAssets(limit?: number): Promise<Asset[]>
  /** Analysis of an asset's bytes by this engine version, if it was done before. */
  findAnalysis(sha256: string, engine: string): Promise<unknown>
  getClip(id: string): Promise<Clip>
  /** In ordinal order; only current ones unless `all`. */
  listClips(filter: {
    taskId?: string
    threadTaskIds?: readonly string[]
    assetId?: string
    all?: boolean
  }): Promise<Clip[]>
  getRendition(id: string): Promise<Rendition>
  findRendition(renderKey: string): Promise<Rendition | undefined>
  listRenditions(clipId: string): Promise<Rendition[]>
  getPost(id: string): Promise<Post>
  /** In clip order. */
  listPosts(filter: { taskId?: string; ids?: readonly string[]; limit?: number }): Promise<Post[]>
  getPublication(id: string): Promise<Publication>
  listPublications(filter: PublicationFilter): Promise<Publication[]>
  listApprovals(filter: { status?: Approval['status']; limit?: number }): Promise<Approval[]>
  /** Oldest first. */
  listMetrics(query: MetricQuery): Promise<MetricPoint[]>
  /** Foreign text: reading it lowers the caller's trust to 0. */
  listComments(filter: { publicationId?: string; accountId?: string; limit?: number }): Promise<Comment[]>
  listVault(filter: {
    folder?: VaultItem['folder']
    entityType?: string
    entityId?: string
    limit?: number
  }): Promise<VaultItem[]>
  getVaultItem(id: string): Promise<VaultItem>
  listAlerts(filter?: { isOpen?: boolean; limit?: number }): Promise<Alert[]>
  /** Figures of the running system for this tenant, by name (queue depth, runs by status, publications by state, …). */
  readHealth(): Promise<Record<string, number>>
  /** What the effects of an id were and why, oldest first (events, not logs). */
  listWhy(id: string): Promise<{ at: string; type: string; agent: string | null; summary: string }[]>
  /** Tasks of the same conversation, newest first, the current one included. */
  listThreadTasks(): Promise<{ taskId: string; message: string; createdAt: string }[]>
}

export interface NewClip {
  assetId: string
  ordinal: number
  startMs: number
  endMs: number
  score: Clip['score']
  supersedes?: string
}

export interface NewRendition extends Omit<Rendition, 'id' | 'createdAt'> {
  renderKey: string
}

export interface NewPost {
  clipId: string
  renditionId: string
  caption: string
  altText: string
  hashtags: string[]
  language: string
}

export interface RecordStore {
  saveAnalysis(sha256: string, engine: string, analysis: unknown): Promise<void>
  /** Replacing a clip (`supersedes`) makes the old one not current. */
  saveClip(clip: NewClip): Promise<Clip>
  saveRendition(rendition: NewRendition): Promise<Rendition>
  savePost(post: NewPost): Promise<Post>
  /** Makes a new version; refused with `conflict` when a publication of the post left already. Pending approvals die. */
  revisePost(
    id: string,
    change: Partial<Pick<NewPost, 'caption' | 'altText' | 'hashtags' | 'renditionId' | 'clipId'>>,
  ): Promise<Post>
  saveReview(postId: string, review: Review): Promise<void>
  /** The unique row (post, account); asked again it answers with the row that exists. */
  draftPublication(publication: {
    postId: string
    accountId: string
    options: Record<string, unknown>
    dueAt?: string
  }): Promise<Publication>
  /** Not yet armed publications only; the row decides, never a queued copy. `null` clears the time. */
  reschedulePublication(id: string, dueAt: string | null): Promise<Publication>
  /** Only before `armed`; later the answer is `conflict` and names undo. */
  cancelPublication(id: string, reason: string): Promise<Publication>
  saveMetrics(points: readonly MetricPoint[]): Promise<number>
  saveVaultItem(
    item: Omit<VaultItem, 'id' | 'createdAt' | 'trust' | 'version' | 'name' | 'featureHash' | 'retainUntil'>,
  ): Promise<VaultItem>
  raiseAlert(alert: Pick<Alert, 'kind' | 'severity' | 'message' | 'subject'>): Promise<Alert>
}

/** What a store handed out so far in one call; read by the tool runner. */
export interface TrustMeter {
  readonly least: Trust
}
