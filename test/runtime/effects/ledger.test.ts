/** I5: everything has a why, and nobody can rewrite it unseen. */
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LedgerHead } from '../../../db/queries/ledger.ts'
import { splitSocketHost } from '../../../db/socket-host.ts'
import { verifyLedger } from '../../../runtime/effects/ledger.ts'
import { explain } from '../../../runtime/effects/why.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let intentId: string
let publicationId: string
beforeEach(async () => {
  stage = await openStage({ policy: { autonomy: 'propose' } })
  publicationId = (await stage.draft('Remembered')).publicationId
  const reply = await stage.ask(publicationId)
  intentId = reply.intentId
  await stage.approve(reply)
  await stage.settle(['intent', 'metrics'])
})
afterEach(() => stage[Symbol.asyncDispose]())

const prove = (outside?: LedgerHead) => verifyLedger(stage.db, stage.tenantId, outside)

/** As somebody with the database's own password, whom no grant stops. */
async function tamper(statements: string): Promise<void> {
  const { url, ...socket } = splitSocketHost(stage.db.url)
  const sql = postgres(url, { ...socket, max: 1 })
  await sql.unsafe(statements)
  await sql.end()
}

test('an untouched ledger is intact and reaches its head', async () => {
  const { head } = await prove()
  expect(await prove(head)).toMatchObject({ isIntact: true, events: head.count, erased: 0, problems: [] })
})

test.each([
  ['an edited row', `update ledger set kind = 'intent.cancelled' where seq = 5`, 'edited'],
  ['an edited body', `update ledger_body set body = '{"by":"nobody"}' where seq = 5`, 'body-edited'],
  ['a deleted row', 'delete from ledger where seq = 5', 'deleted'],
  [
    'two rows changed about',
    'update ledger set seq = -5 where seq = 5; update ledger set seq = 5 where seq = 6; update ledger set seq = 6 where seq = -5',
    'reordered',
  ],
  ['a cut end', 'delete from ledger where seq > 8', 'truncated'],
])('%s is detected', async (_, statements, kind) => {
  await tamper(statements)
  const { isIntact, problems } = await prove()
  expect(isIntact).toBe(false)
  expect(problems.map((problem) => problem.kind)).toContain(kind)
})

test('an end cut together with the counter is detected by the head kept outside', async () => {
  const { head } = await prove()
  await tamper(`delete from ledger where seq > 8;
    update tenant_counter set value = 8, head = (select hash from ledger where seq = 8) where id = 'ledger'`)
  expect(await prove()).toMatchObject({ isIntact: true })
  expect(await prove(head)).toMatchObject({ isIntact: false, problems: [{ kind: 'truncated' }] })
})

test('a chain written anew in full is detected by the head kept outside', async () => {
  const { head } = await prove()
  expect(await prove({ count: head.count, hash: 'a'.repeat(64) })).toMatchObject({
    problems: [{ kind: 'rewritten' }],
  })
})

test('an erased body leaves its digest, and the chain holds', async () => {
  await tamper('delete from ledger_body where seq = 5')
  expect(await prove()).toMatchObject({ isIntact: true, erased: 1 })
})

test('the application itself can neither edit nor delete what happened', async () => {
  const edit = stage.db.tenant(stage.tenantId, (tx) => tx.db.execute(`update ledger set kind = 'x'` as never))
  await expect(edit).rejects.toThrow()
})

test('an effect leads back to task, agent, reasoning, verdict, answer, hash, post and figures', async () => {
  const row = await stage.read(intentId)
  const publication = await stage.publication(publicationId)
  const why = await explain(stage.ports, stage.tenantId, publicationId)
  expect(why).toMatchObject({
    intentId,
    verb: 'publish-post',
    state: 'verified',
    task: stage.tenant.taskId,
    agent: 'content-creator',
    reasoning: 'it fits the plan',
    verdict: { kind: 'ask' },
    answers: [{ status: 'approved', by: 'ana', hash: row.payloadHash }],
    payloadHash: row.payloadHash,
    account: { username: 'luna' },
    remoteId: publication?.remoteId,
    url: publication?.url,
  })
  expect(why.figures.views).toBeGreaterThanOrEqual(0)
  const types = why.lines.map(({ type }) => type)
  for (const type of [
    'approval.asked',
    'approval.approved',
    'intent.armed',
    'intent.sent',
    'intent.accepted',
    'intent.verified',
    'metrics.collected',
  ]) {
    expect(types).toContain(type)
  }
})
