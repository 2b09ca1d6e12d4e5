import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyseMedia } from '../../../../tools/media/engine/analyse.ts'
import { chooseHighlights } from '../../../../tools/media/engine/highlights.ts'
import { BOTH, openFilm } from './fixtures.ts'

const SHARED = join(import.meta.dirname, '../../../../../shared/media')
const cutsOf = async (binaries: (typeof BOTH)[number]['binaries'], name: string) =>
  (await analyseMedia(binaries, await openFilm(join(SHARED, name)))).cuts.map((cut) => cut.atMs)

describe.skipIf(!existsSync(SHARED)).each(BOTH)(
  'films of ../shared/media with $name (skipped without them)',
  ({ binaries }) => {
    test('Big Buck Bunny has its three hard cuts', async () => {
      expect(await cutsOf(binaries, 'big_buck_bunny_0_30.webm')).toEqual([11_795, 15_670, 22_961])
    })

    test('a fixed camera has none', async () => {
      expect(await cutsOf(binaries, 'fixed-camera.mp4')).toEqual([])
    })

    test('fades are no hard cuts', async () => {
      expect(await cutsOf(binaries, 'fades.mp4')).toEqual([])
    })
  },
)

describe.skipIf(!existsSync(SHARED))('facts of ../shared/media (skipped without them)', () => {
  test.each([
    ['big_buck_bunny_0_30.webm', 1280, 720, 24, 30_003],
    ['fixed-camera.mp4', 768, 432, 12.5, 30_160],
    ['fades.mp4', 480, 320, 25, 10_000],
    ['counter.mp4', 1920, 1080, 10, 3_000],
  ])('%s', async (name, width, height, fps, durationMs) => {
    const { info } = await openFilm(join(SHARED, name))
    expect(info.video).toMatchObject({ width, height, isVariableRate: false })
    expect(info.video.fps).toBeCloseTo(fps, 2)
    expect(info.durationMs).toBe(durationMs)
  })

  test('three distinct clips of Big Buck Bunny, the loudest part among them', async () => {
    const film = await openFilm(join(SHARED, 'big_buck_bunny_0_30.webm'))
    const analysis = await analyseMedia(BOTH[0].binaries, film)
    const { clips, shortfall } = chooseHighlights(analysis, {
      count: 3,
      minMs: 5_000,
      maxMs: 12_000,
      targetMs: 8_000,
    })
    expect(shortfall).toBeNull()
    expect(clips.some((clip) => clip.startMs < 10_250 && clip.endMs > 10_250)).toBe(true)
  })
})
