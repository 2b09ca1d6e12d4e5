import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Embeddings } from '../../memory/vectors/vectors.ts'
import { addMs, DAY } from '../../runtime/core/clock.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
})
afterAll(() => at[Symbol.asyncDispose]())

const note = (text: string, subject = 'note') => ({ subject, predicate: text, text })

async function remembering(...texts: string[]) {
  const seed = await at.seed()
  // Without a task each is an episode of its own, so that none is found for standing beside another.
  const bound = at.bind(seed, { taskId: undefined })
  for (const text of texts) await bound.memory.remember(note(text))
  return { seed, ...bound }
}

const texts = (found: readonly { text: string }[]) => found.map((one) => one.text)

describe('recall', () => {
  test.each([
    ['campanas', 'Las campañas empiezan en Valencia.'],
    ['CAMPAÑA', 'Las campañas empiezan en Valencia.'],
    ['who approves', 'The label approved the cover.'],
    ['東京', 'ライブは東京で行われます'],
  ])('finds %s in "%s"', async (query, text) => {
    const { memory } = await remembering(text, 'Nothing to see here.')
    expect(texts(await memory.recall(query))).toEqual([text])
  })

  test('answers nothing when nothing speaks of the question', async () => {
    const { memory, meter } = await remembering('The cover is green.')
    expect(await memory.recall('who drives the tour bus')).toEqual([])
    expect(await memory.recall('¿?')).toEqual([])
    expect(meter.least).toBe(3)
  })

  test('keeps to the limit and to the budget of tokens', async () => {
    const { memory } = await remembering(
      ...Array.from({ length: 30 }, (_, index) => `Cover number ${index} is ${'very '.repeat(30)}green.`),
    )
    expect(await memory.recall('green cover', { limit: 5 })).toHaveLength(5)
    const packed = await memory.recall('green cover', { limit: 20, budgetTokens: 300 })
    const tokens = packed.reduce((sum, one) => sum + one.text.length / 4, 0)
    expect(packed.length).toBeGreaterThan(0)
    expect(tokens).toBeLessThanOrEqual(300)
  })

  test('prefers what happened in the month a question names, and still shows the rest', async () => {
    const seed = await at.seed()
    const { memory } = at.bind(seed, { taskId: undefined })
    const now = at.clock.now()
    for (const [days, text] of [
      [200, 'The report of the label praised the films.'],
      [20, 'The report of the label praised the covers.'],
    ] as const) {
      at.clock.set(addMs(now, -days * DAY))
      await memory.remember(note(text))
    }
    at.clock.set(now)
    expect(texts(await memory.recall('what did the report of the label praise in May'))[0]).toContain('films')
    expect(texts(await memory.recall('what did the report of the label praise'))).toHaveLength(2)
  })

  test('is not moved by operators of the search language', async () => {
    const { memory } = await remembering('The cover is green.')
    for (const query of ["cover' | 'x", 'cover & !green:*', "\\'; drop table mem_item; --cover"]) {
      expect(texts(await memory.recall(query)).every((text) => text === 'The cover is green.')).toBe(true)
    }
    expect(texts(await memory.recall('cover'))).toEqual(['The cover is green.'])
  })

  test('says that it searches by text alone when no provider gives vectors', () => {
    expect(at.memory.searches).toBe('text')
  })
})

/** Meanings by hand: what stands in one list is one direction. The wire to a real provider is tested with the models. */
const MEANINGS = [
  ['car', 'automobile', 'vehicle'],
  ['song', 'tune', 'melody'],
]

const byMeaning: Embeddings = {
  name: 'test:meanings',
  dimensions: 2,
  embed: async (_, all) =>
    all.map((text) => {
      const vector = MEANINGS.map((words) =>
        words.some((word) => text.toLowerCase().includes(word)) ? 1 : 0,
      )
      const length = Math.hypot(...vector) || 1
      return vector.map((value) => value / length)
    }),
}

describe('recall with embeddings', () => {
  test('finds by meaning what shares no word, and only that', async () => {
    await using by = await openTestMemory(byMeaning)
    const seed = await by.seed()
    const { memory } = by.bind(seed)
    await memory.remember(note('The automobile stands behind the stage.'))
    await memory.remember(note('The melody was written at night.'))
    expect(texts(await memory.recall('car'))).toEqual(['The automobile stands behind the stage.'])
    expect(by.memory.searches).toBe('text and vectors (exact)')
  })

  test('goes on by words when the provider fails, and gives the vectors later', async () => {
    let isDown = true
    const flaky: Embeddings = {
      ...byMeaning,
      embed: (tenantId, all) =>
        isDown ? Promise.reject(new Error('overloaded')) : byMeaning.embed(tenantId, all),
    }
    await using by = await openTestMemory(flaky)
    const seed = await by.seed()
    const { memory } = by.bind(seed)
    await memory.remember(note('The automobile stands behind the stage.'))
    expect(texts(await memory.recall('automobile'))).toHaveLength(1)
    expect(by.failures.length).toBe(2)
    isDown = false
    expect((await by.memory.consolidate(seed.tenantId)).embedded).toBe(2)
    expect(texts(await memory.recall('vehicle'))).toHaveLength(1)
  })
})
