import { seededRandom } from '../../../runtime/core/random.ts'
import type { Span } from './analyse.ts'
import type { Shot } from './sample-shots.ts'

export const SAMPLE_FPS = 24
const BEAT_MS = 500
const BAR_MS = 4 * BEAT_MS

export interface Section extends Span {
  readonly isLoud: boolean
}

/** Quiet and loud sections take turns, each some bars long; a film always opens and ends quietly. */
export function planSections(durationMs: number, seed: number): Section[] {
  const random = seededRandom(seed)
  const sections: Section[] = []
  let startMs = 0
  for (let isLoud = false; startMs < durationMs; isLoud = !isLoud) {
    // a short film gets its loud part too
    const bars = Math.max(
      1,
      Math.min(isLoud ? 4 + random.int(3) : 3 + random.int(4), Math.floor(durationMs / 3 / BAR_MS)),
    )
    const restMs = durationMs - startMs
    const isLast = !isLoud && startMs > 0 && restMs < (bars + 6) * BAR_MS
    const endMs = isLast ? durationMs : Math.min(durationMs, startMs + bars * BAR_MS)
    sections.push({ startMs, endMs, isLoud })
    startMs = endMs
  }
  return sections
}

/** Cuts fall on beats: every bar or half bar where it is loud, every second or third bar where it is quiet. */
export function planShots(sections: readonly Section[], seed: number): Shot[] {
  const random = seededRandom(seed + 1)
  const shots: Shot[] = []
  let style = random.int(100)
  for (const section of sections) {
    for (let startMs = section.startMs; startMs < section.endMs; ) {
      const beats = section.isLoud ? 2 * (1 + random.int(2)) : 4 * (2 + random.int(2))
      const restMs = section.endMs - startMs
      const lengthMs = restMs < beats * BEAT_MS + BAR_MS / 2 ? restMs : beats * BEAT_MS
      const startFrame = Math.round((startMs * SAMPLE_FPS) / 1000)
      const frames = Math.round(((startMs + lengthMs) * SAMPLE_FPS) / 1000) - startFrame
      style += 1 + random.int(2) // never the same kind twice in a row
      shots.push({
        startFrame,
        frames,
        isLoud: section.isLoud,
        style,
        hue: random.next(),
        variant: random.next(),
      })
      startMs += lengthMs
    }
  }
  return shots
}
