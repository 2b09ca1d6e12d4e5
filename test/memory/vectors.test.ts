import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import * as schema from '../../db/schema/index.ts'
import type { Tx } from '../../db/tx.ts'
import { openExactScan } from '../../memory/vectors/exact-scan.ts'
import { pgvector, tenantIndex } from '../../memory/vectors/pgvector.ts'
import { storeVectors } from '../../memory/vectors/store-vectors.ts'
import { newId } from '../../runtime/core/ids.ts'
import { seededRandom } from '../../runtime/core/random.ts'
import { vectorsConformance } from '../conformance/vectors.ts'
import { openTestDatabase } from '../support/seed-tenant.ts'

describe('exact scan in the process', () => {
  let db: Database
  beforeAll(async () => {
    db = await openTestDatabase()
  })
  afterAll(() => db[Symbol.asyncDispose]())

  vectorsConformance(async () => ({
    vectors: openExactScan(),
    tenant: (tenantId, work) => db.tenant(tenantId, work),
    async [Symbol.asyncDispose]() {
      await db.tenant('10000000-0000-7000-8000-000000000000', (tx) =>
        tx.db.execute(sql`delete from mem_embedding`),
      )
    },
  }))
})

const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url))

/** The same schema on a Postgres that has the extension, worked on as the application role. */
async function openPglite() {
  const client = await PGlite.create({ extensions: { vector } })
  const db = drizzle(client, { schema })
  await migrate(db, { migrationsFolder: MIGRATIONS })
  const tenant = <T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    db.transaction(async (inner) => {
      await inner.execute(sql`set local role stakazo_app`)
      await inner.execute(sql`select set_config('stakazo.tenant', ${tenantId}, true)`)
      const tx = { db: inner, tenantId } as unknown as Tx
      return work(tx)
    })
  return { client, tenant }
}

describe('pgvector', () => {
  let place: Awaited<ReturnType<typeof openPglite>>
  beforeAll(async () => {
    place = await openPglite()
  })
  afterAll(() => place.client.close())

  vectorsConformance(async () => ({
    vectors: pgvector,
    tenant: place.tenant,
    async [Symbol.asyncDispose]() {
      await place.client.exec('delete from mem_embedding')
    },
  }))

  test('an HNSW index of a big tenant serves it, and a filter on a small brand still gets every row', async () => {
    const [tenantId, small, big] = [newId(), newId(), newId()]
    const random = seededRandom(5)
    const direction = () => Array.from({ length: 16 }, () => random.next() * 2 - 1)
    const rows = (brandId: string, count: number) =>
      Array.from({ length: count }, () => ({
        ...{ brandId, ownerKind: 'fact' as const, ownerId: newId(), model: 'm', vector: direction() },
      }))
    await place.tenant(tenantId, (tx) => storeVectors(tx, rows(big, 3_000)))
    await place.tenant(tenantId, (tx) => storeVectors(tx, rows(small, 6)))
    await place.client.exec(tenantIndex(tenantId, 16))
    await place.client.exec('analyze mem_embedding')
    // So small a tenant would be sorted; the index is asked all the same, to see what it does with a filter.
    const explained = await place.tenant(tenantId, async (tx) => {
      await tx.db.execute(sql`set local enable_sort = off`)
      return tx.db.execute(sql`explain select owner_id from mem_embedding
        where tenant_id = ${sql.raw(`'${tenantId}'`)} and dims = 16
        order by vec::vector(16) <=> ${JSON.stringify(direction())}::vector(16) limit 10`)
    })
    expect(JSON.stringify(explained)).toContain('mem_embedding_hnsw_')
    for (const [brandId, k, expected] of [
      [small, 10, 6],
      [small, 3, 3],
      [big, 100, 100],
    ] as const) {
      for (let round = 0; round < 5; round++) {
        const query = { brandId, model: 'm', vector: direction(), k }
        const near = await place.tenant(tenantId, async (tx) => {
          await tx.db.execute(sql`set local enable_sort = off`)
          return pgvector.search(tx, query)
        })
        expect(near).toHaveLength(expected)
      }
    }
  })
})
