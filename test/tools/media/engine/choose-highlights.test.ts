import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../runtime/core/random.ts'
import type { MediaAnalysis } from '../../../../tools/media/engine/analyse.ts'
import { chooseHighlights } from '../../../../tools/media/engine/highlights.ts'

const OPTIONS = { count: 3, minMs: 5_000, maxMs: 15_000, targetMs: 8_000 }

/** An even film of two minutes with a cut each six seconds; parts of it may be loud or active. */
function filmWith(change: {
  loud?: readonly number[]
  active?: readonly number[]
  cuts?: readonly number[]
  lengthMs?: number
}): MediaAnalysis {
  const { loud = [], active = [], lengthMs = 120_000 } = change
  const steps = Math.ceil(lengthMs / 500)
  const near = (peaksMs: readonly number[], step: number) =>
    peaksMs.some((peak) => Math.abs(step * 500 - peak) < 4_000)
  const cutsMs =
    change.cuts ??
    Array.from({ length: Math.floor((lengthMs - 1) / 6_000) }, (_, index) => (index + 1) * 6_000)
  return {
    durationMs: lengthMs,
    frameMs: 40,
    cuts: cutsMs.map((atMs) => ({ atMs, strength: 20 })),
    keyframesMs: [0],
    silences: [],
    blackSpans: [],
    loudness: Array.from({ length: steps }, (_, step) => (near(loud, step) ? -9 : -23)),
    motion: Array.from({ length: steps }, (_, step) => (near(active, step) ? 12 : 2)),
    integratedLufs: -20,
  }
}

const holds = (clips: readonly { startMs: number; endMs: number }[], atMs: number) =>
  clips.some((clip) => clip.startMs < atMs && clip.endMs > atMs)

describe('chooseHighlights', () => {
  test.each([[[15_000, 57_000, 99_000]], [[27_000, 63_000, 105_000]], [[9_000, 45_000, 81_000]]])(
    'moves with the loud parts: %j',
    (loud) => {
      const { clips } = chooseHighlights(filmWith({ loud }), OPTIONS)
      expect(loud.map((peak) => holds(clips, peak))).toEqual([true, true, true])
    },
  )

  test.each([[[15_000, 57_000, 99_000]], [[27_000, 63_000, 105_000]]])(
    'moves with the active parts: %j',
    (active) => {
      const { clips } = chooseHighlights(
        { ...filmWith({ active }), loudness: null, integratedLufs: null },
        OPTIONS,
      )
      expect(active.map((peak) => holds(clips, peak))).toEqual([true, true, true])
    },
  )

  test('puts every border on a cut or more than two frames away, clips apart, lengths as asked', () => {
    const random = seededRandom(11)
    for (let round = 0; round < 20; round++) {
      const cuts = [...new Set(Array.from({ length: 25 }, () => 500 + random.int(118_000)))].sort(
        (a, b) => a - b,
      )
      const film = filmWith({ loud: [random.int(120_000)], active: [random.int(120_000)], cuts })
      const { clips } = chooseHighlights(film, OPTIONS)
      expect(clips).toHaveLength(3)
      for (const [index, clip] of clips.entries()) {
        expect(clip.startMs).toBeGreaterThanOrEqual(clips[index - 1]?.endMs ?? 0)
        expect(clip.endMs - clip.startMs).toBeGreaterThanOrEqual(OPTIONS.minMs)
        expect(clip.endMs - clip.startMs).toBeLessThanOrEqual(OPTIONS.maxMs)
        for (const border of [clip.startMs, clip.endMs]) {
          const distances = cuts.map((cut) => Math.abs(cut - border))
          expect(Math.min(...distances) === 0 || Math.min(...distances) > 80).toBe(true)
        }
      }
    }
  })

  test('prefers a silence over a free moment', () => {
    const film = { ...filmWith({ loud: [60_000], cuts: [] }), silences: [{ startMs: 55_600, endMs: 56_000 }] }
    const [clip] = chooseHighlights(film, { ...OPTIONS, count: 1 }).clips
    expect(clip?.startMs).toBe(55_800)
    expect(clip?.reasons.at(-1)).toContain('starts in a silence at 55.800 s')
  })

  test('avoids black', () => {
    const film = filmWith({ loud: [27_000, 63_000] })
    const dark = { ...film, blackSpans: [{ startMs: 22_000, endMs: 32_000 }] }
    expect(holds(chooseHighlights(dark, { ...OPTIONS, count: 1 }).clips, 63_000)).toBe(true)
  })

  test('does not cut one strong moment in two', () => {
    const { clips } = chooseHighlights(filmWith({ loud: [60_000], cuts: [60_000] }), { ...OPTIONS, count: 2 })
    const shares = clips.map((clip) =>
      Math.max(0, Math.min(clip.endMs, 64_000) - Math.max(clip.startMs, 56_000)),
    )
    expect(Math.min(...shares)).toBe(0)
    expect(Math.max(...shares)).toBeGreaterThanOrEqual(5_000)
  })

  test('says in numbers why', () => {
    const [clip] = chooseHighlights(filmWith({ loud: [63_000] }), { ...OPTIONS, count: 1 }).clips
    expect(clip?.reasons[0]).toMatch(/at -\d+\.\d LUFS against a median of -23\.0/)
    expect(clip?.breakdown.sound).toBeGreaterThan(0.7)
    expect(clip?.rank).toBe(1)
  })

  test('gives fewer clips with the reason when the film is too short', () => {
    const choice = chooseHighlights(filmWith({ lengthMs: 11_000 }), OPTIONS)
    expect(choice.clips).toHaveLength(2)
    expect(choice.shortfall).toBe('2 of 3: a film of 11.0 s holds at most 2 distinct clips of 5.0 s or more')
  })

  test('gives the same answer twice', () => {
    const film = filmWith({ loud: [30_000], active: [80_000] })
    expect(chooseHighlights(film, OPTIONS)).toEqual(chooseHighlights(structuredClone(film), OPTIONS))
  })

  test('copes with four hours of film', () => {
    const film = filmWith({ lengthMs: 4 * 3_600_000, loud: [9_000_000], active: [3_000_000] })
    expect(chooseHighlights(film, { ...OPTIONS, count: 10, maxMs: 60_000 }).clips).toHaveLength(10)
  })
})
