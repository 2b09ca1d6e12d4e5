/**
 * When an audience is awake: the median over days of each hour's share of its day. Medians because one viral evening
 * must not move the schedule; hour of day because hour of week was no better (.676 both) and needs seven times the days.
 */
import type { Sample } from './increments.ts'
import { localTimeIn } from './local-time.ts'

export interface BestHours {
  /** Best first; `score` is the expected share of a day's activity, 1/24 for an average hour. */
  readonly slots: { hour: number; score: number }[]
  readonly basis: 'own-history' | 'prior'
  /** Days measured. */
  readonly n: number
}

/** Measured mention volume by local hour as audience activity: a third at night, double in the afternoon. */
const PRIOR_WEIGHTS = [
  0.45, 0.35, 0.3, 0.25, 0.25, 0.3, 0.5, 0.75, 0.9, 1, 1.1, 1.2, 1.4, 1.45, 1.4, 1.4, 1.5, 1.6, 1.75, 1.9,
  1.95, 1.7, 1.2, 0.75,
]
const PRIOR_TOTAL = PRIOR_WEIGHTS.reduce((sum, weight) => sum + weight, 0)
export const PRIOR = PRIOR_WEIGHTS.map((weight) => weight / PRIOR_TOTAL)

/** Below a week the days measured say less than the prior. */
const DAYS_MIN = 7
/** The prior counts as this many days beside the measured ones. */
const PRIOR_DAYS = 5
/** Posts an hour apart compete with each other. */
const APART_HOURS = 2

export function chooseBestHours(activity: readonly Sample[], zone: string, count: number): BestHours {
  const days = sharesByDay(activity, zone)
  const n = days.length
  const basis = n >= DAYS_MIN ? 'own-history' : 'prior'
  const median = normalise(PRIOR.map((_, hour) => medianOf(days.map((shares) => shares[hour] ?? 0))))
  const scores = PRIOR.map((prior, hour) =>
    n === 0 ? prior : (n * (median[hour] ?? 0) + PRIOR_DAYS * prior) / (n + PRIOR_DAYS),
  )
  return { slots: spread(scores, count), basis, n }
}

/** Only days with activity in several hours: a day with one reading says nothing about its hours. */
function sharesByDay(activity: readonly Sample[], zone: string): number[][] {
  const local = localTimeIn(zone)
  const days = new Map<string, number[]>()
  for (const { atMs, value } of activity) {
    // an increment belongs to the hour it came in, which ends with the reading
    const { day, hour } = local(atMs - 1)
    const hours = days.get(day) ?? new Array<number>(24).fill(0)
    hours[hour] = (hours[hour] ?? 0) + value
    days.set(day, hours)
  }
  return [...days.values()].filter((hours) => hours.filter((value) => value > 0).length >= 4).map(normalise)
}

function normalise(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map((value) => (total > 0 ? value / total : 0))
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

function spread(scores: readonly number[], count: number): BestHours['slots'] {
  const ranked = scores
    .map((score, hour) => ({ hour, score: Math.round(score * 1e4) / 1e4 }))
    .toSorted((a, b) => b.score - a.score || a.hour - b.hour)
  const chosen: BestHours['slots'] = []
  const distance = (a: number, b: number) => Math.min(Math.abs(a - b), 24 - Math.abs(a - b))
  for (const slot of ranked) {
    if (chosen.length === count) break
    if (chosen.every((each) => distance(each.hour, slot.hour) >= APART_HOURS)) chosen.push(slot)
  }
  return chosen
}
