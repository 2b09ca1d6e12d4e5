import { describe, expect, test } from 'vitest'
import { findCuts } from '../../../../tools/media/engine/cuts.ts'
import { type FrameTrack, THUMBNAIL_PIXELS } from '../../../../tools/media/engine/frame-track.ts'

/** A film of flat frames, each given by its brightness, at 25 frames a second. */
function flatFilm(brightness: readonly number[]): FrameTrack {
  const frames = brightness.length
  return {
    timesMs: Float64Array.from({ length: frames }, (_, index) => index * 40),
    change: Float32Array.from(brightness, (value, index) =>
      Math.abs(value - (brightness[index - 1] ?? value)),
    ),
    luma: Float32Array.from(brightness),
    peak: Float32Array.from(brightness),
    thumbnails: Uint8Array.from(
      brightness.flatMap((value) => Array.from({ length: THUMBNAIL_PIXELS }, () => value)),
    ),
  }
}
const run = (length: number, value: number) => Array.from({ length }, () => value)
const cutsOf = (brightness: readonly number[]) => findCuts(flatFilm(brightness)).map((cut) => cut.atMs)

describe('findCuts', () => {
  test('finds a cut at the first frame of the new shot', () => {
    expect(cutsOf([...run(20, 60), ...run(20, 160), ...run(20, 80)])).toEqual([800, 1600])
  })

  test('takes no flash for a cut, neither its beginning nor its end', () => {
    expect(cutsOf([...run(20, 60), ...run(2, 220), ...run(20, 60)])).toEqual([])
  })

  test('takes a shot longer than a flash for a shot', () => {
    expect(cutsOf([...run(20, 60), ...run(8, 220), ...run(20, 60)])).toEqual([800, 1120])
  })

  test('takes the stronger of two cuts a blink apart', () => {
    expect(cutsOf([...run(20, 60), 140, ...run(20, 170)])).toEqual([800])
  })

  test('takes a steady fade for no cut', () => {
    expect(cutsOf(Array.from({ length: 30 }, (_, index) => 40 + index * 6))).toEqual([])
  })

  test('judges against the neighbours: what is a cut in a calm film is none amid flicker', () => {
    const step = 24
    expect(cutsOf([...run(20, 60), ...run(20, 60 + step)])).toEqual([800])
    const flicker = Array.from(
      { length: 40 },
      (_, index) => 60 + (index % 2) * step + (index >= 20 ? step : 0),
    )
    expect(cutsOf(flicker)).toEqual([])
  })
})
