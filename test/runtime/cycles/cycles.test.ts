import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../db/open.ts'
import { updateRun } from '../../../db/queries/runs.ts'
import { due } from '../../../db/schema/record.ts'
import { cycleFiring, run } from '../../../db/schema/runs.ts'
import { Cycle } from '../../../runtime/config/agents-file.ts'
import { systemClock, windableClock } from '../../../runtime/core/clock.ts'
import { systemRandom } from '../../../runtime/core/random.ts'
import { type CyclePorts, fireCycle, planCycles } from '../../../runtime/cycles/cycles.ts'
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts'
import { makeTenant } from '../runs/open-engine.ts'

const clock = windableClock()
const wind = (instant: string) =>
  clock.set({ anchorRealMs: systemClock.nowMs(), anchorBusinessMs: Date.parse(instant), rate: 0 })

const hourly = Cycle.parse({ name: 'hourly', cron: '0 * * * *', zone: 'UTC', message: 'Look around.' })

let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await freshDatabase({ isMigrated: true })
  db = await openDatabase({ url: database.url, clock, random: systemRandom })
})
afterAll(async () => {
  await db.close()
  await database[Symbol.asyncDispose]()
})

async function openCycle(cycle: Cycle = hourly, isPaused = false) {
  const { tenantId, brandId } = await makeTenant(db)
  const ports: CyclePorts = { db, clock, world: 'sandbox', cycles: [cycle], isPaused: async () => isPaused }
  wind('2026-11-20T08:30:00Z')
  await planCycles(ports, tenantId, brandId)
  const read = () =>
    db.tenant(tenantId, async (tx) => ({
      firings: await tx.db.select().from(cycleFiring).where(eq(cycleFiring.tenantId, tenantId)),
      tasks: await tx.db.select().from(run).where(eq(run.tenantId, tenantId)),
      next: (await tx.db.select().from(due).where(eq(due.kind, 'cycle')))[0]?.dueAt,
    }))
  return { tenantId, brandId, read, fire: () => fireCycle(ports, tenantId, `${brandId}/${cycle.name}`) }
}

describe('a cycle', () => {
  test('starts one task for an occurrence, however often it is woken, and waits for the next', async () => {
    const { fire, read } = await openCycle()
    expect((await read()).next).toBe('2026-11-20T09:00:00.000Z')
    wind('2026-11-20T09:00:02Z')
    await Promise.all([fire(), fire()])
    const { firings, tasks, next } = await read()
    expect(tasks.map((task) => [task.cycle, (task.input as { message: string }).message])).toEqual([
      ['hourly', 'Look around.'],
    ])
    expect(firings.filter((one) => one.result === 'started').map((one) => one.occurrence)).toEqual([
      '2026-11-20T09:00:00.000Z',
    ])
    expect(next).toBe('2026-11-20T10:00:00.000Z')
  })

  test('does not start while its last task is at work, and does when that one waits for a person', async () => {
    const { tenantId, fire, read } = await openCycle()
    wind('2026-11-20T09:00:01Z')
    await fire()
    const [task] = (await read()).tasks
    wind('2026-11-20T10:00:01Z')
    await fire()
    await db.tenant(tenantId, (tx) => updateRun(tx, task?.id ?? '', { status: 'interrupted' }))
    wind('2026-11-20T11:00:01Z')
    await fire()
    const { firings, tasks } = await read()
    expect(firings.map((one) => one.result).toSorted()).toEqual(['skipped', 'started', 'started'])
    expect(tasks).toHaveLength(2)
  })

  test('records what it missed while everything was away', async () => {
    const { fire, read } = await openCycle()
    wind('2026-11-20T15:10:00Z')
    await fire()
    const { firings, tasks, next } = await read()
    expect(firings.map((one) => one.result)).toEqual(['missed'])
    expect(tasks).toEqual([])
    expect(next).toBe('2026-11-20T16:00:00.000Z')
  })

  test('starts nothing while everything is paused', async () => {
    const { fire, read } = await openCycle(hourly, true)
    wind('2026-11-20T09:00:01Z')
    await fire()
    expect(await read()).toMatchObject({ tasks: [], firings: [{ result: 'paused' }] })
  })
})
