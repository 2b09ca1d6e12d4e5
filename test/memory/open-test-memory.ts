import { type Memory, openMemory } from '../../memory/open-memory.ts'
import type { MemoryScope } from '../../memory/scope.ts'
import type { Embeddings } from '../../memory/vectors/vectors.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../support/seed-tenant.ts'
import { standingClock, TODAY } from './open-brand-set.ts'

export interface TestMemory extends AsyncDisposable {
  readonly db: Awaited<ReturnType<typeof openTestDatabase>>
  readonly clock: ReturnType<typeof standingClock>
  readonly memory: Memory
  readonly failures: unknown[]
  /** Memory as an agent of the tenant's task sees it, trusting everything it read. */
  bind(seed: SeededTenant, scope?: Partial<MemoryScope>): ReturnType<Memory['forCall']>
  seed(): Promise<SeededTenant>
}

export async function openTestMemory(embeddings?: Embeddings): Promise<TestMemory> {
  const clock = standingClock(TODAY)
  const db = await openTestDatabase(clock)
  const failures: unknown[] = []
  const memory = await openMemory({ db, clock, embeddings, onLateFailure: (error) => failures.push(error) })
  return {
    ...{ db, clock, memory, failures },
    bind: ({ tenantId, brandId, taskId }, scope = {}) =>
      memory.forCall({ tenantId, brandId, taskId, agent: 'learning', trust: () => TRUST.owner, ...scope }),
    seed: () => seedTenant(db, { clock }),
    async [Symbol.asyncDispose]() {
      await memory[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}
