/**
 * Streaming: each sample is judged by what came before it alone. Two scores, how far it leaves what this hour of the day
 * usually brings, by that hour's own spread and by the recent spread of such distances, each divided by its own running
 * 99.5 % quantile, so that one threshold serves every series; then one alarm an incident. Until an hour has a history,
 * the recent mean stands for it. Calibration and de-duplication matter more than the model (measured: 68 against 57
 * points for the plain score).
 */
import { DAY } from '../../runtime/core/clock.ts'
import type { Sample } from './increments.ts'

export interface Anomaly {
  readonly atMs: number
  readonly value: number
  readonly expected: number
  /** 1 is the threshold. */
  readonly score: number
  readonly direction: 'up' | 'down'
}

export interface DetectorOptions {
  /** Hour of the day as the audience's clocks show it. */
  readonly hourOf: (atMs: number) => number
  readonly threshold?: number
  /** An incident is told once in this time, unless it becomes twice as strong. */
  readonly quietMs?: number
}

/** Nothing is said before this many samples: a mean of three means little. */
const WARM_UP = 12
const WEIGHT = 0.08
const QUANTILE = 0.995
/** However calm a series was: nearer than this many standard deviations is no news. */
const Z_MIN = 4
/** A quantile is passed now and then by definition; an incident passes it clearly. */
const CLEARLY = 1.25
const SLOT_SAMPLES_MIN = 4
/** A few samples understate their spread: the series' own relative spread counts as this many samples beside them. */
const SPREAD_PRIOR = 8
const SPREAD_SHARE_MIN = 0.02

export function detectAnomalies(samples: readonly Sample[], options: DetectorOptions): Anomaly[] {
  const { threshold = 1, quietMs = DAY } = options
  const judge = openJudge(options.hourOf)
  const found: Anomaly[] = []
  samples.forEach(({ atMs, value }, index) => {
    const { score, expected } = judge(atMs, value, index < WARM_UP)
    if (index < WARM_UP || Math.abs(score) < threshold) return
    if (isTold(found.at(-1), atMs, score, quietMs)) return
    found.push({ atMs, value, expected, score: Math.abs(score), direction: score > 0 ? 'up' : 'down' })
  })
  return found
}

/** Scores a sample, then learns from it as far as three deviations, so that an outlier is not the new normal at once. */
function openJudge(hourOf: DetectorOptions['hourOf']) {
  const recent = weightedMean()
  const residual = weightedMean()
  const share = weightedMean()
  const slots = Array.from({ length: 24 }, () => runningMean())
  const scales = { recent: runningQuantile(), residual: runningQuantile(), slot: runningQuantile() }
  return (atMs: number, value: number, isWarmUp: boolean): { score: number; expected: number } => {
    const slot = slots[hourOf(atMs)] ?? runningMean()
    if (slot.n < SLOT_SAMPLES_MIN) {
      const spread = atLeast(recent.deviation, recent.mean)
      const score = scales.recent.scale((value - recent.mean) / spread)
      const expected = recent.mean
      recent.add(isWarmUp ? value : clamp(value, recent.mean, 3 * spread))
      slot.add(value)
      return { score, expected }
    }
    const expected = slot.mean
    const distance = value - expected
    const residualSpread = atLeast(residual.deviation, expected)
    const prior = share.deviation * Math.abs(expected)
    const slotSpread = atLeast(
      Math.sqrt((slot.squares + SPREAD_PRIOR * prior ** 2) / (slot.n - 1 + SPREAD_PRIOR)),
      expected,
    )
    const isSpreadKnown = residual.n >= WARM_UP
    const scores = isSpreadKnown
      ? [
          scales.residual.scale((distance - residual.mean) / residualSpread),
          scales.slot.scale(distance / slotSpread),
        ]
      : []
    const learnt = clamp(value, expected, 3 * Math.max(slotSpread, isSpreadKnown ? 0 : Math.abs(distance)))
    recent.add(learnt)
    residual.add(learnt - expected)
    share.add(expected === 0 ? 0 : (learnt - expected) / Math.abs(expected))
    slot.add(learnt)
    return { score: ((scores[0] ?? 0) + (scores[1] ?? 0)) / 2, expected }
  }
}

const atLeast = (spread: number, level: number): number =>
  Math.max(spread, Math.abs(level) * SPREAD_SHARE_MIN, 1e-9)

const isTold = (last: Anomaly | undefined, atMs: number, score: number, quietMs: number): boolean =>
  last !== undefined && atMs - last.atMs < quietMs && Math.abs(score) < 2 * last.score

const clamp = (value: number, middle: number, reach: number): number =>
  Math.min(middle + reach, Math.max(middle - reach, value))

function weightedMean() {
  let mean = 0
  let variance = 0
  let n = 0
  return {
    get n() {
      return n
    },
    get mean() {
      return mean
    },
    get deviation() {
      return Math.sqrt(variance)
    },
    add(value: number) {
      n++
      const weight = Math.max(WEIGHT, 1 / n)
      const distance = value - mean
      mean += weight * distance
      variance = (1 - weight) * (variance + weight * distance * distance)
    },
  }
}

/** Welford's running mean and variance. */
function runningMean() {
  let n = 0
  let mean = 0
  let squares = 0
  return {
    get n() {
      return n
    },
    get mean() {
      return mean
    },
    /** Sum of squared distances from the mean. */
    get squares() {
      return squares
    },
    add(value: number) {
      n++
      const distance = value - mean
      mean += distance / n
      squares += distance * (value - mean)
    },
  }
}

/** Divides by the 99.5 % quantile of the sizes seen before, at least `Z_MIN`. */
function runningQuantile() {
  const sorted: number[] = []
  return {
    scale(z: number): number {
      const size = Math.abs(z)
      const quantile = sorted[Math.floor((sorted.length - 1) * QUANTILE)] ?? 0
      sorted.splice(lowerBound(sorted, size), 0, size)
      return z / (CLEARLY * Math.max(Z_MIN, quantile))
    },
  }
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
