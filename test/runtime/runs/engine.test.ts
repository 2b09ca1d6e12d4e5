import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEvents } from '../../../db/queries/events.ts'
import { findRun, listSteps } from '../../../db/queries/runs.ts'
import { cancelTask } from '../../../runtime/runs/cancel-task.ts'
import { submitTask } from '../../../runtime/runs/submit-task.ts'
import { eventually } from '../../support/eventually.ts'
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts'
import { makeTenant, openEngine, startWorking, type TestEngine } from './open-engine.ts'
import { type Bench, tinyTeam } from './tiny-team.ts'

let database: TestDatabase
const bench: Bench = { counted: [], during: async () => undefined }

beforeAll(async () => {
  database = await freshDatabase({ isMigrated: true })
})
afterAll(() => database[Symbol.asyncDispose]())

async function ended(test: TestEngine, tenantId: string, taskId: string) {
  return eventually(async () => {
    const task = await test.db.tenant(tenantId, (tx) => findRun(tx, taskId))
    expect(task?.status).toMatch(/success|error/)
    return task
  })
}

const submit = (test: TestEngine, home: { tenantId: string; brandId: string }, message: string) =>
  submitTask(test.ports, home.tenantId, { brandId: home.brandId, message })

describe('a task', () => {
  test('is planned, its steps run in order, and its answer is theirs', async () => {
    await using engine = await openEngine(database.url, tinyTeam(bench))
    await using _work = await startWorking(engine)
    const home = await makeTenant(engine.db)
    bench.counted = []
    const { taskId } = await submit(engine, home, 'one three\nfive')
    const task = await ended(engine, home.tenantId, taskId)
    expect(task).toMatchObject({ status: 'success', outcome: 'done', output: { text: '3+5; 4' } })
    expect(bench.counted.toSorted()).toEqual(['five', 'one', 'three'])
    const events = await engine.db.tenant(home.tenantId, (tx) => listEvents(tx, { taskId }))
    const types = events.map((event) => event.type).filter((type) => !type.startsWith('tool.'))
    expect(types).toEqual([
      'task.submitted',
      'task.started',
      'plan.made',
      'step.released',
      'step.started',
      'step.finished',
      'step.released',
      'step.started',
      'step.finished',
      'task.answered',
    ])
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => (events[0]?.seq ?? 0) + index))
  })

  test('carries its tenant in every checkpoint', async () => {
    await using engine = await openEngine(database.url, tinyTeam(bench))
    await using _work = await startWorking(engine)
    const home = await makeTenant(engine.db)
    const stranger = await makeTenant(engine.db)
    const { taskId } = await submit(engine, home, 'one')
    await ended(engine, home.tenantId, taskId)
    const count = (tenantId: string) =>
      engine.db.tenant(tenantId, async (tx) =>
        Number((await tx.db.execute(sql`select count(*) from checkpoints.checkpoints`))[0]?.count),
      )
    expect(await count(home.tenantId)).toBeGreaterThan(3)
    expect(await count(stranger.tenantId)).toBe(0)
  })

  test('waits for an earlier one of its thread', async () => {
    let letGo = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const slow: Bench = { counted: [], during: (word) => (word === 'slow' ? gate : Promise.resolve()) }
    await using engine = await openEngine(database.url, tinyTeam(slow))
    await using _work = await startWorking(engine)
    const home = await makeTenant(engine.db)
    const first = await submit(engine, home, 'slow')
    await eventually(() => slow.counted.length === 1)
    const second = await submitTask(engine.ports, home.tenantId, {
      brandId: home.brandId,
      message: 'quick',
      threadId: first.threadId,
    })
    await eventually(async () => {
      const rows = await engine.db.tenant(home.tenantId, (tx) =>
        tx.db.execute(sql`select 1 from due where kind = 'run' and id = ${second.taskId}`),
      )
      return rows.length === 0
    })
    expect((await engine.db.tenant(home.tenantId, (tx) => findRun(tx, second.taskId)))?.status).toBe(
      'pending',
    )
    letGo()
    expect((await ended(engine, home.tenantId, second.taskId))?.output).toMatchObject({ text: '5' })
  })

  test('stops its running tool soon after it was cancelled', async () => {
    let stopped: unknown
    const stuck: Bench = {
      counted: [],
      during: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped = signal.reason
            reject(signal.reason)
          })
        }),
    }
    await using engine = await openEngine(database.url, tinyTeam(stuck), 60_000)
    await using _work = await startWorking(engine)
    const home = await makeTenant(engine.db)
    const { taskId } = await submit(engine, home, 'stuck\nnever')
    await eventually(() => stuck.counted.length === 1)
    await cancelTask(
      { ...engine.ports, cancelActs: async () => undefined },
      home.tenantId,
      taskId,
      'changed my mind',
    )
    expect(await eventually(() => stopped)).toMatchObject({ code: 'cancelled' })
    const task = await engine.db.tenant(home.tenantId, (tx) => findRun(tx, taskId))
    expect(task).toMatchObject({ status: 'error', outcome: 'cancelled' })
    const steps = await engine.db.tenant(home.tenantId, (tx) => listSteps(tx, taskId))
    expect(steps.map((step) => step.status)).toEqual(['skipped', 'skipped'])
  })
})

describe('a superseded worker', () => {
  test('writes neither rows nor checkpoints after another took the run', async () => {
    let release = (): void => undefined
    let entered = (): void => undefined
    const isIn = new Promise<void>((resolve) => {
      entered = resolve
    })
    const slow: Bench = {
      counted: [],
      during: () =>
        slow.counted.length > 1
          ? Promise.resolve()
          : new Promise<void>((resolve) => {
              release = resolve
              entered()
            }),
    }
    await using engine = await openEngine(database.url, tinyTeam(slow), 60_000)
    const home = await makeTenant(engine.db)
    const { taskId } = await submit(engine, home, 'word')
    const never = new AbortController().signal
    await engine.engine.perform(home.tenantId, taskId, never)
    const [step] = await engine.db.tenant(home.tenantId, (tx) => listSteps(tx, taskId))
    const runId = step?.runId ?? ''
    const first = engine.engine.perform(home.tenantId, runId, never)
    await isIn
    await using second = await openEngine(database.url, tinyTeam(slow), 60_000)
    await second.engine.perform(home.tenantId, runId, never)
    const before = await engine.db.tenant(home.tenantId, (tx) =>
      tx.db.execute(sql`select count(*) from checkpoints.checkpoints`),
    )
    release()
    await first
    const after = await engine.db.tenant(home.tenantId, (tx) =>
      tx.db.execute(sql`select count(*) from checkpoints.checkpoints`),
    )
    expect(after).toEqual(before)
    const events = await engine.db.tenant(home.tenantId, (tx) => listEvents(tx, { taskId }))
    expect(events.filter((event) => event.type === 'step.finished')).toHaveLength(1)
  })
})
