/** A summary without a model, pure: the sentences that share most with the rest, in the order they were said. */
import { toWords } from './words.ts'

const SENTENCES = 3
const CHARS_MAX = 600

export function summarise(texts: readonly string[]): string {
  const sentences = [...new Set(texts.flatMap(toSentences))].map((text) => ({
    text,
    words: new Set(toWords(text)),
  }))
  const spread = new Map<string, number>()
  for (const { words } of sentences) for (const word of words) spread.set(word, (spread.get(word) ?? 0) + 1)
  const scored = sentences.map((one, place) => ({ ...one, place, score: centrality(one.words, spread) }))
  const best = scored.toSorted((a, b) => b.score - a.score || a.place - b.place).slice(0, SENTENCES)
  const text = best
    .toSorted((a, b) => a.place - b.place)
    .map((one) => one.text)
    .join(' ')
  return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX - 1)}…` : text
}

const toSentences = (text: string): string[] =>
  text
    .split(/(?<=[.!?…])\s+|\n+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** Shared words, by the root of the length: a long sentence touches everything. */
function centrality(words: ReadonlySet<string>, spread: ReadonlyMap<string, number>): number {
  const shared = [...words].reduce((sum, word) => sum + (spread.get(word) ?? 1) - 1, 0)
  return shared / Math.sqrt(Math.max(1, words.size))
}
