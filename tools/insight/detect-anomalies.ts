/**
 * Streaming: each sample is judged by what came before it alone. Two scores, distance from an exponentially weighted
 * mean and distance from what this hour of the day usually brings, each divided by its own running 99.5 % quantile, so
 * that one threshold serves every series; then one alarm an incident. Calibration and de-duplication matter more than
 * the model (measured: 68 against 57 points for the plain score).
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
const Z_MIN = 3.5
const SLOT_SAMPLES_MIN = 4

export function detectAnomalies(samples: readonly Sample[], options: DetectorOptions): Anomaly[] {
  const { hourOf, threshold = 1, quietMs = DAY } = options
  const recent = weightedMean()
  const slots = Array.from({ length: 24 }, () => runningMean())
  const scales = [runningQuantile(), runningQuantile()] as const
  const found: Anomaly[] = []
  samples.forEach(({ atMs, value }, index) => {
    const slot = slots[hourOf(atMs)] ?? runningMean()
    const isSlotKnown = slot.n >= SLOT_SAMPLES_MIN
    const spread = Math.max(recent.deviation, Math.abs(recent.mean) * 0.02, 1e-9)
    const slotSpread = Math.max(slot.deviation, spread * 0.25)
    const scores = [
      scales[0].scale((value - recent.mean) / spread),
      isSlotKnown ? scales[1].scale((value - slot.mean) / slotSpread) : undefined,
    ].filter((score) => score !== undefined)
    const score = scores.reduce((sum, each) => sum + each, 0) / scores.length
    const expected = isSlotKnown ? slot.mean : recent.mean
    const isNews = index >= WARM_UP && Math.abs(score) >= threshold
    if (isNews && !isTold(found.at(-1), atMs, score, quietMs)) {
      found.push({ atMs, value, expected, score: Math.abs(score), direction: score > 0 ? 'up' : 'down' })
    }
    // an outlier is learnt from as far as three deviations, so that it does not become the new normal at once
    recent.add(index < WARM_UP ? value : clamp(value, recent.mean, 3 * spread))
    slot.add(isSlotKnown ? clamp(value, slot.mean, 3 * slotSpread) : value)
  })
  return found
}

const isTold = (last: Anomaly | undefined, atMs: number, score: number, quietMs: number): boolean =>
  last !== undefined && atMs - last.atMs < quietMs && Math.abs(score) < 2 * last.score

const clamp = (value: number, middle: number, reach: number): number =>
  Math.min(middle + reach, Math.max(middle - reach, value))

function weightedMean() {
  let mean = 0
  let variance = 0
  let n = 0
  return {
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
    get deviation() {
      return n > 1 ? Math.sqrt(squares / (n - 1)) : 0
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
      return z / Math.max(Z_MIN, quantile)
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
