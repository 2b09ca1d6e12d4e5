/**
 * Which parts of a film to show. Pure and without chance: the same analysis gives the same clips.
 *
 *   score = (0.45 sound + 0.30 motion + 0.10 pace + 0.15 borders) / weights of the signals present
 *           - 0.25 x distance from the wished length - 0.50 x share that is black
 *
 * sound, motion: mean over the clip of the curve, set to 0 at the film's 10th percentile and to 1 at its 95th; a range
 *   under 6 dB (or 2 points of motion) is stretched no further, so that noise in an even film does not choose.
 * pace: cuts a second, full at one each 2.5 s.
 * borders: 1 for a cut inside a silence, 0.7 for either alone, 0.6 for the film's own ends, 0 for a free moment.
 *
 * Every border is on a cut or more than two frames away from each; clips do not overlap. As many clips as fit are
 * chosen, up to `count`; among those choices the greatest sum of squared scores wins, where a clip close behind another
 * counts half: a plain sum would as soon cut the one strong moment in two as show two moments.
 */
import { CURVE_STEP_MS, type MediaAnalysis, percentile, type Span } from './analyse.ts'
import { type BorderPoint, listBorders } from './borders.ts'

export interface HighlightOptions {
  readonly count: number
  readonly minMs: number
  readonly maxMs: number
  readonly targetMs: number
  /** Spans shown already: a new clip overlaps none of them. */
  readonly taken?: readonly Span[]
}

export interface Highlight extends Span {
  /** 0 to 1. */
  readonly score: number
  /** 1 is the best of this choice; the list itself follows the film. */
  readonly rank: number
  readonly breakdown: {
    readonly sound: number | null
    readonly motion: number
    readonly pace: number
    readonly borders: number
    readonly lengthPenalty: number
    readonly blackPenalty: number
  }
  /** The measures behind the score, as sentences with numbers. */
  readonly reasons: readonly string[]
}

export interface HighlightChoice {
  readonly clips: readonly Highlight[]
  /** Why there are fewer than asked for. */
  readonly shortfall: string | null
}

const WEIGHTS = { sound: 0.45, motion: 0.3, pace: 0.1, borders: 0.15 }
const LENGTH_WEIGHT = 0.25
const BLACK_WEIGHT = 0.5
const FULL_PACE_PER_MS = 1 / 2_500
const SOUND_RANGE_DB_MIN = 6
const MOTION_RANGE_MIN = 2

export function chooseHighlights(analysis: MediaAnalysis, options: HighlightOptions): HighlightChoice {
  const borders = listBorders(analysis)
  const rate = scorer(analysis, options)
  const candidates = listCandidates(borders, options, rate)
  const chosen = chooseDisjoint(candidates, options)
  const ranked = chosen.toSorted((a, b) => b.score - a.score || a.startMs - b.startMs)
  const clips = chosen.map((clip) => ({
    startMs: clip.startMs,
    endMs: clip.endMs,
    score: round(clip.score, 3),
    rank: ranked.indexOf(clip) + 1,
    breakdown: roundAll(clip.breakdown),
    reasons: explain(analysis, clip),
  }))
  return { clips, shortfall: explainShortfall(analysis, options, clips.length) }
}

interface Candidate extends Span {
  readonly start: BorderPoint
  readonly end: BorderPoint
  readonly score: number
  readonly breakdown: Highlight['breakdown']
}

type Rate = (start: BorderPoint, end: BorderPoint) => Candidate

function scorer(analysis: MediaAnalysis, options: HighlightOptions): Rate {
  const soundMean =
    analysis.integratedLufs === null ? null : meanOf(normalise(analysis.loudness ?? [], SOUND_RANGE_DB_MIN))
  const motionMean = meanOf(normalise(analysis.motion, MOTION_RANGE_MIN))
  const cutTimes = analysis.cuts.map((cut) => cut.atMs)
  const present = 1 - (soundMean ? 0 : WEIGHTS.sound)
  return (start, end) => {
    const span = { startMs: start.atMs, endMs: end.atMs }
    const lengthMs = span.endMs - span.startMs
    const sound = soundMean ? soundMean(span) : null
    const motion = motionMean(span)
    const cutsInside = countBelow(cutTimes, span.endMs) - countBelow(cutTimes, span.startMs + 1)
    const pace = Math.min(1, cutsInside / (lengthMs * FULL_PACE_PER_MS))
    const borders = (start.quality + end.quality) / 2
    const lengthPenalty =
      LENGTH_WEIGHT * Math.min(1, Math.abs(lengthMs - options.targetMs) / options.targetMs)
    const blackPenalty = BLACK_WEIGHT * (overlapMs(analysis.blackSpans, span) / lengthMs)
    const merit =
      WEIGHTS.sound * (sound ?? 0) + WEIGHTS.motion * motion + WEIGHTS.pace * pace + WEIGHTS.borders * borders
    const score = Math.max(0, merit / present - lengthPenalty - blackPenalty)
    return {
      ...span,
      start,
      end,
      score,
      breakdown: { sound, motion, pace, borders, lengthPenalty, blackPenalty },
    }
  }
}

/** From each start the best end and the nearest one: the second keeps room when many clips must fit. */
function listCandidates(borders: readonly BorderPoint[], options: HighlightOptions, rate: Rate): Candidate[] {
  const { minMs, maxMs, taken = [] } = options
  const candidates: Candidate[] = []
  let first = 0
  for (const start of borders) {
    if (!start.opens) continue
    while (first < borders.length && (borders[first]?.atMs ?? 0) < start.atMs + minMs) first++
    let best: Candidate | undefined
    let shortest: Candidate | undefined
    for (let index = first; index < borders.length; index++) {
      const end = borders[index]
      if (!end || end.atMs > start.atMs + maxMs) break
      if (!end.closes) continue
      const candidate = rate(start, end)
      if (overlapMs(taken, candidate) > 0) break
      shortest ??= candidate
      if (!best || candidate.score > best.score) best = candidate
    }
    if (best) candidates.push(best)
    if (shortest && shortest !== best) candidates.push(shortest)
  }
  return candidates
}

interface Plan {
  readonly value: number
  readonly last: Candidate | undefined
  readonly before: Plan | undefined
}

/** A clip that follows the one before more closely than the wished length counts half. */
const CROWDED_VALUE = 0.5

/** Weighted interval scheduling: plans[k] after each candidate is the best choice of exactly k among those before it. */
function chooseDisjoint(
  candidates: readonly Candidate[],
  { count, targetMs }: HighlightOptions,
): Candidate[] {
  const sorted = candidates.toSorted((a, b) => a.endMs - b.endMs || a.startMs - b.startMs)
  const ends = sorted.map((candidate) => candidate.endMs)
  const empty: Plan = { value: 0, last: undefined, before: undefined }
  const history: (readonly (Plan | undefined)[])[] = [[empty]]
  sorted.forEach((last, index) => {
    const plans = [...(history[index] ?? [])]
    const extend = (latestEndMs: number, share: number) => {
      const reachable = history[countBelow(ends, latestEndMs + 1, index)] ?? []
      for (let size = 1; size <= count; size++) {
        const before = reachable[size - 1]
        if (!before) continue
        const value = before.value + last.score ** 2 * (before.last ? share : 1)
        const known = plans[size]
        if (!known || value > known.value + 1e-12) plans[size] = { value, last, before }
      }
    }
    extend(last.startMs - targetMs, 1)
    extend(last.startMs, CROWDED_VALUE)
    history.push(plans)
  })
  const chosen: Candidate[] = []
  for (let plan = history.at(-1)?.findLast((each) => each !== undefined); plan?.last; plan = plan.before) {
    chosen.unshift(plan.last)
  }
  return chosen
}

/** How many values of a rising list lie below a limit. */
function countBelow(rising: readonly number[], limit: number, among = rising.length): number {
  let low = 0
  let high = among
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? Number.POSITIVE_INFINITY) < limit) low = middle + 1
    else high = middle
  }
  return low
}

function normalise(curve: readonly number[], rangeMin: number): number[] {
  const low = percentile(curve, 0.1)
  const range = Math.max(rangeMin, percentile(curve, 0.95) - low)
  return curve.map((value) => Math.min(1, Math.max(0, (value - low) / range)))
}

/** Mean over any span in constant time, by prefix sums over the curve's steps. */
function meanOf(curve: readonly number[]): (span: Span) => number {
  const sums = [0]
  for (const value of curve) sums.push((sums.at(-1) ?? 0) + value)
  const upTo = (atMs: number) => {
    const step = Math.min(curve.length, Math.floor(atMs / CURVE_STEP_MS))
    return (sums[step] ?? 0) + (curve[step] ?? 0) * (atMs / CURVE_STEP_MS - step)
  }
  return ({ startMs, endMs }) => ((upTo(endMs) - upTo(startMs)) * CURVE_STEP_MS) / (endMs - startMs)
}

function overlapMs(spans: readonly Span[], { startMs, endMs }: Span): number {
  return spans.reduce(
    (sum, each) => sum + Math.max(0, Math.min(endMs, each.endMs) - Math.max(startMs, each.startMs)),
    0,
  )
}

function explain(analysis: MediaAnalysis, clip: Candidate): string[] {
  const inside = (curve: readonly number[]) =>
    mean(curve.slice(slot(clip.startMs), Math.max(slot(clip.startMs) + 1, slot(clip.endMs))))
  const median = (curve: readonly number[]) => percentile(curve, 0.5)
  const cuts = analysis.cuts.filter((cut) => cut.atMs > clip.startMs && cut.atMs < clip.endMs).length
  const length = `${((clip.endMs - clip.startMs) / 1000).toFixed(1)} s`
  const sound =
    clip.breakdown.sound === null || !analysis.loudness
      ? 'no sound to judge by'
      : `${length} at ${inside(analysis.loudness).toFixed(1)} LUFS against a median of ${median(analysis.loudness).toFixed(1)}`
  return [
    sound,
    `motion ${inside(analysis.motion).toFixed(1)} against a median of ${median(analysis.motion).toFixed(1)}`,
    `${cuts} ${cuts === 1 ? 'cut' : 'cuts'} inside`,
    `starts ${clip.start.why} at ${(clip.startMs / 1000).toFixed(3)} s, ends ${clip.end.why} at ${(clip.endMs / 1000).toFixed(3)} s`,
  ]
}

function explainShortfall(analysis: MediaAnalysis, options: HighlightOptions, found: number): string | null {
  if (found >= options.count) return null
  const room = Math.floor(analysis.durationMs / options.minMs)
  const film = `${(analysis.durationMs / 1000).toFixed(1)} s`
  const least = `${(options.minMs / 1000).toFixed(1)} s`
  return room < options.count
    ? `${found} of ${options.count}: a film of ${film} holds at most ${room} distinct clips of ${least} or more`
    : `${found} of ${options.count}: the borders of this film (${film}) leave no room for more clips of ${least} or more`
}

const slot = (atMs: number): number => Math.floor(atMs / CURVE_STEP_MS)
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const roundAll = (parts: Highlight['breakdown']): Highlight['breakdown'] => ({
  sound: parts.sound === null ? null : round(parts.sound, 3),
  motion: round(parts.motion, 3),
  pace: round(parts.pace, 3),
  borders: round(parts.borders, 3),
  lengthPenalty: round(parts.lengthPenalty, 3),
  blackPenalty: round(parts.blackPenalty, 3),
})
const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
