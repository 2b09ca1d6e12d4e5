/** I2: whatever crashes, retries or repeats, an act happens at most once and its end is known. */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimIntent } from '../../../db/queries/effects-intents.ts'
import { intent } from '../../../db/schema/effects.ts'
import { DAY, MINUTE } from '../../../runtime/core/clock.ts'
import { StakazoError } from '../../../runtime/core/errors.ts'
import type { Wire } from '../../../runtime/core/ports/wire.ts'
import { performAct } from '../../../runtime/effects/executor.ts'
import { eventually } from '../../support/eventually.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage[Symbol.asyncDispose]())

const never = new AbortController().signal
/** The call of a worker that died without waiting for it. */
let onItsWay: Promise<unknown> | undefined

/** A worker that dies at a call of this kind: the call is made or not, and nothing is written any more. */
function dying(at: { path: RegExp; isMade: boolean | 'later' }): Stage['ports'] {
  let isDead = false
  const { ports } = stage
  const openWire: Stage['ports']['openWire'] = (connector) => {
    const wire = ports.openWire(connector)
    const send: Wire['send'] = async (request) => {
      if (!at.path.test(request.url)) return wire.send(request)
      const made = at.isMade ? wire.send(request) : undefined
      if (at.isMade === 'later') onItsWay = made?.catch(() => undefined)
      else await made
      isDead = true
      throw new StakazoError('bug', 'the process is gone')
    }
    return { send }
  }
  const tenant: Stage['ports']['db']['tenant'] = (tenantId, work) => {
    if (isDead) throw new StakazoError('database-unavailable', 'the process is gone')
    return ports.db.tenant(tenantId, work)
  }
  return { ...ports, openWire, db: { tenant } }
}

/** Every lease of the dead runs out. */
const bury = () =>
  stage.db.tenant(stage.tenantId, (tx) =>
    tx.db
      .update(intent)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(sql`${intent.leaseUntil} is not null`),
  )

test.each([
  ['before the container is asked for', /\/media$/, false, 'armed'],
  ['after the container was made', /\/media$/, true, 'armed'],
  ['before the bytes', /rupload/, false, 'armed'],
  ['after the bytes', /rupload/, true, 'armed'],
  ['before the one call', /media_publish$/, false, 'sent'],
  ['after the one call, before its answer', /media_publish$/, true, 'sent'],
] as const)('publishes once when the worker dies %s', async (_, path, isMade, left) => {
  const { publicationId } = await stage.draft('Killed')
  const { intentId } = await stage.ask(publicationId)
  await expect(performAct(dying({ path, isMade }), stage.tenantId, intentId, never)).rejects.toThrow('gone')
  expect((await stage.read(intentId)).state).toBe(left)
  await bury()
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.live()).toHaveLength(1)
  // A row found in `sent` is looked up before anything else.
  const lookedUp = (await stage.events('intent.unknown')).length > 0
  expect(lookedUp).toBe(left === 'sent')
})

test('a request still on its way is waited for before the platform is believed', async () => {
  const slow = await openStage({ timings: { settleMs: 2_000, lookMs: [50] } })
  const { publicationId } = await slow.draft('On its way')
  const { intentId } = await slow.ask(publicationId)
  await slow.fault({ kind: 'slow', phase: 'before', route: 'media_publish', ms: 700 })
  await stage[Symbol.asyncDispose]()
  stage = slow
  const dead = dying({ path: /media_publish$/, isMade: 'later' })
  await expect(performAct(dead, slow.tenantId, intentId, never)).rejects.toThrow('gone')
  await bury()
  await eventually(async () => {
    await slow.work()
    return (await slow.read(intentId)).state === 'verified'
  })
  await onItsWay
  expect(await slow.live()).toHaveLength(1)
})

test('a held act cannot be claimed until its lease is over', async () => {
  const { publicationId } = await stage.draft('Mine')
  const { intentId } = await stage.ask(publicationId)
  const claim = () =>
    stage.db.tenant(stage.tenantId, (tx) =>
      claimIntent(tx, intentId, { world: 'sandbox', states: ['scheduled'], leaseMs: 60_000 }),
    )
  expect((await claim())?.leaseEpoch).toBe(1)
  expect(await claim()).toBeUndefined()
  await bury()
  expect((await claim())?.leaseEpoch).toBe(2)
})

test('two workers on one act publish it once', async () => {
  const { publicationId } = await stage.draft('Raced for')
  const { intentId } = await stage.ask(publicationId)
  const race = () => performAct(stage.ports, stage.tenantId, intentId, never)
  await Promise.all([race(), race(), race()])
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.live()).toHaveLength(1)
})

test('a worker stopped past its lease does not send when it wakes', async () => {
  const { publicationId } = await stage.draft('Stopped')
  const { intentId } = await stage.ask(publicationId)
  let skippedMs = 0
  const { clock, openWire } = stage.ports
  const stopped: Stage['ports'] = {
    ...stage.ports,
    // The last look at the container before the publication: then the process sleeps for an hour.
    openWire: (connector) => {
      const wire = openWire(connector)
      const send: Wire['send'] = async (request) => {
        const answer = await wire.send(request)
        if (JSON.stringify(answer.json).includes('FINISHED')) skippedMs = 60 * MINUTE
        return answer
      }
      return { send }
    },
    clock: { ...clock, elapsedMs: () => clock.elapsedMs() + skippedMs },
  }
  await performAct(stopped, stage.tenantId, intentId, never)
  expect(await stage.live()).toHaveLength(0)
  await bury()
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.live()).toHaveLength(1)
})

test('two tasks that ask for one publication at the same moment get one act', async () => {
  const { publicationId } = await stage.draft('Asked together')
  const replies = await Promise.all([1, 2, 3, 4].map(() => stage.ask(publicationId)))
  expect(new Set(replies.map(({ intentId }) => intentId)).size).toBe(1)
})

test('where nobody can tell, a bounded window ends with a person, and is reported', async () => {
  const { publicationId } = await stage.draft('Lost')
  const { intentId } = await stage.ask(publicationId)
  await stage.fault({ kind: 'drop-after-accept', route: 'media_publish' })
  await stage.work()
  await stage.fault({ kind: 'error-500-before', route: 'status', times: 100_000 })
  await stage.settle()
  const row = await stage.read(intentId)
  expect(row).toMatchObject({ state: 'failed', error: { code: 'needs-person' } })
  expect((await stage.alerts()).map(({ kind }) => kind)).toContain('needs-person')
  expect((await stage.rows()).filter(({ state }) => state === 'unknown')).toEqual([])
  expect(await stage.ask(publicationId, {}, { dueAt: stage.clock.now() })).toMatchObject({
    state: 'failed',
    intentId,
  })
})

test('a post that is late beyond its limit is missed without a call', async () => {
  const { publicationId } = await stage.draft('Overslept')
  const { intentId } = await stage.ask(publicationId)
  await stage.advance(3 * 60 * MINUTE)
  await stage.settle()
  expect(await stage.read(intentId)).toMatchObject({ state: 'missed' })
  expect(await stage.sandbox.log('container')).toHaveLength(0)
  expect((await stage.alerts()).map(({ kind }) => kind)).toEqual(['act-missed'])
})

test('an act of the other world is left alone', async () => {
  const { publicationId } = await stage.draft('From the sandbox')
  const { intentId } = await stage.ask(publicationId)
  const live: Stage['ports'] = { ...stage.ports, world: 'live' }
  await performAct(live, stage.tenantId, intentId, never)
  expect(await stage.read(intentId)).toMatchObject({ state: 'scheduled', leaseEpoch: 0 })
  expect(await stage.sandbox.log('container')).toHaveLength(0)
})

test('a live post can be taken down once, also when the answer is lost', async () => {
  await stage.sandbox.control('PATCH', `/accounts/instagram/${stage.sandbox.id}`, {
    settings: { capabilities: ['delete-media'] },
  })
  const { publicationId } = await stage.draft('Regretted')
  await stage.ask(publicationId)
  await stage.settle()
  await stage.fault({ kind: 'drop-after-accept', route: 'delete' })
  const { intentId } = await stage.undo(publicationId)
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.publication(publicationId)).toMatchObject({
    state: 'cancelled',
    reason: 'deleted on the network',
  })
  expect(await stage.sandbox.log('delete')).toHaveLength(1)
})

test('cancelling wins before an act is armed and loses after', async () => {
  const { publicationId, store } = await stage.draft('Never mind')
  const { intentId } = await stage.ask(
    publicationId,
    {},
    { dueAt: new Date(stage.clock.nowMs() + DAY).toISOString() },
  )
  await store.cancelPublication(publicationId, 'plans changed')
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('cancelled')
  expect(await stage.live()).toHaveLength(0)
  const other = await stage.draft('Too late')
  await stage.ask(other.publicationId)
  await stage.settle()
  await expect(store.cancelPublication(other.publicationId, 'plans changed')).rejects.toMatchObject({
    code: 'conflict',
  })
})
