import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../runtime/core/ids.ts'
import { seededRandom } from '../../runtime/core/random.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import type { SeededTenant } from '../support/seed-tenant.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
})
afterAll(() => at[Symbol.asyncDispose]())

const random = seededRandom(23)
const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T

/** Names a sloppier scheme would confuse: prefixes of each other, separators, wildcards. */
const NAMES = ['1', '10', '12', 'a', 'a:b', 'a:b:c', 'a/b', '%', '_', '*', 'é', 'e']
const TABLES = [
  'mem_episode',
  'mem_item',
  'mem_fact',
  'mem_evidence',
  'mem_relation',
  'mem_embedding',
  'mem_erasure',
]

test('whatever is asked, by whom and how, only memories of the own tenant and brand come back', async () => {
  const homes = [await at.seed(), await at.seed(), await at.seed()]
  const owners = new Map<string, string>()
  const ownerOf = ({ tenantId, brandId }: SeededTenant) => `${tenantId}/${brandId}`
  const brands = homes.flatMap((home) => [home, { ...home, brandId: newId() }])
  for (let round = 0; round < 60; round++) {
    const home = pick(brands)
    const [subject, text] = [pick(NAMES), `the cover of ${pick(NAMES)} is green ${round % 7}`]
    const { memory } = at.bind(home, { taskId: undefined, agent: pick(['a', 'a:b']) })
    const scope = pick(['brand', 'agent'] as const)
    const { id } = await memory.remember({
      subject,
      predicate: pick(NAMES),
      text,
      scope,
      isSingleValued: random.int(2) > 0,
    })
    owners.set(id, ownerOf(home))
    await at.memory.relate(
      home.tenantId,
      { ...home, trust: TRUST.owner },
      { from: subject, relation: 'of', to: ownerOf(home) },
    )
  }
  for (let round = 0; round < 60; round++) {
    const home = pick(brands)
    const { memory } = at.bind(home, { agent: pick(['a', 'a:b']) })
    const found = await memory.recall(`green cover ${pick(NAMES)}`, {
      limit: 20,
      scope: pick(['brand', 'agent']),
    })
    for (const one of found.filter((each) => each.kind === 'fact'))
      expect(owners.get(one.id)).toBe(ownerOf(home))
    for (const one of await at.memory.listNeighbours(home.tenantId, home.brandId, pick(NAMES))) {
      expect(one.to).toBe(ownerOf(home))
    }
  }
})

test('raw SQL of the application role sees and touches nothing of another tenant, and nothing without one', async () => {
  const [mine, other] = [await at.seed(), await at.seed()]
  await at.bind(other).memory.remember({ subject: 'cover', predicate: 'is', text: 'The cover is green.' })
  for (const table of TABLES) {
    const name = sql.raw(table)
    const seen = await at.db.tenant(mine.tenantId, (tx) => tx.db.execute(sql`select 1 from ${name}`))
    expect([table, seen.length]).toEqual([table, 0])
    const { rows } = await at.db.pool.query(`select 1 from ${table}`)
    expect([table, rows.length]).toEqual([table, 0])
  }
  const gone = await at.db.tenant(mine.tenantId, (tx) => tx.db.execute(sql`delete from mem_item returning 1`))
  expect(gone).toHaveLength(0)
  const forged = at.db.tenant(mine.tenantId, (tx) =>
    tx.db.execute(
      sql`insert into mem_evidence select ${other.tenantId}::uuid, gen_random_uuid(), gen_random_uuid()`,
    ),
  )
  await expect(forged).rejects.toThrow()
  expect(await at.bind(other).memory.recall('green cover')).toHaveLength(1)
})

test('the role that erases sees one tenant, too, and everyday work cannot log in as it', async () => {
  const [mine, other] = [await at.seed(), await at.seed()]
  await at.bind(other).memory.remember({ subject: 'cover', predicate: 'is', text: 'The cover is green.' })
  const seen = await at.db.tenant(mine.tenantId, async (tx) => {
    await tx.db.execute(sql`set local role stakazo_eraser`)
    return tx.db.execute(sql`select 1 from mem_item`)
  })
  expect(seen).toHaveLength(0)
  const { rows } = await at.db.pool.query(
    `select rolcanlogin, rolbypassrls from pg_roles where rolname = 'stakazo_eraser'`,
  )
  expect(rows).toEqual([{ rolcanlogin: false, rolbypassrls: false }])
})
