import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import { claimDue, finishDue, freeDue, holdDue, listDue } from '../../db/queries/due.ts'
import { newId } from '../../runtime/core/ids.ts'
import { eventually } from '../support/eventually.ts'
import { openTestDatabase, seedTenant } from '../support/seed-tenant.ts'

const NOW = '2026-03-02T10:00:00.000Z'
const AT = { now: NOW, world: 'sandbox' }

let db: Database & AsyncDisposable
let tenantId: string
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = (await seedTenant(db)).tenantId
})
afterAll(() => db[Symbol.asyncDispose]())

async function put(id = newId()) {
  await db.tenant(tenantId, (tx) => tx.due('run', id, 'sandbox', NOW))
  return { tenantId, kind: 'run', id }
}
const claim = async (ref: Awaited<ReturnType<typeof put>>, leaseMs = 60_000) => {
  const row = await claimDue(db.system, ref, { ...AT, leaseMs })
  if (!row) throw new Error('it is not free')
  return row
}
const isFree = async ({ id }: { id: string }) =>
  (await listDue(db.system, { ...AT, limit: 1_000 })).some((row) => row.id === id)

test('a worker that slept past its claim ends nothing of the one who took over', async () => {
  const ref = await put()
  const sleeper = await claim(ref, 0)
  const relief = await eventually(() => claim(ref))
  expect(await holdDue(db.system, sleeper, 60_000)).toBeUndefined()
  expect(await freeDue(db.system, sleeper, 0)).toBe(0)
  expect(await finishDue(db.system, sleeper)).toBe(false)
  expect(await isFree(ref)).toBe(false)
  const held = await holdDue(db.system, relief, 0)
  await eventually(() => isFree(ref))
  expect(held && (await finishDue(db.system, held))).toBe(false)
  expect(await isFree(ref)).toBe(false)
})

test('a claim that is prolonged many times still ends its row', async () => {
  const ref = await put()
  let row = await claim(ref)
  for (let beat = 0; beat < 5; beat += 1) row = (await holdDue(db.system, row, 60_000)) ?? row
  expect(await finishDue(db.system, row)).toBe(false)
  await expect(claim(ref)).rejects.toThrow('not free')
})

test('a row that is put again during its claim is free afterwards', async () => {
  const ref = await put()
  const row = await claim(ref)
  await put(ref.id)
  expect(await finishDue(db.system, row)).toBe(true)
  expect(await isFree(ref)).toBe(true)
})
