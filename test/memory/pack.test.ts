import { describe, expect, test } from 'vitest'
import { pack } from '../../memory/pack.ts'
import type { Recalled } from '../../runtime/core/ports/memory.ts'
import { TRUST } from '../../runtime/core/trust.ts'

const entry = (kind: Recalled['kind'], id: string, text = id): Recalled => ({
  ...{ id, kind, text, at: '2026-11-20T12:00:00.000Z', source: 'test', trust: TRUST.owner, score: 1 },
})
const list = (kind: Recalled['kind'], count: number, chars = 1) =>
  Array.from({ length: count }, (_, index) =>
    entry(kind, `${kind}${index}`, `${kind}${index}`.padEnd(chars, '.')),
  )
const ids = (entries: readonly Recalled[]) => entries.map((one) => one.id).join(' ')

describe('packing', () => {
  test('facts come first and leave six of ten places to what was said', () => {
    const packed = pack(list('fact', 10), list('item', 10), { limit: 10, budgetTokens: 5_000 })
    expect(packed.map((one) => one.kind)).toEqual([...Array(4).fill('fact'), ...Array(6).fill('item')])
  })

  test('places that nothing said needs go to more facts, and the other way round', () => {
    expect(pack(list('fact', 10), list('item', 1), { limit: 5, budgetTokens: 5_000 })).toHaveLength(5)
    expect(pack([], list('item', 9), { limit: 5, budgetTokens: 5_000 })).toHaveLength(5)
  })

  test('the same words are told once, as the fact', () => {
    const packed = pack([entry('fact', 'a', 'same')], [entry('item', 'b', 'same'), entry('item', 'c')], {
      ...{ limit: 5, budgetTokens: 5_000 },
    })
    expect(ids(packed)).toBe('a c')
  })

  test('a memory too long for the budget makes room for shorter ones behind it', () => {
    const items = [entry('item', 'long', 'x'.repeat(4_000)), entry('item', 'short')]
    expect(ids(pack([], items, { limit: 5, budgetTokens: 100 }))).toBe('short')
  })
})
