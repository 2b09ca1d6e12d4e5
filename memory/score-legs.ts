/**
 * The lexical legs of recall, pure. Words count by rarity, repeats less and less; a text also lives from what stands
 * around it: two items before and one after found more than the item's own words did, and its episode helps again.
 */
import type { FactHit, Hits } from './find-hits.ts'

export interface Legs {
  readonly episodeId: string
  readonly seq: number
  readonly body: number
  readonly context: number
  readonly episode: number
  /** The best fact that rests on this item. */
  readonly evidence: number
  /** Share of the question, by rarity, that the item, its context or half-way its episode speak of. */
  readonly coverage: number
}

export interface FactLegs {
  readonly text: number
  readonly coverage: number
}

type Strengths = readonly number[]

/** What the episode speaks of elsewhere covers a question half as well, and only for items that answer a word of it. */
const EPISODE_COUNTS = 0.5
const BEFORE = 2
const AFTER = 1

export const placeOf = (episodeId: string, seq: number): string => `${episodeId}/${seq}`

export function scoreItems({ rarity, items, facts }: Hits): Legs[] {
  const spoken = new Map(items.map((item) => [placeOf(item.episodeId, item.seq), item]))
  const evidence = scoreEvidence(facts, rarity)
  return [...Map.groupBy(items, (item) => item.episodeId)].flatMap(([episodeId, members]) => {
    const whole = join(members.map((one) => one.strengths))
    const episode = weigh(whole, rarity)
    // An item without one word of the question is a candidate, too, when its neighbours hold some.
    const candidates = new Set(members.flatMap(({ seq }) => span(seq - AFTER, seq + BEFORE)))
    return [...candidates].map((seq) => {
      const near = span(seq - BEFORE, seq + AFTER).flatMap((one) => spoken.get(placeOf(episodeId, one)) ?? [])
      const window = join(near.map((one) => one.strengths))
      const own = spoken.get(placeOf(episodeId, seq))
      return {
        episodeId,
        seq,
        body: own ? weigh(own.strengths, rarity) : 0,
        context: weigh(window, rarity),
        episode,
        evidence: own ? (evidence.get(own.id) ?? 0) : 0,
        coverage: Math.max(cover(window, rarity), own ? EPISODE_COUNTS * cover(whole, rarity) : 0),
      }
    })
  })
}

export const scoreFact = ({ strengths }: FactHit, rarity: Strengths): FactLegs => ({
  text: weigh(strengths, rarity),
  coverage: cover(strengths, rarity),
})

function scoreEvidence(facts: readonly FactHit[], rarity: Strengths): Map<string, number> {
  const best = new Map<string, number>()
  for (const fact of facts) {
    const score = weigh(fact.strengths, rarity)
    for (const id of fact.evidence) best.set(id, Math.max(score, best.get(id) ?? 0))
  }
  return best
}

/** As surely as any of the texts speaks of a term: what one leaves open, the next may close. */
const join = (texts: readonly Strengths[]): Strengths =>
  (texts[0] ?? []).map((_, term) => 1 - texts.reduce((open, one) => open * (1 - (one[term] ?? 0)), 1))

const weigh = (strengths: Strengths, rarity: Strengths): number =>
  strengths.reduce((sum, strength, term) => sum + strength * (rarity[term] ?? 0), 0)

function cover(strengths: Strengths, rarity: Strengths): number {
  const whole = rarity.reduce((sum, one) => sum + one, 0)
  return whole === 0 ? 0 : rarity.reduce((sum, one, term) => sum + (strengths[term] ? one : 0), 0) / whole
}

const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
