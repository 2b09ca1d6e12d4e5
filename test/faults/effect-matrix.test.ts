import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyLedger } from '../../runtime/effects/ledger.ts'
import { openStage, type Stage } from '../runtime/effects/stage.ts'
import { FAULT_CASES } from './effect-matrix.ts'
import { runFaultCase } from './run-fault-case.ts'

let stage: Stage
beforeAll(async () => {
  const caps = { hour: 1_000, day: 1_000 }
  stage = await openStage({
    policy: { caps: { tenant: caps, agent: caps, account: caps }, breaker: { burst: 1_000 } },
  })
})
afterAll(() => stage[Symbol.asyncDispose]())

test.each(FAULT_CASES.map((one) => [one.name, one] as const))(
  'a post appears once and is known when: %s',
  async (name, one) => {
    const { broken, path } = await runFaultCase(stage, one, name)
    expect(broken, path.join(' → ')).toEqual([])
  },
)

test('after all of it nothing is unknown, nothing is doubled and the ledger holds', async () => {
  const states = (await stage.rows()).map(({ state }) => state)
  expect(states).toEqual(states.map(() => 'verified'))
  const { body } = await stage.sandbox.control('GET', '/publications')
  expect(body).toMatchObject({ total: FAULT_CASES.length, duplicates: 0 })
  expect(await verifyLedger(stage.db, stage.tenantId, undefined)).toMatchObject({ isIntact: true })
})
