/** Fits ranked memories into a budget of tokens, pure: facts first, then what was said, never the same words twice. */
import type { Recalled } from '../runtime/core/ports/memory.ts'
import { TRUST } from '../runtime/core/trust.ts'

export interface Packing {
  readonly limit: number
  readonly budgetTokens: number
}

const CHARS_A_TOKEN = 4
/** id, date, source and trust of an entry as a model reads them. */
const ENTRY_TOKENS = 24
/** What was said carries what no fact kept; facts may not crowd it out. */
const FACTS_SHARE = 0.4

export function pack(
  facts: readonly Recalled[],
  items: readonly Recalled[],
  { limit, budgetTokens }: Packing,
): Recalled[] {
  const seen = new Set<string>()
  let [left, places] = [budgetTokens, limit]
  /** Entries that fit, in order; one that is too long makes room for shorter ones behind it. */
  const take = (entries: readonly Recalled[], tokensMax: number, placesMax: number): Recalled[] => {
    let tokens = Math.min(left, tokensMax)
    const taken: Recalled[] = []
    for (const entry of entries) {
      const cost = ENTRY_TOKENS + Math.ceil(entry.text.length / CHARS_A_TOKEN)
      if (taken.length >= Math.min(placesMax, places) || seen.has(entry.text) || cost > tokens) continue
      seen.add(entry.text)
      taken.push(entry)
      tokens -= cost
      left -= cost
    }
    places -= taken.length
    return taken
  }
  const firstFacts = take(facts, budgetTokens * FACTS_SHARE, Math.max(1, Math.floor(limit * FACTS_SHARE)))
  const said = take(items, left, limit)
  return [...firstFacts, ...take(facts, left, limit), ...said]
}

/** What strangers wrote, or somebody after reading them, is a quotation on one line: it cannot pass for a line of ours. */
export const render = (memory: Recalled): Recalled =>
  memory.trust === TRUST.foreign ? { ...memory, text: `foreign text: ${quote(memory.text)}` } : memory

const quote = (text: string): string => JSON.stringify(text.replaceAll(/\s+/g, ' ').trim())
