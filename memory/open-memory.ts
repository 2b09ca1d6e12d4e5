/** Memory as one thing the composition root opens: per call for tools, per task for the engine, per tenant for upkeep. */
import { count, eq } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { memEmbedding } from '../db/schema/memory.ts'
import type { Clock } from '../runtime/core/clock.ts'
import type { MemoryReader, MemoryWriter } from '../runtime/core/ports/memory.ts'
import type { TrustMeter } from '../runtime/core/ports/store.ts'
import { leastTrust, TRUST, type Trust } from '../runtime/core/trust.ts'
import { type Consolidated, consolidate } from './consolidate.ts'
import { type Erasure, forget } from './forget.ts'
import { keepEpisode } from './keep-episode.ts'
import { type RecallPorts, recall } from './recall.ts'
import { listNeighbours, type NewRelation, type Relation, type RelationScope, relate } from './relations.ts'
import { remember } from './remember.ts'
import type { MemoryScope } from './scope.ts'
import { openPostgresShortTerm } from './short-term/postgres-short-term.ts'
import { openRedisShortTerm } from './short-term/redis-short-term.ts'
import type { ShortTerm, ShortTermStore } from './short-term/short-term.ts'
import type { Subject } from './subject-pattern.ts'
import { embedMissing } from './vectors/embed-missing.ts'
import { openVectors } from './vectors/open-vectors.ts'
import { EXACT_ROWS_MAX, tenantIndex } from './vectors/pgvector.ts'
import type { Embeddings } from './vectors/vectors.ts'

export interface OpenMemoryOptions {
  readonly db: Database
  readonly clock: Clock
  /** Without it recall searches by words alone. */
  readonly embeddings?: Embeddings | undefined
  /** Without it short-term memory is a table. */
  readonly redisUrl?: string | undefined
  readonly keyPrefix?: string
  /** Told of a provider or a Redis that failed where work went on without it. */
  readonly onLateFailure?: (error: unknown) => void
}

export interface Memory extends AsyncDisposable {
  /** What recall searches by, for people: `text`, or `text and vectors (pgvector | exact)`. */
  readonly searches: string
  readonly shortTermOn: 'redis' | 'postgres'
  forCall(scope: MemoryScope): { memory: MemoryReader & MemoryWriter; meter: TrustMeter }
  /** Stores an ended task, once; a task that is no more or runs on is left alone. */
  keepEpisode(tenantId: string, taskId: string): Promise<void>
  relate(tenantId: string, scope: RelationScope, relation: NewRelation): Promise<void>
  listNeighbours(tenantId: string, brandId: string, entity: string, asOf?: string): Promise<Relation[]>
  /** The daily tidying; bounded, and safe to repeat. */
  consolidate(tenantId: string): Promise<Consolidated>
  /** Erases a person and proves it, or throws and erased nothing but short-lived entries. */
  forget(tenantId: string, subject: Subject): Promise<Erasure>
  shortTerm(tenantId: string): ShortTerm
  /** What an operator should do about this tenant's memory; empty when all is well. */
  advise(tenantId: string): Promise<string[]>
}

/** Texts that get their vector with the write that made them; the rest waits for the tidying. */
const EMBED_AT_ONCE = 64
const EMBED_A_RUN = 1_000

export async function openMemory(options: OpenMemoryOptions): Promise<Memory> {
  const { db, clock, embeddings, onLateFailure = () => undefined } = options
  const vectors = await openVectors(db)
  const shortTerm = await openShortTerm(options, onLateFailure)
  const ports: RecallPorts = { db, clock, vectors, embeddings, onLateFailure }
  const embed = async (tenantId: string, limit: number): Promise<number> => {
    if (!embeddings) return 0
    try {
      return await embedMissing(db, embeddings, tenantId, limit)
    } catch (error) {
      onLateFailure(error)
      return 0
    }
  }
  return {
    searches: embeddings ? `text and vectors (${vectors.kind})` : 'text',
    shortTermOn: shortTerm.kind,
    forCall: (scope) => bindCall(ports, scope, () => embed(scope.tenantId, EMBED_AT_ONCE)),
    async keepEpisode(tenantId, taskId) {
      if (await db.tenant(tenantId, (tx) => keepEpisode(tx, clock, taskId)))
        await embed(tenantId, EMBED_AT_ONCE)
    },
    relate: (tenantId, scope, relation) => db.tenant(tenantId, (tx) => relate(tx, clock, scope, relation)),
    listNeighbours: (tenantId, brandId, entity, asOf) =>
      db.tenant(tenantId, (tx) => listNeighbours(tx, brandId, entity, asOf)),
    consolidate: async (tenantId) => ({
      ...(await consolidate(db, clock, tenantId)),
      embedded: await embed(tenantId, EMBED_A_RUN),
    }),
    forget: (tenantId, subject) => forget(db, clock, shortTerm, tenantId, subject),
    shortTerm: (tenantId) => shortTerm.forTenant(tenantId),
    advise: (tenantId) => (embeddings ? advise(db, tenantId, vectors.kind, embeddings) : Promise.resolve([])),
    [Symbol.asyncDispose]: () => shortTerm[Symbol.asyncDispose](),
  }
}

const openShortTerm = (
  { db, clock, redisUrl, keyPrefix }: OpenMemoryOptions,
  onLateFailure: (error: unknown) => void,
): Promise<ShortTermStore> | ShortTermStore =>
  redisUrl
    ? openRedisShortTerm({ url: redisUrl, clock, onLateFailure, ...(keyPrefix ? { keyPrefix } : {}) })
    : openPostgresShortTerm(db, clock)

/** Handing a memory out lowers the meter; what is written carries the least of everything read before it. */
function bindCall(ports: RecallPorts, scope: MemoryScope, embed: () => Promise<unknown>) {
  const { db, clock } = ports
  let least: Trust = TRUST.owner
  const memory: MemoryReader & MemoryWriter = {
    async recall(query, options) {
      const found = await recall(ports, scope, query, options)
      least = leastTrust(least, ...found.map((one) => one.trust))
      return found
    },
    async remember(fact) {
      const trust = leastTrust(least, scope.trust())
      const kept = await (scope.lease
        ? db.leased(scope.lease, (tx) => remember(tx, clock, scope, fact, trust))
        : db.tenant(scope.tenantId, (tx) => remember(tx, clock, scope, fact, trust)))
      await embed()
      return kept
    },
  }
  return {
    memory,
    meter: {
      get least() {
        return least
      },
    },
  }
}

async function advise(
  db: Database,
  tenantId: string,
  kind: 'pgvector' | 'exact',
  { dimensions }: Embeddings,
): Promise<string[]> {
  const [row] = await db.tenant(tenantId, (tx) =>
    tx.db.select({ rows: count() }).from(memEmbedding).where(eq(memEmbedding.tenantId, tenantId)),
  )
  const rows = row?.rows ?? 0
  if (rows <= EXACT_ROWS_MAX) return []
  return kind === 'exact'
    ? [`${rows} vectors are scanned in the process: use a Postgres with pgvector beyond ${EXACT_ROWS_MAX}`]
    : [`${rows} vectors: as the schema's owner run \`${tenantIndex(tenantId, dimensions)}\``]
}
