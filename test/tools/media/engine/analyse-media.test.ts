import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyseMedia, type MediaAnalysis } from '../../../../tools/media/engine/analyse.ts'
import { chooseHighlights } from '../../../../tools/media/engine/highlights.ts'
import type { Film } from '../../../../tools/media/engine/media-info.ts'
import { makeSampleFilm } from '../../../../tools/media/engine/sample-film.ts'
import { temporaryDirectory } from '../../../support/temporary-directory.ts'
import {
  BOTH,
  binaries,
  bundled,
  busyBetween,
  makeFilm,
  openFilm,
  TEST_CARD,
  toneLoudBetween,
} from './fixtures.ts'

const folder = temporaryDirectory('analyse')
afterAll(() => folder[Symbol.dispose]())

const THREE_SHOTS =
  'color=c=0x803020:s=320x180:r=24:d=2[a];testsrc2=s=320x180:r=24:d=2[b];color=c=black:s=320x180:r=24:d=2[c];[a][b][c]concat=n=3'

describe.each(BOTH)('analyseMedia with $name', ({ binaries }) => {
  let film: Film
  let analysis: MediaAnalysis
  const progress: number[] = []
  beforeAll(async () => {
    const name = `three-${binaries.ffmpeg.source}.mp4`
    film = await openFilm(
      await makeFilm(folder.path, name, { picture: THREE_SHOTS, sound: toneLoudBetween(2, 4), lengthS: 6 }),
    )
    analysis = await analyseMedia(binaries, film, { onProgress: (fraction) => progress.push(fraction) })
  })

  test('finds the cuts on their frames', () => {
    expect(analysis.cuts.map((cut) => cut.atMs)).toEqual([2000, 4000])
  })

  test('hears where it is loud', () => {
    const loudness = analysis.loudness ?? []
    expect(loudness).toHaveLength(12)
    expect(Math.min(...loudness.slice(5, 7))).toBeGreaterThan(Math.max(...loudness.slice(9)) + 15)
    expect(analysis.integratedLufs).toBeLessThan(-5)
  })

  test('sees where it moves and where it is black', () => {
    expect(Math.max(...analysis.motion.slice(0, 3))).toBeLessThan(0.2)
    expect(Math.min(...analysis.motion.slice(4, 8))).toBeGreaterThan(0.5)
    expect(analysis.blackSpans).toEqual([{ startMs: 4000, endMs: 6000 }])
  })

  test('reports progress that never falls and ends at one', () => {
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  test('has no sound to report where there is none', async () => {
    const silent = await openFilm(
      await makeFilm(folder.path, `mute-${binaries.ffmpeg.source}.mp4`, { picture: TEST_CARD, lengthS: 2 }),
    )
    expect(await analyseMedia(binaries, silent)).toMatchObject({
      loudness: null,
      integratedLufs: null,
      silences: [],
    })
  })
})

describe('the analysis of a film with pauses', () => {
  test('names the pauses', async () => {
    const speech = "aevalsrc=exprs='0.4*sin(600*PI*t)*lt(mod(t,2),1.4)':s=44100"
    const film = await openFilm(
      await makeFilm(folder.path, 'pauses.mp4', { picture: TEST_CARD, sound: speech, lengthS: 6 }),
    )
    const { silences } = await analyseMedia(binaries, film)
    expect(silences.map(({ startMs }) => Math.round(startMs / 100))).toEqual([14, 34, 54])
    expect(silences[0]?.endMs).toBeCloseTo(2000, -2)
  })

  test('keeps time with a variable frame rate', async () => {
    const picture =
      "color=c=0x803020:s=320x180:r=30:d=3[a];testsrc2=s=320x180:r=30:d=3[b];[a][b]concat=n=2,select='not(mod(n\\,3))+gt(mod(n\\,40)\\,20)'"
    const film = await openFilm(
      await makeFilm(folder.path, 'vfr.mp4', {
        picture,
        lengthS: 6,
        video: ['-vsync', 'vfr', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
      }),
    )
    expect(film.info.video.isVariableRate).toBe(true)
    const { cuts } = await analyseMedia(binaries, film)
    expect(cuts.map((cut) => cut.atMs)).toEqual([3000])
  })

  test('stops when told to', async () => {
    const film = await openFilm(
      await makeFilm(folder.path, 'stop.mp4', { picture: TEST_CARD, sound: 'sine', lengthS: 4 }),
    )
    await expect(analyseMedia(binaries, film, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

describe('the best clip of a real film', () => {
  const bestOf = async (name: string, picture: string, sound: string) => {
    const film = await openFilm(await makeFilm(folder.path, name, { picture, sound, lengthS: 20 }))
    const options = { count: 1, minMs: 3_000, maxMs: 6_000, targetMs: 4_000 }
    return chooseHighlights(await analyseMedia(binaries, film), options).clips[0]
  }

  test.each([3, 13])('moves with the loud part, here at %d s', async (from) => {
    const clip = await bestOf(
      `loud-${from}.mp4`,
      'color=c=0x305070:s=320x180:r=24',
      toneLoudBetween(from, from + 4),
    )
    expect(Math.abs((clip?.startMs ?? 0) - from * 1000)).toBeLessThanOrEqual(500)
  })

  test.each([3, 13])('moves with the active part, here at %d s', async (from) => {
    const clip = await bestOf(`busy-${from}.mp4`, busyBetween(20, from, from + 4), 'sine=440:r=44100')
    expect(clip).toMatchObject({ startMs: from * 1000 })
  })
})

describe('the sample film', () => {
  test('holds the cuts and loud parts it says, on either ffmpeg, and its loud parts become the clips', async () => {
    const lengthMs = 20_000
    const made = await makeSampleFilm(bundled, {
      path: `${folder.path}/sample.mp4`,
      durationMs: lengthMs,
      seed: 3,
    })
    expect(made.loudSpans.length).toBeGreaterThan(0)
    const film = await openFilm(made.path)
    expect(film.info).toMatchObject({ durationMs: lengthMs, video: { width: 1280, height: 720, fps: 24 } })
    const analysis = await analyseMedia(binaries, film)
    expect(analysis.cuts.map((cut) => cut.atMs)).toEqual(made.cutsMs)
    const { clips } = chooseHighlights(analysis, {
      count: made.loudSpans.length,
      minMs: 4_000,
      maxMs: 14_000,
      targetMs: 8_000,
    })
    for (const loud of made.loudSpans) {
      const heard = clips.some(
        (clip) => Math.min(clip.endMs, loud.endMs) - Math.max(clip.startMs, loud.startMs) >= 3_500,
      )
      expect(heard, JSON.stringify({ loud, clips })).toBe(true)
    }
  })

  test('differs with the seed and not without', async () => {
    const { planSections, planShots } = await import('../../../../tools/media/engine/sample-plan.ts')
    const plan = (seed: number) => planShots(planSections(60_000, seed), seed)
    expect(plan(1)).toEqual(plan(1))
    expect(plan(1)).not.toEqual(plan(2))
  })
})
