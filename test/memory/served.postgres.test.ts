import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { openMemory } from '../../memory/open-memory.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { freshDatabase, isServedPostgresUp } from '../support/postgres.ts'

describe.skipIf(!(await isServedPostgresUp()))('on a served Postgres (skipped: none answers)', () => {
  test('memory remembers, recalls, keeps tenants apart and erases as on the embedded one', async () => {
    await using fresh = await freshDatabase({ on: 'served', isMigrated: true })
    await using db = await openDatabase({ url: fresh.url, clock: systemClock, random: systemRandom })
    await using memory = await openMemory({ db, clock: systemClock })
    const [mine, other] = [newId(), newId()]
    const bind = (tenantId: string) =>
      memory.forCall({ tenantId, brandId: mine, agent: 'learning', trust: () => TRUST.owner }).memory
    const text = 'Zora Quillfeather approved the green cover.'
    for (const tenantId of [mine, other]) {
      await bind(tenantId).remember({ subject: 'cover', predicate: 'approved by', text })
      await memory.shortTerm(tenantId).set('sessions', 'a', { who: 'Zora Quillfeather' })
    }
    const ids = (await bind(mine).recall('who approved the cover')).map((one) => one.id)
    const seen = await db.tenant(other, (tx) =>
      tx.db.execute(sql`select id from mem_fact union all select id from mem_item`),
    )
    expect(seen.some((row) => ids.includes(String(row.id)))).toBe(false)
    const { counts } = await memory.forget(mine, { names: ['Zora Quillfeather'] })
    expect(counts).toMatchObject({ mem_fact: 1, mem_item: 1, short_term: 1 })
    expect(await bind(mine).recall('who approved the cover')).toEqual([])
    expect(await bind(other).recall('who approved the cover')).toHaveLength(1)
  })
})
