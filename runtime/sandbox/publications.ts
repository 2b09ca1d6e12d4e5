/** What is live on every network of the sandbox. A second publish is a second row: the store never de-duplicates. */
import { sha256Hex } from '../core/digest.ts'
import { StakazoError } from '../core/errors.ts'
import type { Account } from './accounts.ts'
import { seedOf } from './audience.ts'
import type { SandboxClock } from './sandbox-clock.ts'
import type { Row, Store } from './store.ts'

export type PublicationKind = 'reel' | 'video' | 'image' | 'carousel' | 'story'

export interface PublishedMedia {
  /** Name under the store's media folder. */
  file: string
  type: 'video' | 'image'
  contentType: string
  poster?: string
  width?: number
  height?: number
  durationMs?: number
  altText?: string
  thumbOffsetMs?: number
}

export interface Publication {
  seq: number
  network: string
  id: string
  accountId: string
  containerId: string | undefined
  kind: PublicationKind
  shortcode: string
  caption: string
  captionHash: string
  media: PublishedMedia[]
  /** What only its own network reads. */
  detail: Record<string, unknown>
  seed: number
  commentsMade: number
  isCommentEnabled: boolean
  createdBusinessMs: number
  createdWallMs: number
  /** Real milliseconds before which lists do not show it. */
  listedAfterMs: number
  removedBusinessMs: number | undefined
}

interface NewPublication {
  account: Account
  id: string
  containerId?: string
  kind: PublicationKind
  shortcode: string
  caption: string
  media: PublishedMedia[]
  detail?: Record<string, unknown>
  listedAfterMs?: number
}

interface ListQuery {
  kind: 'posts' | 'stories'
  /** Keyset: rows older than (`before` this seq) or newer (`after`), newest first. */
  olderThanSeq?: number
  newerThanSeq?: number
  sinceMs?: number
  untilMs?: number
  limit: number
}

interface AccountSummary {
  network: string
  accountId: string
  publications: number
  removed: number
  /** Captions that went live more than once and are live still. */
  duplicates: { captionHash: string; count: number; ids: string[] }[]
}

export interface Publications {
  add(publication: NewPublication): Publication
  find(network: string, id: string): Publication | undefined
  findBySeq(seq: number): Publication | undefined
  findByShortcode(network: string, shortcode: string): Publication | undefined
  list(account: Account, query: ListQuery): Publication[]
  count(account: Account): number
  /** Posts of the last rolling window, removed ones included: platforms count them too. */
  countSince(account: Account, sinceMs: number): number
  liveBetween(account: Account, fromMs: number, toMs: number): Publication[]
  setCommentEnabled(publication: Publication, isEnabled: boolean): void
  remove(publication: Publication): void
  summary(network?: string, accountId?: string): AccountSummary[]
}

export const captionHashOf = (caption: string): string => sha256Hex(caption)

const POSTS = "kind <> 'story'"
const STORIES = "kind = 'story'"

export function openPublications(store: Store, clock: SandboxClock): Publications {
  const findWhere = (column: 'id' | 'shortcode', network: string, value: string) => {
    const row = store.one(`SELECT * FROM publication WHERE network = ? AND ${column} = ?`, network, value)
    return row && toPublication(row)
  }
  return {
    add: (wanted) => insert(store, clock, wanted),
    find: (network, id) => findWhere('id', network, id),
    findBySeq: (seq) => {
      const row = store.one('SELECT * FROM publication WHERE seq = ?', seq)
      return row && toPublication(row)
    },
    findByShortcode: (network, shortcode) => findWhere('shortcode', network, shortcode),
    list(account, { kind, olderThanSeq, newerThanSeq, sinceMs, untilMs, limit }) {
      const isBackwards = newerThanSeq !== undefined
      const rows = store.all(
        `SELECT * FROM publication WHERE network = ? AND account_id = ? AND seq < ? AND seq > ?
           AND ${kind === 'posts' ? POSTS : STORIES} AND removed_business_ms IS NULL AND listed_after_ms <= ?
           AND created_business_ms BETWEEN ? AND ? ORDER BY seq ${isBackwards ? 'ASC' : 'DESC'} LIMIT ?`,
        account.network,
        account.id,
        olderThanSeq ?? Number.MAX_SAFE_INTEGER,
        newerThanSeq ?? 0,
        clock.moment().wallMs,
        sinceMs ?? 0,
        untilMs ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      return (isBackwards ? rows.reverse() : rows).map(toPublication)
    },
    count: (account) =>
      Number(
        store.one(
          `SELECT count(*) AS n FROM publication WHERE network = ? AND account_id = ? AND ${POSTS}
             AND removed_business_ms IS NULL`,
          account.network,
          account.id,
        )?.n,
      ),
    countSince: (account, sinceMs) =>
      Number(
        store.one(
          'SELECT count(*) AS n FROM publication WHERE network = ? AND account_id = ? AND created_business_ms > ?',
          account.network,
          account.id,
          sinceMs,
        )?.n,
      ),
    liveBetween: (account, fromMs, toMs) =>
      store
        .all(
          `SELECT * FROM publication WHERE network = ? AND account_id = ? AND created_business_ms BETWEEN ? AND ?
             AND removed_business_ms IS NULL`,
          account.network,
          account.id,
          fromMs,
          toMs,
        )
        .map(toPublication),
    setCommentEnabled: ({ seq }, isEnabled) => {
      store.run('UPDATE publication SET is_comment_enabled = ? WHERE seq = ?', isEnabled ? 1 : 0, seq)
    },
    remove: ({ seq }) => {
      store.run('UPDATE publication SET removed_business_ms = ? WHERE seq = ?', clock.nowMs(), seq)
    },
    summary: (network, accountId) => summarise(store, network, accountId),
  }
}

function insert(store: Store, clock: SandboxClock, wanted: NewPublication): Publication {
  const { account, caption } = wanted
  const captionHash = captionHashOf(caption)
  const { businessMs, wallMs } = clock.moment()
  const ordinal = store.nextNumber(`publication/${account.network}/${account.id}`)
  const row = store.one(
    `INSERT INTO publication (network, id, account_id, container_id, kind, shortcode, caption, caption_hash, media,
       detail, seed, created_business_ms, created_wall_ms, listed_after_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    account.network,
    wanted.id,
    account.id,
    wanted.containerId ?? null,
    wanted.kind,
    wanted.shortcode,
    caption,
    captionHash,
    JSON.stringify(wanted.media),
    JSON.stringify(wanted.detail ?? {}),
    seedOf(`${account.seed}/${ordinal}/${captionHash}`),
    businessMs,
    wallMs,
    wanted.listedAfterMs ?? 0,
  )
  if (!row) throw new StakazoError('bug', 'the publication was not stored')
  return toPublication(row)
}

function summarise(
  store: Store,
  network: string | undefined,
  accountId: string | undefined,
): AccountSummary[] {
  const [byNetwork, byAccount] = [network ?? null, accountId ?? null]
  const where = '(?1 IS NULL OR network = ?1) AND (?2 IS NULL OR account_id = ?2)'
  const twins = store.all(
    `SELECT network, account_id, caption_hash, count(*) AS n, json_group_array(id) AS ids FROM publication
       WHERE ${where} AND removed_business_ms IS NULL GROUP BY network, account_id, caption_hash HAVING n > 1`,
    byNetwork,
    byAccount,
  )
  return store
    .all(
      `SELECT network, account_id, count(*) AS n, count(removed_business_ms) AS removed FROM publication
         WHERE ${where} GROUP BY network, account_id ORDER BY network, account_id`,
      byNetwork,
      byAccount,
    )
    .map((row) => ({
      network: String(row.network),
      accountId: String(row.account_id),
      publications: Number(row.n),
      removed: Number(row.removed),
      duplicates: twins
        .filter((twin) => twin.network === row.network && twin.account_id === row.account_id)
        .map((twin) => ({
          captionHash: String(twin.caption_hash),
          count: Number(twin.n),
          ids: JSON.parse(String(twin.ids)),
        })),
    }))
}

const toPublication = (row: Row): Publication => ({
  seq: Number(row.seq),
  network: String(row.network),
  id: String(row.id),
  accountId: String(row.account_id),
  containerId: row.container_id === null ? undefined : String(row.container_id),
  kind: row.kind as PublicationKind,
  shortcode: String(row.shortcode),
  caption: String(row.caption),
  captionHash: String(row.caption_hash),
  media: JSON.parse(String(row.media)),
  detail: JSON.parse(String(row.detail)),
  seed: Number(row.seed),
  commentsMade: Number(row.comments_made),
  isCommentEnabled: row.is_comment_enabled === 1,
  createdBusinessMs: Number(row.created_business_ms),
  createdWallMs: Number(row.created_wall_ms),
  listedAfterMs: Number(row.listed_after_ms),
  removedBusinessMs: row.removed_business_ms === null ? undefined : Number(row.removed_business_ms),
})
