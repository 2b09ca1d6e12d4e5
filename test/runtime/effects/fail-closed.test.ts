/** I3: what is unknown, unreadable or unavailable writes nothing. */
import { eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reservation } from '../../../db/schema/effects.ts'
import { account, policy } from '../../../db/schema/tenancy.ts'
import { splitSocketHost } from '../../../db/socket-host.ts'
import { HOUR } from '../../../runtime/core/clock.ts'
import { intend } from '../../../runtime/effects/gateway.ts'
import { writePolicy } from '../../../runtime/effects/hold.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage[Symbol.asyncDispose]())

const inTenant: Stage['db']['tenant'] = (tenantId, work) => stage.db.tenant(tenantId, work)
const setPolicy = (rules: object) =>
  inTenant(stage.tenantId, (tx) => writePolicy(tx, stage.ports, { autonomy: 'act', ...rules }, 'owner'))
/** As the database's owner, who stands above the walls. */
async function asOwner(statements: string): Promise<void> {
  const { url, ...socket } = splitSocketHost(stage.db.url)
  const sql = postgres(url, { ...socket, max: 1, onnotice: () => undefined })
  await sql.unsafe(statements)
  await sql.end()
}

const losePolicy = () => inTenant(stage.tenantId, (tx) => tx.db.delete(policy))
const spoilPolicy = () =>
  inTenant(stage.tenantId, (tx) => tx.db.update(policy).set({ body: { autonomy: 'everything' } }))

test.each([
  ['deleted', losePolicy],
  ['unreadable', spoilPolicy],
])('nothing is planned when the policy is %s', async (_, spoil) => {
  const { publicationId } = await stage.draft('Lawless')
  await spoil()
  expect(await stage.ask(publicationId)).toMatchObject({
    state: 'cancelled',
    verdict: { kind: 'deny', rules: ['policy-missing'] },
  })
  expect((await stage.publication(publicationId))?.state).toBe('draft')
  await stage.settle()
  expect(await stage.live()).toHaveLength(0)
})

test.each([
  ['deleted', losePolicy],
  ['unreadable', spoilPolicy],
])('nothing planned is sent when the policy was %s meanwhile', async (_, spoil) => {
  const { publicationId } = await stage.draft('Agreed on')
  const { intentId } = await stage.ask(publicationId)
  await spoil()
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('cancelled')
  expect(await stage.sandbox.log('container')).toHaveLength(0)
})

test.each(['event', 'ledger', 'reservation', 'due'])(
  'a request leaves nothing behind when %s cannot be written',
  async (table) => {
    const { publicationId } = await stage.draft('Half a request')
    await asOwner(`create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is gone'; end $$;
    create trigger refuse before insert on ${table} execute function refuse()`)
    await expect(stage.ask(publicationId)).rejects.toThrow()
    expect(await stage.rows()).toEqual([])
    expect(await inTenant(stage.tenantId, (tx) => tx.db.select().from(reservation))).toEqual([])
    expect((await stage.publication(publicationId))?.state).toBe('draft')
  },
)

test.each(['event', 'ledger', 'reservation'])(
  'nothing is sent when %s cannot be written while arming',
  async (table) => {
    const { publicationId } = await stage.draft('Half an act')
    const { intentId } = await stage.ask(publicationId)
    await asOwner(`create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is gone'; end $$;
    create trigger refuse before insert on ${table} execute function refuse()`)
    await stage.work().catch(() => undefined)
    await asOwner(`drop trigger refuse on ${table}`)
    expect(await stage.live()).toHaveLength(0)
    expect(await stage.sandbox.log('container')).toHaveLength(0)
    expect(['scheduled', 'claimed', 'failed']).toContain((await stage.read(intentId)).state)
  },
)

test('a full cap refuses what is new and lets go nothing that is planned', async () => {
  await setPolicy({ caps: { account: { hour: 2, day: 20 } } })
  const drafts = await Promise.all(['a', 'b', 'c'].map((caption) => stage.draft(caption)))
  const replies = await Promise.all(drafts.map(({ publicationId }) => stage.ask(publicationId)))
  expect(replies.map(({ verdict }) => verdict.kind).sort()).toEqual(['allow', 'allow', 'deny'])
  expect(replies.find(({ verdict }) => verdict.kind === 'deny')?.verdict.rules).toEqual(['cap-account-hour'])
  await stage.settle()
  expect(await stage.live()).toHaveLength(2)
})

test('an act that was agreed on waits where its cap is full by then', async () => {
  const { publicationId } = await stage.draft('Patient')
  const later = new Date(stage.clock.nowMs() + 2 * HOUR).toISOString()
  const { intentId } = await stage.ask(publicationId, {}, { dueAt: later })
  await stage.advance(2 * HOUR)
  const other = await stage.draft('Quick')
  await stage.ask(other.publicationId, { agent: 'owner', trust: 3 })
  await setPolicy({ caps: { account: { hour: 1, day: 20 } } })
  await stage.work()
  await stage.work()
  const waiting = (await stage.rows()).filter(({ state }) => state === 'scheduled')
  expect(waiting).toHaveLength(1)
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.live()).toHaveLength(2)
})

test('quiet hours move an act behind them', async () => {
  await setPolicy({ quietHours: { from: '00:00', to: '23:59' } })
  const { publicationId } = await stage.draft('Good night')
  const { intentId, dueAt } = await stage.ask(publicationId)
  expect(dueAt).toMatch(/:59:00\.000Z$/)
  await stage.work()
  expect(await stage.live()).toHaveLength(0)
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
})

test('an account of the other world is refused', async () => {
  const { publicationId } = await stage.draft('Elsewhere')
  await inTenant(stage.tenantId, (tx) =>
    tx.db.update(account).set({ world: 'live' }).where(eq(account.id, stage.tenant.accountId)),
  )
  await expect(stage.ask(publicationId)).rejects.toMatchObject({ code: 'world-mismatch' })
  expect(await stage.rows()).toEqual([])
})

test('an act planned in the sandbox does not fire once the account is a live one', async () => {
  const { publicationId } = await stage.draft('Crossing over')
  const { intentId } = await stage.ask(publicationId)
  await inTenant(stage.tenantId, (tx) =>
    tx.db.update(account).set({ world: 'live' }).where(eq(account.id, stage.tenant.accountId)),
  )
  await stage.settle()
  expect(await stage.read(intentId)).toMatchObject({ state: 'failed', error: { code: 'world-mismatch' } })
  expect(await stage.sandbox.log('container')).toHaveLength(0)
})

test('text of other people behind an act puts a person in front of it', async () => {
  const { publicationId } = await stage.draft('They said so')
  expect(await stage.ask(publicationId, { trust: 0 })).toMatchObject({
    state: 'awaiting-approval',
    verdict: { rules: ['ask-trust'] },
  })
})

test('another tenant cannot ask for a publication of this one', async () => {
  const { publicationId } = await stage.draft('Mine')
  const request = { verb: 'publish-post', target: { kind: 'publication', id: publicationId } } as const
  const stranger = '00000000-0000-7000-8000-000000000001'
  const asking = intend(stage.ports, stranger, stage.tenant.brandId, request, { agent: 'owner', trust: 3 })
  await expect(asking).rejects.toMatchObject({ code: 'not-found' })
})

test('a second film with the same look rests the account and says why', async () => {
  const first = await stage.draft('Same')
  await stage.ask(first.publicationId)
  await stage.settle()
  const loop = await stage.tenant.open({ taskId: await stage.tenant.addTask('again') }).store
  const { clipId, renditionId } = await loop.getPost(first.postId)
  const twin = await loop.savePost({
    clipId,
    renditionId,
    caption: 'Same',
    altText: 'A stage',
    hashtags: [],
    language: 'es',
  })
  const { id } = await loop.draftPublication({
    postId: twin.id,
    accountId: stage.tenant.accountId,
    options: {},
  })
  const { intentId } = await stage.ask(id)
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('held')
  expect(await stage.live()).toHaveLength(1)
  const [linked] = await loop.listAccounts()
  expect(linked).toMatchObject({
    status: 'paused',
    pausedReason: 'the same film with the same caption was published here already',
  })
  expect((await stage.alerts()).map(({ kind }) => kind)).toEqual(['account-paused'])
})

test('a burst rests the account', async () => {
  await setPolicy({ breaker: { burst: 2 } })
  const drafts = await Promise.all(['a', 'b', 'c'].map((caption) => stage.draft(caption)))
  for (const { publicationId } of drafts) await stage.ask(publicationId)
  await stage.settle()
  expect((await stage.rows()).map(({ state }) => state).sort()).toEqual(['held', 'verified', 'verified'])
})
