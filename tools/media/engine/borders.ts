import { CURVE_STEP_MS, type MediaAnalysis, type Span } from './analyse.ts'

/** A moment at which a clip may begin or end. */
export interface BorderPoint {
  readonly atMs: number
  readonly quality: number
  readonly why: string
  readonly opens: boolean
  readonly closes: boolean
}

/** How much of a long silence stays: breath before the first word, and its last sound dying away. */
const LEAD_IN_MS = 200
const LEAD_OUT_MS = 300

/** All borders of a film in time order. A moment within two frames beside a cut is none; only the cut itself is. */
export function listBorders(analysis: MediaAnalysis): BorderPoint[] {
  const { cuts, durationMs, frameMs, silences } = analysis
  const isBesideCut = (atMs: number) => cuts.some((cut) => Math.abs(cut.atMs - atMs) <= 2 * frameMs + 1)
  const inSilence = (atMs: number) => silences.some((span) => atMs >= span.startMs && atMs <= span.endMs)
  const atCuts = cuts.map(({ atMs }) =>
    inSilence(atMs) ? both(atMs, 1, 'on a cut in a silence') : both(atMs, 0.7, 'on a cut'),
  )
  const free: BorderPoint[] = []
  for (let atMs = CURVE_STEP_MS; atMs < durationMs; atMs += CURVE_STEP_MS)
    free.push(both(atMs, 0, 'between cuts'))
  const others = [...silences.flatMap(atSilence), ...free].filter(
    ({ atMs }) => atMs > 2 * frameMs && atMs < durationMs - 2 * frameMs && !isBesideCut(atMs),
  )
  const ends = [
    { atMs: 0, quality: 0.6, why: 'with the film', opens: true, closes: false },
    { atMs: durationMs, quality: 0.6, why: 'with the film', opens: false, closes: true },
  ]
  return [...ends, ...atCuts, ...others].sort((a, b) => a.atMs - b.atMs || b.quality - a.quality)
}

const both = (atMs: number, quality: number, why: string): BorderPoint => ({
  atMs,
  quality,
  why,
  opens: true,
  closes: true,
})

function atSilence({ startMs, endMs }: Span): BorderPoint[] {
  const middle = (startMs + endMs) / 2
  const opening = Math.round(Math.max(middle, endMs - LEAD_IN_MS))
  const closing = Math.round(Math.min(middle, startMs + LEAD_OUT_MS))
  return [
    { atMs: opening, quality: 0.7, why: 'in a silence', opens: true, closes: false },
    { atMs: closing, quality: 0.7, why: 'in a silence', opens: false, closes: true },
  ]
}
