/** From tokens to money and back to a promise: what a call did cost, and what a task may. */
import type { ToolDefinition } from '@langchain/core/language_models/base'
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages'
import type { Micros } from '../core/money.ts'
import { isMediaBlock, textOf } from './plain-messages.ts'
import type { TokenUsage } from './ports.ts'
import { fromDollars, type OwnPrice, PRICES, type Price, UNKNOWN_PRICE } from './price-table.ts'

interface KnownPrice {
  price: Price
  isKnown: boolean
}

export type PriceBook = (link: string) => KnownPrice

/** Own prices win; then the longest entry the name starts with, at a word's border; then the conservative one. */
export function openPriceBook(own: Readonly<Record<string, OwnPrice>> = {}): PriceBook {
  const ours = Object.entries(own).map(([link, price]) => [link, fromDollars(price)])
  const table: Record<string, Price> = { ...PRICES, ...Object.fromEntries(ours) }
  const names = Object.keys(table).sort((left, right) => right.length - left.length)
  return (link) => {
    if (link === 'playbook') return { price: { in: 0, cachedIn: 0, cacheWrite: 0, out: 0 }, isKnown: true }
    const found = own[link] ? link : names.find((name) => link === name || isSnapshot(link, name))
    const price = found ? table[found] : undefined
    return price ? { price, isKnown: true } : { price: UNKNOWN_PRICE, isKnown: false }
  }
}

/** `gpt-5.4-2026-03-01` and `…-latest` are gpt-5.4; `gpt-5.4-huge` is a model of its own, and so is `claude-opus-5-1`. */
const isSnapshot = (link: string, name: string): boolean =>
  link.startsWith(`${name}-`) &&
  /^-(\d{4}-?\d{2}-?\d{2}|latest|preview(-\d{2}-\d{4})?|\d{3})$/.test(link.slice(name.length))

/** Rounded up to a whole micro: a thousand tiny calls must not cost nothing. */
export function costOf(usage: TokenUsage, price: Price): Micros {
  const { above } = price
  const rates = above && usage.inputTokens > above.inputTokens ? above : price
  const fresh = Math.max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens)
  const total =
    fresh * rates.in +
    usage.cachedInputTokens * rates.cachedIn +
    usage.cacheWriteTokens * rates.cacheWrite +
    usage.outputTokens * rates.out
  return Math.ceil(total / 1e6)
}

export const toTokenUsage = (usage: UsageMetadata): TokenUsage => ({
  inputTokens: usage.input_tokens,
  outputTokens: usage.output_tokens,
  cachedInputTokens: usage.input_token_details?.cache_read ?? 0,
  cacheWriteTokens: usage.input_token_details?.cache_creation ?? 0,
})

export const countTokens = (text: string): number => Math.ceil(text.length / 4)

/** What vendors bill for a keyframe of about a megapixel; an audio block is counted by its bytes instead. */
const IMAGE_TOKENS = 1_600

function mediaTokens(message: BaseMessage): number {
  if (typeof message.content === 'string') return 0
  return message.content.filter(isMediaBlock).reduce((sum, { type, data }) => {
    return sum + (type === 'audio' ? Math.ceil(String(data ?? '').length / 500) : IMAGE_TOKENS)
  }, 0)
}

/** Tokens of a request by four characters each: good to a fifth in European languages, and enough to reserve money. */
export function countRequestTokens(
  messages: readonly BaseMessage[],
  tools: readonly ToolDefinition[],
): number {
  const calls = messages.map((message) => ('tool_calls' in message ? JSON.stringify(message.tool_calls) : ''))
  const text = [...messages.map(textOf), ...calls, JSON.stringify(tools)].join('')
  return countTokens(text) + messages.reduce((sum, message) => sum + mediaTokens(message), 0)
}

/** Output of one turn of an agent: most are a tool call of a hundred tokens, a report has two thousand. */
export const TURN_OUTPUT_TOKENS = 1_000

export interface TaskSize {
  /** Prompt, tool schemas and brief: what every turn sends. */
  promptCharacters: number
  turns: number
  /** Tool results and answers that each turn adds to the next. */
  charactersPerTurn?: number
}

/** Upper guess for a whole role run: history grows each turn and no cache is assumed. */
export function estimateTask(
  { promptCharacters, turns, charactersPerTurn = 4_000 }: TaskSize,
  price: Price,
): Micros {
  const growth = Math.ceil(charactersPerTurn / 4) + TURN_OUTPUT_TOKENS
  const base = Math.ceil(promptCharacters / 4)
  let micros = 0
  for (let turn = 0; turn < turns; turn += 1) {
    const usage = {
      inputTokens: base + turn * growth,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: TURN_OUTPUT_TOKENS,
    }
    micros += costOf(usage, price)
  }
  return micros
}
