import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { describe, expect, it } from 'vitest'
import { costOf, countRequestTokens, estimateTask, openPriceBook } from '../../../runtime/models/prices.ts'

const usage = (inputTokens: number, outputTokens: number, cachedInputTokens = 0, cacheWriteTokens = 0) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
  cacheWriteTokens,
})

describe('prices', () => {
  const book = openPriceBook({
    'openai:llama-at-home': { input: 0, output: 0 },
    'openai:gpt-5.4-nano': { input: 0.1, output: 1, cachedInput: 0.01 },
  })

  it.each([
    // model, usage, micros: computed by hand from the vendors' dollars a million tokens
    ['anthropic:claude-sonnet-5', usage(1_000, 500), 7_000],
    ['anthropic:claude-sonnet-5', usage(10_000, 0, 8_000, 1_000), 6_100],
    ['anthropic:claude-haiku-4-5-20251001', usage(1_000_000, 0), 1_000_000],
    ['openai:gpt-5.4-mini', usage(1, 0), 1],
    ['openai:gpt-4o-2024-11-20', usage(1_000_000, 1_000_000), 12_500_000],
    ['google:gemini-2.5-pro', usage(200_000, 0), 250_000],
    ['google:gemini-2.5-pro', usage(200_001, 0), 500_003],
    ['google:gemini-3-flash-preview', usage(2_000_000, 0), 1_000_000],
    ['openai:gpt-5.4-nano', usage(1_000_000, 1_000_000, 500_000), 1_055_000],
    ['openai:llama-at-home', usage(5_000_000, 5_000_000), 0],
    ['playbook', usage(5_000_000, 5_000_000), 0],
  ])('charges %s to the micro', (model, used, micros) => {
    const { price, isKnown } = book(model)
    expect([costOf(used, price), isKnown]).toEqual([micros, true])
  })

  it.each([
    'openai:gpt-5.4-huge',
    'anthropic:claude-opus-5-1',
    'openai:gpt-9',
    'google:gemini-2.5-flash-image',
  ])('does not take a relative’s price for %s', (model) => {
    const { price, isKnown } = book(model)
    expect([costOf(usage(1_000_000, 0), price), isKnown]).toEqual([10_000_000, false])
  })

  it('guesses tokens by four characters, pictures by a flat figure', () => {
    const picture = { type: 'image', mimeType: 'image/png', data: 'x'.repeat(100_000) }
    const message = new HumanMessage({ content: [{ type: 'text', text: 'x'.repeat(400) }, picture] })
    expect(countRequestTokens([message], [])).toBe(101 + 1_600)
    const call = new AIMessage({
      content: '',
      tool_calls: [{ id: 'a', name: 'b', args: { text: 'x'.repeat(400) } }],
    })
    expect(countRequestTokens([call], [])).toBeGreaterThan(100)
  })

  it('estimates a task so that every turn pays for what the turns before it said', () => {
    const { price } = book('anthropic:claude-sonnet-5')
    const one = estimateTask({ promptCharacters: 8_000, turns: 1 }, price)
    expect(one).toBe(2_000 * 2 + 1_000 * 10)
    expect(estimateTask({ promptCharacters: 8_000, turns: 2 }, price)).toBe(one + 4_000 * 2 + 1_000 * 10)
  })
})
