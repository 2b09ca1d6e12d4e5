/** The witness log: what the sandbox accepted, in order, written in the transaction of the change it tells of. */
import type { SandboxClock } from './sandbox-clock.ts'
import type { Store } from './store.ts'

export type WitnessKind =
  | 'account'
  | 'container'
  | 'bytes'
  | 'publish'
  | 'edit'
  | 'comment'
  | 'reply'
  | 'hide'
  | 'delete'
  | 'token'
  | 'fault'

interface WitnessEntry {
  kind: WitnessKind
  network: string
  requestId: string
  accountId?: string
  containerId?: string
  mediaId?: string
  captionHash?: string
  detail?: Record<string, unknown>
}

export interface WitnessRecord extends WitnessEntry {
  seq: number
  businessMs: number
  wallMs: number
}

interface WitnessQuery {
  kind?: WitnessKind
  network?: string
  accountId?: string
  after: number
  limit: number
}

export interface Witness {
  append(entry: WitnessEntry): void
  list(query: WitnessQuery): WitnessRecord[]
}

export function openWitness(store: Store, clock: SandboxClock): Witness {
  return {
    append(entry) {
      const { businessMs, wallMs } = clock.moment()
      store.run(
        `INSERT INTO witness (kind, network, account_id, container_id, media_id, caption_hash, request_id,
           business_ms, wall_ms, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        entry.kind,
        entry.network,
        entry.accountId ?? null,
        entry.containerId ?? null,
        entry.mediaId ?? null,
        entry.captionHash ?? null,
        entry.requestId,
        businessMs,
        wallMs,
        JSON.stringify(entry.detail ?? {}),
      )
    },
    list(query) {
      const filters = { kind: query.kind, network: query.network, account_id: query.accountId }
      const given = Object.entries(filters).filter(([, value]) => value !== undefined)
      const where = given.map(([column]) => `${column} = ? AND `).join('')
      const values = given.map(([, value]) => String(value))
      return store
        .all(
          `SELECT * FROM witness WHERE ${where}seq > ? ORDER BY seq LIMIT ?`,
          ...values,
          query.after,
          query.limit,
        )
        .map(toRecord)
    },
  }
}

const textOf = (value: unknown) => (value === null || value === undefined ? undefined : String(value))

const toRecord = (row: Record<string, unknown>): WitnessRecord => ({
  seq: Number(row.seq),
  kind: String(row.kind) as WitnessKind,
  network: String(row.network),
  accountId: textOf(row.account_id),
  containerId: textOf(row.container_id),
  mediaId: textOf(row.media_id),
  captionHash: textOf(row.caption_hash),
  requestId: String(row.request_id),
  businessMs: Number(row.business_ms),
  wallMs: Number(row.wall_ms),
  detail: JSON.parse(String(row.detail)),
})
