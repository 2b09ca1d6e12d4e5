import { eq } from 'drizzle-orm'
import { memEvidence } from '../../db/schema/memory.ts'
import { appendItems, holdEpisode } from '../../memory/append-items.ts'
import { type Memory, openMemory } from '../../memory/open-memory.ts'
import type { Embeddings } from '../../memory/vectors/vectors.ts'
import { type Clock, instantMs, systemClock, toInstant } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../support/seed-tenant.ts'
import { FACTS } from './brand-facts.ts'
import { EPISODES } from './brand-set.ts'

/** A clock that stands until it is set. */
export function standingClock(at: string): Clock & { set(at: string): void } {
  let nowMs = instantMs(at)
  return {
    ...systemClock,
    nowMs: () => nowMs,
    now: () => toInstant(nowMs),
    set: (next) => {
      nowMs = instantMs(next)
    },
  }
}

/** When the set is asked. */
export const TODAY = '2026-11-20T12:00:00.000Z'

export interface BrandSet extends AsyncDisposable {
  readonly db: Awaited<ReturnType<typeof openTestDatabase>>
  readonly memory: Memory
  readonly clock: ReturnType<typeof standingClock>
  readonly seed: SeededTenant
  /** Keys of the set by id of item or fact. */
  readonly keys: ReadonlyMap<string, string>
}

/** The set as it would have been kept: each thing at its own time. */
export async function openBrandSet(embeddings?: Embeddings): Promise<BrandSet> {
  const clock = standingClock(TODAY)
  const db = await openTestDatabase(clock)
  const memory = await openMemory({ db, clock, embeddings })
  const seed = await seedTenant(db, { clock })
  const keys = new Map<string, string>()
  for (const items of EPISODES) {
    const [first] = items
    if (!first) continue
    const episode = { id: newId(), brandId: seed.brandId, agent: 'orchestrator', taskId: null }
    const ids = await db.tenant(seed.tenantId, async (tx) => {
      await holdEpisode(tx, { ...episode, title: first.text, trust: TRUST.foreign, startedAt: first.at })
      const said = items.map(({ at, actor, text, trust = TRUST.owner }) => {
        return { actor, body: text, source: 'set', trust, occurredAt: at }
      })
      return appendItems(tx, clock, episode, said)
    })
    ids.forEach((id, index) => void keys.set(id, items[index]?.key ?? ''))
  }
  for (const { key, at, ...fact } of FACTS) {
    clock.set(at)
    const { memory: bound } = memory.forCall({
      ...{ tenantId: seed.tenantId, brandId: seed.brandId, agent: 'learning', trust: () => TRUST.owner },
    })
    const { id } = await bound.remember(fact)
    keys.set(id, key)
    const evidence = await db.tenant(seed.tenantId, (tx) =>
      tx.db.select().from(memEvidence).where(eq(memEvidence.factId, id)),
    )
    for (const { itemId } of evidence) keys.set(itemId, key)
  }
  clock.set(TODAY)
  return {
    ...{ db, memory, clock, seed, keys },
    async [Symbol.asyncDispose]() {
      await memory[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}
