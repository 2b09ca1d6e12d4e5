import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openTestDatabase, seedTenant } from '../support/seed-tenant.ts'

const hold = sql`select from brand for update`

test('a process that stops inside a transaction loses it, and its locks go to the others', async () => {
  await using db = await openTestDatabase()
  const { tenantId } = await seedTenant(db)
  const woken = Promise.withResolvers<void>()
  const stopped = db.tenant(tenantId, async (tx) => {
    const [limit] = await tx.db.execute(sql`show idle_in_transaction_session_timeout`)
    expect(limit).toEqual({ idle_in_transaction_session_timeout: '20s' })
    await tx.db.execute(sql`set local idle_in_transaction_session_timeout = 50`)
    await tx.db.execute(hold)
    await woken.promise
    await tx.db.execute(sql`select 1`)
  })
  const failure = stopped.catch((error: unknown) => error)
  const shows = sql`set local lock_timeout = '5s'`
  await eventually(() =>
    db.tenant(tenantId, async (tx) => {
      await tx.db.execute(shows)
      return tx.db.execute(hold)
    }),
  )
  woken.resolve()
  expect(await failure).toMatchObject({ code: 'database-unavailable' })
})

test('a checkpoint connection that is cut between two statements fails that use alone', async () => {
  await using db = await openTestDatabase()
  const client = await db.pool.connect()
  const shown = await client.query('show idle_in_transaction_session_timeout')
  expect(shown.rows).toEqual([{ idle_in_transaction_session_timeout: '20s' }])
  await client.query('begin')
  await client.query('set local idle_in_transaction_session_timeout = 50')
  await eventually(
    async () => {
      const failed = await client.query('select 1').then(
        () => false,
        () => true,
      )
      return failed
    },
    { everyMs: 100 },
  )
  client.release(true)
  expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
