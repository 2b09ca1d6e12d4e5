/** I4: a person's yes binds to exactly what was shown. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approval, post } from '../../../db/schema/effects.ts'
import { asset } from '../../../db/schema/media.ts'
import { DAY, MINUTE } from '../../../runtime/core/clock.ts'
import { TRUST } from '../../../runtime/core/trust.ts'
import { approve, edit, reject } from '../../../runtime/effects/approvals.ts'
import { openStage, RIGHTS, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage({ policy: { autonomy: 'propose' } })
})
afterEach(() => stage[Symbol.asyncDispose]())

const asked = async (caption = 'Shall we?') => {
  const drafted = await stage.draft(caption)
  const reply = await stage.ask(drafted.publicationId)
  const { payloadHash: hash } = await stage.read(reply.intentId)
  return {
    ...drafted,
    reply,
    intentId: reply.intentId,
    answer: { approvalId: reply.approvalId ?? '', hash, by: 'ana' },
  }
}

const question = (id: string) =>
  stage.db.tenant(
    stage.tenantId,
    async (tx) => (await tx.db.select().from(approval).where(eq(approval.id, id)))[0],
  )

const rewrite = (postId: string, caption: string) =>
  stage.db.tenant(stage.tenantId, (tx) => tx.db.update(post).set({ caption }).where(eq(post.id, postId)))

const forgetRights = () =>
  stage.db.tenant(stage.tenantId, (tx) =>
    tx.db.update(asset).set({ rights: null }).where(eq(asset.id, stage.tenant.assetId)),
  )

test('what waits for an answer is not published, what was approved is, once', async () => {
  const { reply, answer, intentId } = await asked()
  expect(reply).toMatchObject({ state: 'awaiting-approval', verdict: { kind: 'ask' } })
  await stage.settle()
  expect(await stage.live()).toHaveLength(0)
  await approve(stage.ports, stage.tenantId, answer)
  await stage.settle()
  expect((await stage.read(intentId)).state).toBe('verified')
  expect(await stage.live()).toHaveLength(1)
})

test('the question shows clip, text, account, time, cost, choices and what the rules said', async () => {
  const { reply, answer } = await asked('Look at this')
  expect((await question(answer.approvalId))?.question).toMatchObject({
    act: 'publish',
    account: { username: 'luna', network: 'instagram', world: 'sandbox' },
    clip: { startMs: 0, endMs: 8_000 },
    rendition: { format: '9:16', width: 1080, height: 1920 },
    caption: 'Look at this',
    altText: 'A stage',
    when: reply.dueAt,
    costMicros: 0,
    choices: {},
    needsRights: false,
    verdict: { kind: 'ask', rules: ['ask-autonomy'] },
    asker: { agent: 'content-creator', reasoning: 'it fits the plan' },
    hash: answer.hash,
  })
})

test('one character changed after the yes asks again and publishes nothing', async () => {
  const { postId, answer, intentId } = await asked('Out now')
  await approve(stage.ports, stage.tenantId, answer)
  await rewrite(postId, 'Out now!')
  await stage.settle()
  expect(await stage.live()).toHaveLength(0)
  const row = await stage.read(intentId)
  expect(row.state).toBe('awaiting-approval')
  expect(row.payloadHash).not.toBe(answer.hash)
  const open = await stage.db.tenant(stage.tenantId, (tx) =>
    tx.db.select().from(approval).where(eq(approval.status, 'pending')),
  )
  expect(open).toMatchObject([{ intentId, hash: row.payloadHash, question: { caption: 'Out now!' } }])
})

test('a yes to content that changed meanwhile is refused and the new content is asked about', async () => {
  const { postId, answer } = await asked('Out now')
  await rewrite(postId, 'Out soon')
  const refused = approve(stage.ports, stage.tenantId, answer)
  await expect(refused).rejects.toMatchObject({ code: 'approval-mismatch' })
  expect((await question(answer.approvalId))?.status).toBe('superseded')
  await stage.settle()
  expect(await stage.live()).toHaveLength(0)
})

describe('an answer', () => {
  test('with another hash is refused', async () => {
    const { answer } = await asked()
    const forged = approve(stage.ports, stage.tenantId, { ...answer, hash: 'f'.repeat(64) })
    await expect(forged).rejects.toMatchObject({ code: 'approval-mismatch' })
    expect((await question(answer.approvalId))?.status).toBe('pending')
  })

  test('counts once, also when two people answer at the same moment', async () => {
    const { answer } = await asked()
    const answers = await Promise.allSettled([
      approve(stage.ports, stage.tenantId, answer),
      reject(stage.ports, stage.tenantId, { ...answer, by: 'ben' }, 'no'),
      approve(stage.ports, stage.tenantId, { ...answer, by: 'eva' }),
    ])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('comes too late when the question expired, and the act is cancelled', async () => {
    const { answer, intentId } = await asked()
    await stage.advance(2 * DAY + MINUTE)
    await expect(approve(stage.ports, stage.tenantId, answer)).rejects.toMatchObject({
      code: 'approval-closed',
    })
    await stage.settle(['intent', 'approval'])
    expect((await question(answer.approvalId))?.status).toBe('expired')
    expect(await stage.read(intentId)).toMatchObject({ state: 'cancelled' })
  })
})

test('a rejection tells why, and a revised post may be asked for again, the same one not', async () => {
  const { answer, publicationId, postId, intentId } = await asked('Buy buy buy')
  await reject(stage.ports, stage.tenantId, answer, 'too pushy')
  expect(await stage.publication(publicationId)).toMatchObject({
    state: 'cancelled',
    reason: 'rejected: too pushy',
  })
  expect(await stage.ask(publicationId)).toMatchObject({ intentId, state: 'cancelled' })
  await rewrite(postId, 'A quiet song')
  const again = await stage.ask(publicationId)
  expect(again).toMatchObject({ state: 'awaiting-approval' })
  expect(again.intentId).not.toBe(intentId)
  await stage.approve(again)
  await stage.settle()
  expect(await stage.live()).toHaveLength(1)
})

test('an edit is a new version under a new hash, approved by its editor', async () => {
  const { answer, publicationId, postId, intentId } = await asked('teh song')
  await edit(stage.ports, stage.tenantId, answer, { caption: 'the song' })
  const row = await stage.read(intentId)
  expect(row).toMatchObject({ state: 'scheduled', payload: { caption: 'the song' } })
  expect(row.payloadHash).not.toBe(answer.hash)
  await stage.settle()
  expect((await stage.publication(publicationId))?.state).toBe('verified')
  const { version } = await stage.tenant.open().store.getPost(postId)
  expect(version).toBe(2)
  const live = await stage.live()
  expect(live.map(({ captionHash }) => captionHash)).toEqual([stage.captionHash('the song')])
})

test('the first publication of a film needs its rights confirmed, and the confirmation is kept', async () => {
  await forgetRights()
  const { answer } = await asked()
  const unconfirmed = approve(stage.ports, stage.tenantId, answer)
  await expect(unconfirmed).rejects.toMatchObject({ code: 'rights-unconfirmed' })
  await approve(stage.ports, stage.tenantId, answer, RIGHTS)
  const { rights } = await stage.tenant.open().store.getAsset(stage.tenant.assetId)
  expect(rights).toMatchObject({ ...RIGHTS, confirmedBy: 'ana' })
  await stage.settle()
  expect(await stage.live()).toHaveLength(1)
})

test('an owner who asks in person is asked too where agents may only propose', async () => {
  const { publicationId } = await stage.draft('From the owner')
  expect(await stage.ask(publicationId, { agent: 'owner', trust: TRUST.owner })).toMatchObject({
    state: 'awaiting-approval',
  })
})
