import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMs, DAY } from '../../runtime/core/clock.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
})
afterAll(() => at[Symbol.asyncDispose]())

const managedBy = (to: string) => ({ from: 'Nadia Ríos', relation: 'managed by', to, isSingleValued: true })

test('a relation holds until another takes its place, and is found from both ends', async () => {
  const { tenantId, brandId } = await at.seed()
  const scope = { brandId, trust: TRUST.owner }
  await at.memory.relate(tenantId, scope, { from: 'Marea Baja', relation: 'sung by', to: 'Nadia Ríos' })
  await at.memory.relate(tenantId, scope, managedBy('Clara Voss'))
  await at.memory.relate(tenantId, scope, managedBy('clara  voss'))
  const before = at.clock.now()
  at.clock.set(addMs(before, DAY))
  await at.memory.relate(tenantId, scope, managedBy('Tomás Prat'))
  const neighbours = async (asOf?: string) =>
    (await at.memory.listNeighbours(tenantId, brandId, 'nadia rios', asOf)).map((one) => [one.from, one.to])
  expect(await neighbours()).toEqual([
    ['nadia rios', 'tomas prat'],
    ['marea baja', 'nadia rios'],
  ])
  expect(await neighbours(before)).toEqual([
    ['nadia rios', 'clara voss'],
    ['marea baja', 'nadia rios'],
  ])
})

test('less trust ends nothing', async () => {
  const { tenantId, brandId } = await at.seed()
  await at.memory.relate(tenantId, { brandId, trust: TRUST.owner }, managedBy('Clara Voss'))
  await at.memory.relate(tenantId, { brandId, trust: TRUST.foreign }, managedBy('Me'))
  const found = await at.memory.listNeighbours(tenantId, brandId, 'Nadia Ríos')
  expect(found.map((one) => [one.to, one.trust])).toEqual([['clara voss', 3]])
})
