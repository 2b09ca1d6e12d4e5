import type { MediaAnalysis, Span } from './engine/analyse.ts'
import { listBorders } from './engine/borders.ts'

/** As far as a border is moved to a cut or silence; a person hears a request for 15 s kept at 14.3 s. */
const REACH_MS = 750
const LENGTH_MS_MIN = 500

/**
 * Pure: the wished span with each end on the best border nearby. An end that was not asked to move stays where it is,
 * and so does one at the film's own end.
 */
export function snapSpan(
  analysis: MediaAnalysis,
  wished: Span,
  moves: { readonly start: boolean; readonly end: boolean },
): Span {
  const borders = listBorders(analysis)
  const nearest = (atMs: number, side: 'opens' | 'closes') => {
    const near = borders
      .filter((border) => border[side] && border.quality > 0 && Math.abs(border.atMs - atMs) <= REACH_MS)
      .toSorted((a, b) => merit(b, atMs) - merit(a, atMs))
    return Math.round(near[0]?.atMs ?? atMs)
  }
  const startMs = moves.start ? nearest(Math.max(0, wished.startMs), 'opens') : wished.startMs
  const endMs = moves.end ? nearest(Math.min(analysis.durationMs, wished.endMs), 'closes') : wished.endMs
  return endMs - startMs >= LENGTH_MS_MIN ? { startMs, endMs } : wished
}

const merit = (border: { atMs: number; quality: number }, atMs: number): number =>
  border.quality - (0.5 * Math.abs(border.atMs - atMs)) / REACH_MS
