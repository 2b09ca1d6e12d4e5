/**
 * What decides the order of memories, pure: a weighted sum of legs, each divided by its best of this question, and a few
 * per cent for age, importance and proof. Weights and caps are measured (README); plain rank fusion lost five points
 * against them, and a decay by age that is not capped lost half of all evidence.
 */
import { DAY, instantMs } from '../runtime/core/clock.ts'
import type { DateWindow } from './date-window.ts'
import type { FactLegs, Legs } from './score-legs.ts'
import { toWords } from './words.ts'

const WEIGHT = { body: 1, context: 1.5, episode: 1, evidence: 1, cosine: 0.5, actor: 0.5, date: 0.6 } as const
const ALL_WEIGHTS = Object.values(WEIGHT).reduce((sum, one) => sum + one, 0)

const AGE_HALF_LIFE_MS = 90 * DAY
const CAP = 0.05
/** Figures age: last month's reach says less than this week's. */
const METRIC_CAP = 0.25

/**
 * Below it nothing is known: share of the question, by rarity, that a memory must speak of. Measured on the brand set in
 * test/memory: at 0.30 every question finds its evidence and none that was never answered finds anything; at 0.45 a
 * fifth of the evidence is lost.
 */
export const COVERAGE_FLOOR = 0.3
/** Unrelated texts lie below it with the providers' models as they publish them; measure anew with a new model. */
export const COSINE_FLOOR = 0.45

export interface Asked {
  readonly words: ReadonlySet<string>
  readonly window: DateWindow | undefined
  readonly now: string
}

export interface ItemCandidate {
  readonly legs: Legs | undefined
  readonly cosine: number
  readonly actor: string
  readonly importance: number
  readonly occurredAt: string
}

export interface FactCandidate {
  readonly legs: FactLegs | undefined
  readonly cosine: number
  readonly subject: string
  readonly kind: string
  readonly importance: number
  readonly proofs: number
  readonly validFrom: string
}

export interface Ranked<T> {
  readonly row: T
  readonly score: number
}

export function rankItems<T extends ItemCandidate>(asked: Asked, candidates: readonly T[]): Ranked<T>[] {
  const best = {
    body: bestOf(candidates, (one) => one.legs?.body),
    context: bestOf(candidates, (one) => one.legs?.context),
    episode: bestOf(candidates, (one) => one.legs?.episode),
    evidence: bestOf(candidates, (one) => one.legs?.evidence),
    cosine: bestOf(candidates, (one) => one.cosine),
  }
  return inOrder(candidates.filter(isKnown), ({ legs, ...one }) => {
    const sum =
      WEIGHT.body * share(legs?.body, best.body) +
      WEIGHT.context * share(legs?.context, best.context) +
      WEIGHT.episode * share(legs?.episode, best.episode) +
      WEIGHT.evidence * share(legs?.evidence, best.evidence) +
      WEIGHT.cosine * share(one.cosine, best.cosine) +
      WEIGHT.actor * Number(isNamed(one.actor, asked)) +
      WEIGHT.date * Number(isInside(one.occurredAt, asked))
    return (sum / ALL_WEIGHTS) * byAge(one.occurredAt, asked, CAP) * byShare(one.importance)
  })
}

export function rankFacts<T extends FactCandidate>(asked: Asked, candidates: readonly T[]): Ranked<T>[] {
  const best = {
    text: bestOf(candidates, (one) => one.legs?.text),
    cosine: bestOf(candidates, (one) => one.cosine),
  }
  const whole = WEIGHT.body + WEIGHT.cosine + WEIGHT.actor + WEIGHT.date
  return inOrder(candidates.filter(isKnown), ({ legs, ...one }) => {
    const sum =
      WEIGHT.body * share(legs?.text, best.text) +
      WEIGHT.cosine * share(one.cosine, best.cosine) +
      WEIGHT.actor * Number(isNamed(one.subject, asked)) +
      WEIGHT.date * Number(isInside(one.validFrom, asked))
    const aged = byAge(one.validFrom, asked, one.kind === 'metric' ? METRIC_CAP : CAP)
    return (sum / whole) * aged * byShare(one.importance) * byShare(1 - 2 ** (1 - one.proofs))
  })
}

const isKnown = (one: { legs: { coverage: number } | undefined; cosine: number }): boolean =>
  (one.legs?.coverage ?? 0) >= COVERAGE_FLOOR || one.cosine >= COSINE_FLOOR

const inOrder = <T>(rows: readonly T[], score: (row: T) => number): Ranked<T>[] =>
  rows.map((row) => ({ row, score: score(row) })).sort((a, b) => b.score - a.score)

const bestOf = <T>(rows: readonly T[], read: (row: T) => number | undefined): number =>
  rows.reduce((best, row) => Math.max(best, read(row) ?? 0), 0)

const share = (value = 0, best: number): number => (best > 0 ? value / best : 0)

/** Every word of the name stands in the question. */
function isNamed(name: string, { words }: Asked): boolean {
  const parts = toWords(name)
  return parts.length > 0 && parts.every((part) => words.has(part))
}

const isInside = (at: string, { window }: Asked): boolean =>
  window !== undefined && at >= window.from && at < window.to

function byAge(at: string, { now }: Asked, cap: number): number {
  const age = Math.max(0, instantMs(now) - instantMs(at))
  return 1 + cap * (2 * 2 ** (-age / AGE_HALF_LIFE_MS) - 1)
}

const byShare = (share: number): number => 1 + CAP * (2 * share - 1)
