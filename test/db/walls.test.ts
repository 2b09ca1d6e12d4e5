import { describe, expect, test } from 'vitest'
import { openDiskBlobs } from '../../runtime/blobs.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { wallsConformance } from '../conformance/walls.ts'
import { openTestDatabase, seedTenant } from '../support/seed-tenant.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

describe('tenants on the embedded Postgres', () => {
  wallsConformance('embedded')
})

test("a blob's path carries its tenant, and the same bytes of two tenants are two files", async () => {
  await using db = await openTestDatabase()
  using directory = temporaryDirectory('walls')
  const blobs = await openDiskBlobs({ root: directory.path, db, clock: systemClock })
  const paths: string[] = []
  for (const { tenantId } of [await seedTenant(db), await seedTenant(db)]) {
    const own = blobs.forTenant({ tenantId })
    const { sha256 } = await own.put(Buffer.from('the same bytes'), { mediaType: 'text/plain' })
    const path = await own.path(sha256)
    expect(path).toContain(tenantId)
    paths.push(path)
  }
  expect(new Set(paths).size).toBe(2)
})
