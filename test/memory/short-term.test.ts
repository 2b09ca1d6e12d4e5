import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import { openPostgresShortTerm } from '../../memory/short-term/postgres-short-term.ts'
import { shortTermConformance } from '../conformance/short-term.ts'
import { openTestDatabase } from '../support/seed-tenant.ts'
import { passingClock } from './passing-clock.ts'

let db: Database
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

describe('on an unlogged table', () => {
  shortTermConformance(async () => {
    const clock = passingClock()
    return {
      clock,
      store: openPostgresShortTerm(db, clock),
      [Symbol.asyncDispose]: async () => undefined,
    }
  })

  test('the table writes no log: it may be lost with the server', async () => {
    const { rows } = await db.pool.query(`select relpersistence from pg_class where relname = 'short_term'`)
    expect(rows).toEqual([{ relpersistence: 'u' }])
  })
})
