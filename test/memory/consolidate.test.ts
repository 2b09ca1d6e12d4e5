import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memEmbedding, memEvidence, memFact, memItem } from '../../db/schema/memory.ts'
import { isNearDuplicate } from '../../memory/near-duplicate.ts'
import { summarise } from '../../memory/summarise.ts'
import { storeVectors } from '../../memory/vectors/store-vectors.ts'
import { addMs, DAY } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
})
afterAll(() => at[Symbol.asyncDispose]())

const LONG = 'Clips that open on the chorus of the song keep clearly more viewers until the very end'

describe('the tidying', () => {
  test('merges facts that say the same, keeps their proofs, and finds nothing the second time', async () => {
    const seed = await at.seed()
    const fact = { subject: 'clips', predicate: 'open' }
    const ids: string[] = []
    for (const text of [`${LONG}.`, `${LONG}!`, `${LONG} again: no.`]) {
      const { memory } = at.bind(seed, { taskId: await seed.addTask(text) })
      ids.push((await memory.remember({ ...fact, text })).id)
    }
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ merged: 1, orphans: 0 })
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ merged: 0, orphans: 0 })
    const facts = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memFact).orderBy(memFact.id))
    expect(facts.map((one) => [one.id, one.proofs, one.supersededBy])).toEqual([
      [ids[0], 2, null],
      [ids[1], 1, ids[0]],
      [ids[2], 1, null],
    ])
  })

  test('lets go of what is old, sooner of what strangers said, and never of what a fact rests on', async () => {
    const seed = await at.seed()
    const now = at.clock.now()
    const say = async (days: number, trust: typeof TRUST.owner | typeof TRUST.foreign, text: string) => {
      at.clock.set(addMs(now, -days * DAY))
      const { memory } = at.bind(seed, { taskId: undefined, trust: () => trust })
      return memory.remember({ subject: text, predicate: 'said', text })
    }
    const dropped = [await say(61, TRUST.foreign, 'old comment'), await say(181, TRUST.owner, 'old word')]
    await say(59, TRUST.foreign, 'new comment')
    await say(179, TRUST.owner, 'newer word')
    await say(400, TRUST.owner, 'ground of a fact')
    at.clock.set(now)
    await at.db.tenant(seed.tenantId, async (tx) => {
      const ids = new Set(dropped.map((one) => one.id))
      for (const one of await tx.db.select().from(memEvidence)) {
        if (ids.has(one.factId)) await tx.db.delete(memEvidence).where(eq(memEvidence.factId, one.factId))
      }
    })
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ expired: 2, orphans: 2 })
    const left = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memItem))
    expect(left.map((item) => item.body).sort()).toEqual(['ground of a fact', 'new comment', 'newer word'])
  })

  test('removes vectors whose memory is gone', async () => {
    const seed = await at.seed()
    const lonely = {
      brandId: seed.brandId,
      ownerKind: 'item',
      ownerId: newId(),
      model: 'm',
      vector: [1],
    } as const
    await at.db.tenant(seed.tenantId, (tx) => storeVectors(tx, [lonely]))
    expect(await at.memory.consolidate(seed.tenantId)).toMatchObject({ orphans: 1 })
    expect(await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memEmbedding))).toEqual([])
  })
})

describe('near-duplicates', () => {
  test.each([
    [`${LONG}.`, `${LONG.toLowerCase()}!`, true],
    [`${LONG}, by 38 percent`, `${LONG}, by 39 percent`, false],
    [`${LONG} for Bilbao`, `${LONG} for Madrid`, false],
    [LONG, LONG.replace('keep', 'never keep'), false],
    [LONG, LONG.replace('clearly', "don't clearly"), false],
    ['Post at night', 'Post in the morning', false],
  ])('"%s" and "%s": %s', (a, b, isSame) => {
    expect(isNearDuplicate(a, b)).toBe(isSame)
    expect(isNearDuplicate(b, a)).toBe(isSame)
  })
})

describe('a summary without a model', () => {
  test('is the sentences that share most with the rest, in their order', () => {
    const summary = summarise([
      'Cut the Nadia session into clips.',
      'The weather was fine.',
      'Three clips of the session. Lunch was late.',
      'The clips of the Nadia session are published.',
      'Somebody laughed.',
    ])
    expect(summary).toBe(
      'Cut the Nadia session into clips. Three clips of the session. The clips of the Nadia session are published.',
    )
  })

  test('of nothing is nothing, and of a page no more than a paragraph', () => {
    expect(summarise([])).toBe('')
    expect(summarise(['word '.repeat(1_000)]).length).toBeLessThanOrEqual(600)
  })
})
