import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimRun } from '../../../db/queries/runs.ts'
import type { Lease } from '../../../db/tx.ts'
import { joinRows, openCheckpoints, threadKey } from '../../../runtime/runs/checkpoints.ts'
import { submitTask } from '../../../runtime/runs/submit-task.ts'
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts'
import { makeTenant, openEngine, type TestEngine } from './open-engine.ts'
import { tinyTeam } from './tiny-team.ts'

let database: TestDatabase
let engine: TestEngine
beforeAll(async () => {
  database = await freshDatabase({ isMigrated: true })
  engine = await openEngine(database.url, tinyTeam({ counted: [], during: async () => undefined }))
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const METADATA = { source: 'loop', step: 0, parents: {} } as const
const CHANNELS = { one: 'eins', two: ['zwei'], three: { drei: 3 } }

async function takeRun(): Promise<{ lease: Lease; config: { configurable: Record<string, string> } }> {
  const { tenantId, brandId } = await makeTenant(engine.db)
  const { taskId } = await submitTask(engine.ports, tenantId, { brandId, message: 'one' })
  const lease = await takeOver(tenantId, taskId)
  return { lease, config: { configurable: { thread_id: threadKey(tenantId, taskId), checkpoint_ns: '' } } }
}

async function takeOver(tenantId: string, runId: string): Promise<Lease> {
  const row = await engine.db.tenant(tenantId, (tx) => claimRun(tx, runId, 'worker', 60_000))
  return { tenantId, runId, epoch: row?.leaseEpoch ?? 0 }
}

const newCheckpoint = () => ({ ...emptyCheckpoint(), channel_values: CHANNELS, channel_versions: VERSIONS })
const VERSIONS = { one: 1, two: 1, three: 1 }

describe('a checkpoint', () => {
  test('holds every channel and every write of its tasks, though their rows go out together', async () => {
    const { lease, config } = await takeRun()
    const saver = openCheckpoints(engine.db.pool, lease)
    const checkpoint = newCheckpoint()
    const saved = await saver.put(config, checkpoint, METADATA, VERSIONS)
    await saver.putWrites(
      saved,
      [
        ['one', 'uno'],
        ['two', 'dos'],
        ['three', null],
      ],
      'task',
    )
    // The same task writing again, as after a crash, changes nothing.
    await saver.putWrites(saved, [['one', 'other']], 'task')
    const found = await saver.getTuple(config)
    expect(found?.checkpoint.channel_values).toEqual(CHANNELS)
    expect(found?.pendingWrites).toEqual([
      ['task', 'one', 'uno'],
      ['task', 'two', 'dos'],
      ['task', 'three', null],
    ])
  })

  test('of a superseded worker is refused whole', async () => {
    const { lease, config } = await takeRun()
    await takeOver(lease.tenantId, lease.runId)
    const saver = openCheckpoints(engine.db.pool, lease)
    const put = saver.put(config, newCheckpoint(), METADATA, VERSIONS)
    await expect(put).rejects.toMatchObject({ code: 'stale-lease' })
    expect(await saver.getTuple(config)).toBeUndefined()
  })

  test('of a task that failed in the database leaves its connection usable', async () => {
    const { lease, config } = await takeRun()
    const saver = openCheckpoints(engine.db.pool, lease)
    const nowhere = { configurable: { ...config.configurable, thread_id: 'no-tenant/thread' } }
    for (let again = 0; again < 20; again += 1) {
      await expect(saver.put(nowhere, newCheckpoint(), METADATA, VERSIONS)).rejects.toThrow()
    }
    await saver.put(config, newCheckpoint(), METADATA, VERSIONS)
    expect((await saver.getTuple(config))?.checkpoint.channel_values).toEqual(CHANNELS)
  })
})

describe('joined rows', () => {
  const insert = 'INSERT INTO t (a, b)\n  VALUES ($1, $2)\n  ON CONFLICT (a) DO NOTHING'

  test('are neighbours of one text, numbered on', () => {
    const rows = [1, 2, 3].map((value) => ({ text: insert, values: [value, `b${value}`] }))
    expect(joinRows(rows)).toEqual([
      {
        text: 'INSERT INTO t (a, b)\n  VALUES ($1, $2), ($3, $4), ($5, $6)\n  ON CONFLICT (a) DO NOTHING',
        values: [1, 'b1', 2, 'b2', 3, 'b3'],
      },
    ])
  })

  test('keep their order and leave alone what updates or is of another text', () => {
    const upsert = insert.replace('NOTHING', 'UPDATE SET b = EXCLUDED.b')
    const remove = 'DELETE FROM t WHERE a = $1'
    const rows = [insert, upsert, upsert, remove, remove, insert].map((text, place) => ({
      text,
      values: [place],
    }))
    expect(joinRows(rows)).toEqual(rows)
  })
})
