/** Nearest memories by meaning. One port, two adapters: pgvector in the database, an exact scan in this process. */
import type { Tx } from '../../db/tx.ts'

/** A provider's embeddings, paid for by the tenant whose memory it is. */
export interface Embeddings {
  /** `provider:model`; vectors of different models are never compared. */
  readonly name: string
  readonly dimensions: number
  embed(tenantId: string, texts: readonly string[], signal?: AbortSignal): Promise<number[][]>
}

export type OwnerKind = 'item' | 'fact'

export interface NearQuery {
  readonly brandId: string
  readonly model: string
  readonly vector: readonly number[]
  readonly k: number
}

export interface Near {
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  /** -1 to 1. */
  readonly cosine: number
}

export interface Vectors {
  readonly kind: 'pgvector' | 'exact'
  /** Nearest first; exactly min(k, vectors of this tenant, brand and model) of them. */
  search(tx: Tx, query: NearQuery): Promise<Near[]>
}
