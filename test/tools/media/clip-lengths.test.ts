import { describe, expect, test } from 'vitest'
import { planLengths } from '../../../tools/media/clip-lengths.ts'
import type { MediaAnalysis } from '../../../tools/media/engine/analyse.ts'
import { snapSpan } from '../../../tools/media/snap-span.ts'
import { planSpan } from '../../../tools/media/trim-clip.ts'

describe('lengths', () => {
  test('a long film gives clips of twenty seconds', () => {
    expect(planLengths(600_000, 3, {})).toEqual({ minMs: 12_000, targetMs: 20_000, maxMs: 32_000 })
  })

  test('a short film gives shorter clips, not fewer', () => {
    const { minMs, targetMs, maxMs } = planLengths(30_000, 3, {})
    expect(3 * minMs).toBeLessThan(30_000)
    expect(minMs).toBeLessThanOrEqual(targetMs)
    expect(targetMs).toBeLessThanOrEqual(maxMs)
  })

  test('what was asked for is kept, and refused when it contradicts itself', () => {
    expect(planLengths(90_000, 3, { targetMs: 15_000 })).toMatchObject({ targetMs: 15_000 })
    expect(planLengths(90_000, 3, { minMs: 25_000 })).toMatchObject({ minMs: 25_000, targetMs: 25_000 })
    expect(planLengths(90_000, 3, { maxMs: 6_000 })).toMatchObject({ targetMs: 6_000, maxMs: 6_000 })
    expect(() => planLengths(90_000, 3, { minMs: 20_000, maxMs: 10_000 })).toThrow(/contradict/)
    expect(() => planLengths(90_000, 1, { targetMs: 5_000, minMs: 8_000 })).toThrow(/contradict/)
  })
})

const analysis: MediaAnalysis = {
  ...{ durationMs: 60_000, frameMs: 40, keyframesMs: [0], blackSpans: [], integratedLufs: -20 },
  cuts: [10_300, 20_000, 30_200].map((atMs) => ({ atMs, strength: 30 })),
  silences: [],
  // the loud, lively part is 24 to 28 s
  loudness: Array.from({ length: 120 }, (_, slot) => (slot >= 48 && slot < 56 ? -8 : -30)),
  motion: Array.from({ length: 120 }, (_, slot) => (slot >= 48 && slot < 56 ? 40 : 2)),
}

describe('trimming', () => {
  test('a moved end goes to the nearest cut, the other one stays', () => {
    const span = snapSpan(analysis, { startMs: 10_000, endMs: 20_123 }, { start: true, end: false })
    expect(span).toEqual({ startMs: 10_300, endMs: 20_123 })
  })

  test('an end with no cut nearby stays as asked', () => {
    const wished = { startMs: 40_000, endMs: 50_000 }
    expect(snapSpan(analysis, wished, { start: true, end: true })).toEqual(wished)
  })

  test('a shorter length keeps the strongest part', () => {
    const span = planSpan(analysis, { startMs: 20_000, endMs: 32_000 }, { targetMs: 4_000 })
    expect(span).toEqual({ startMs: 24_000, endMs: 28_000 })
  })

  test('a longer length grows on both sides and stays within the film', () => {
    const grown = planSpan(analysis, { startMs: 20_000, endMs: 30_000 }, { targetMs: 20_000 })
    expect(grown).toEqual({ startMs: 15_000, endMs: 35_000 })
    const atEnd = planSpan(analysis, { startMs: 55_000, endMs: 60_000 }, { targetMs: 20_000 })
    expect(atEnd).toEqual({ startMs: 40_000, endMs: 60_000 })
  })

  test('borders are taken as said', () => {
    const clip = { startMs: 20_000, endMs: 30_000 }
    expect(planSpan(analysis, clip, { endMs: 26_000 })).toEqual({ startMs: 20_000, endMs: 26_000 })
    expect(planSpan(analysis, clip, { startMs: 5_000, targetMs: 8_000 })).toEqual({
      startMs: 5_000,
      endMs: 13_000,
    })
  })
})
