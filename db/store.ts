/**
 * Storage as tools see it, bound to one call: every row is of the caller's tenant and brand, and handing one out lowers
 * the call's trust to the row's.
 */
import type { Clock } from '../runtime/core/clock.ts'
import type { Asset, Publication } from '../runtime/core/entities.ts'
import type { ReadStore, RecordStore, TrustMeter } from '../runtime/core/ports/store.ts'
import { type Labelled, leastTrust, TRUST, type Trust } from '../runtime/core/trust.ts'
import type { Database } from './open.ts'
import * as alerts from './queries/alerts.ts'
import { listApprovals } from './queries/approvals.ts'
import * as assets from './queries/assets.ts'
import * as brands from './queries/brands.ts'
import * as clips from './queries/clips.ts'
import { listComments } from './queries/comments.ts'
import { readHealth } from './queries/health.ts'
import * as metrics from './queries/metrics.ts'
import * as posts from './queries/posts.ts'
import * as publications from './queries/publications.ts'
import * as renditions from './queries/renditions.ts'
import type { Scope } from './queries/scope.ts'
import { listThreadTasks } from './queries/thread-tasks.ts'
import * as vault from './queries/vault.ts'
import { listWhy } from './queries/why.ts'
import type { Lease, Tx } from './tx.ts'

export interface StoreScope {
  readonly tenantId: string
  readonly brandId: string
  readonly taskId?: string | undefined
  readonly runId?: string | undefined
  /** Who is said to have made a row. */
  readonly agent?: string | undefined
  /** With it every write first asserts that the run still belongs to this worker, and throws `stale-lease` otherwise. */
  readonly lease?: Lease | undefined
  /** Trust of what the run has read before this call; asked at each write. */
  readonly trust?: (() => Trust) | undefined
}

export interface BoundStore {
  readonly store: ReadStore & RecordStore
  /** The call's other ports (memory, perception) lower the same meter with what they hand out. */
  readonly meter: TrustMeter & { lower(trust: Trust): void }
}

export function openStore(db: Database, scope: StoreScope, clock: Clock): BoundStore {
  const gauge = openGauge()
  const bound = (): Scope => ({
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent ?? 'owner',
    clock,
    trust: leastTrust(gauge.least, scope.trust?.() ?? TRUST.owner),
  })
  const { lease } = scope
  const ports: StorePorts = {
    gauge,
    read: (work) => db.tenant(scope.tenantId, (tx) => work(tx, bound())),
    write: (work) =>
      lease
        ? db.leased(lease, (tx) => work(tx, bound()))
        : db.tenant(scope.tenantId, (tx) => work(tx, bound())),
  }
  return { store: { ...readStore(ports), ...recordStore(ports) }, meter: gauge }
}

type Work<T> = (tx: Tx, scope: Scope) => Promise<T>

interface StorePorts {
  readonly gauge: Gauge
  readonly read: <T>(work: Work<T>) => Promise<T>
  readonly write: <T>(work: Work<T>) => Promise<T>
}

interface Gauge extends TrustMeter {
  lower(trust: Trust): void
  /** Notes the label and takes it off. */
  unlabel<T>(rows: readonly Labelled<T>[]): T[]
  /** Notes the row's own label. */
  weigh<T extends { trust: Trust }>(row: T): T
  /**
   * A row whose one text is foreign: the label falls when that text is looked at (printing or copying the row looks
   * at it), not when its ids and figures are used. Otherwise no film could be published without a question.
   */
  guard<T extends object, K extends keyof T>(row: T, key: K, trust: Trust): T
  /** A publication speaks through its reason alone: a platform's refusal, or why somebody called it off. */
  hear(publication: Publication): Publication
}

function openGauge(): Gauge {
  let least: Trust = TRUST.owner
  const gauge: Gauge = {
    get least() {
      return least
    },
    lower: (trust) => {
      least = leastTrust(least, trust)
    },
    unlabel: (rows) =>
      rows.map(({ value, trust }) => {
        gauge.lower(trust)
        return value
      }),
    weigh: (row) => {
      gauge.lower(row.trust)
      return row
    },
    guard: (row, key, trust) => {
      const value = row[key]
      return Object.defineProperty({ ...row }, key, {
        enumerable: true,
        get: () => {
          gauge.lower(trust)
          return value
        },
      })
    },
    hear: (publication) => {
      if (publication.reason === null) return publication
      const trust = publication.state === 'cancelled' ? TRUST.foreign : TRUST.verified
      return gauge.guard(publication, 'reason', trust)
    },
  }
  return gauge
}

function readStore({ read, gauge }: StorePorts): ReadStore {
  const guardName = (asset: Asset) => gauge.guard(asset, 'name', TRUST.foreign)
  return {
    getBrand: () => read(brands.getBrand),
    listAccounts: (filter) => read((tx, scope) => brands.listAccounts(tx, scope, filter)),
    getAsset: async (id) => guardName(await read((tx, scope) => assets.getAsset(tx, scope, id))),
    listAssets: async (limit) =>
      (await read((tx, scope) => assets.listAssets(tx, scope, limit))).map(guardName),
    findAnalysis: (sha256, engine) => read((tx) => assets.findAnalysis(tx, sha256, engine)),
    getClip: (id) => read((tx, scope) => clips.getClip(tx, scope, id)),
    listClips: (filter) => read((tx, scope) => clips.listClips(tx, scope, filter)),
    getRendition: (id) => read((tx, scope) => renditions.getRendition(tx, scope, id)),
    findRendition: (key) => read((tx, scope) => renditions.findRendition(tx, scope, key)),
    listRenditions: (clipId) => read((tx, scope) => renditions.listRenditions(tx, scope, clipId)),
    getPost: async (id) => gauge.weigh(await read((tx, scope) => posts.getPost(tx, scope, id))),
    listPosts: async (filter) =>
      (await read((tx, scope) => posts.listPosts(tx, scope, filter))).map(gauge.weigh),
    getPublication: async (id) =>
      gauge.hear(await read((tx, scope) => publications.getPublication(tx, scope, id))),
    listPublications: async (filter) =>
      (await read((tx, scope) => publications.listPublications(tx, scope, filter))).map(gauge.hear),
    listApprovals: async (filter) =>
      gauge.unlabel(await read((tx, scope) => listApprovals(tx, scope, filter))),
    listMetrics: (query) => read((tx, scope) => metrics.listMetrics(tx, scope, query)),
    listComments: async (filter) =>
      (await read((tx, scope) => listComments(tx, scope, filter))).map(gauge.weigh),
    listVault: async (filter) => (await read((tx) => vault.listVault(tx, filter))).map(gauge.weigh),
    getVaultItem: async (id) => gauge.weigh(await read((tx) => vault.getVaultItem(tx, id))),
    listAlerts: async (filter) =>
      gauge.unlabel(await read((tx, scope) => alerts.listAlerts(tx, scope, filter))),
    readHealth: () => read(readHealth),
    listWhy: async (id) => gauge.unlabel(await read((tx, scope) => listWhy(tx, scope, id))),
    listThreadTasks: async () =>
      (await read(listThreadTasks)).map(({ value, trust }) => gauge.guard(value, 'message', trust)),
  }
}

function recordStore({ write, gauge }: StorePorts): RecordStore {
  return {
    saveAnalysis: (sha256, engine, body) =>
      write((tx, scope) => assets.saveAnalysis(tx, scope, sha256, engine, body)),
    saveClip: (clip) => write((tx, scope) => clips.saveClip(tx, scope, clip)),
    saveRendition: (rendition) => write((tx, scope) => renditions.saveRendition(tx, scope, rendition)),
    savePost: (post) => write((tx, scope) => posts.savePost(tx, scope, post)),
    revisePost: async (id, change) =>
      gauge.weigh(await write((tx, scope) => posts.revisePost(tx, scope, id, change))),
    saveReview: (postId, review) => write((tx, scope) => posts.saveReview(tx, scope, postId, review)),
    draftPublication: (fresh) => write((tx, scope) => publications.draftPublication(tx, scope, fresh)),
    reschedulePublication: (id, dueAt) =>
      write((tx, scope) => publications.reschedulePublication(tx, scope, id, dueAt)),
    cancelPublication: (id, reason) =>
      write((tx, scope) => publications.cancelPublication(tx, scope, id, reason)),
    saveMetrics: (points) => write((tx, scope) => metrics.saveMetrics(tx, scope, points)),
    saveVaultItem: (item) => write((tx, scope) => vault.saveVaultItem(tx, scope, item)),
    raiseAlert: (fresh) => write((tx, scope) => alerts.raiseAlert(tx, scope, fresh)),
  }
}
