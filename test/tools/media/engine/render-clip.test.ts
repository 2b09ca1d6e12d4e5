import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canToneMap } from '../../../../tools/media/engine/binaries.ts'
import {
  LUFS_TOLERANCE,
  makeClipAudio,
  TARGET_LUFS,
  TRUE_PEAK_DB_MAX,
} from '../../../../tools/media/engine/clip-audio.ts'
import { measureLoudness } from '../../../../tools/media/engine/loudness.ts'
import type { Film } from '../../../../tools/media/engine/media-info.ts'
import { listMp4Boxes } from '../../../../tools/media/engine/mp4-layout.ts'
import { probeMedia } from '../../../../tools/media/engine/probe.ts'
import { type RenderRequest, renderClip } from '../../../../tools/media/engine/render.ts'
import { renderKey } from '../../../../tools/media/engine/render-key.ts'
import { runFfmpeg } from '../../../../tools/media/engine/run.ts'
import { verifyRendition } from '../../../../tools/media/engine/verify.ts'
import { temporaryDirectory } from '../../../support/temporary-directory.ts'
import { BOTH, binaries, makeFilm, openFilm, TEST_CARD } from './fixtures.ts'

const folder = temporaryDirectory('render')
afterAll(() => folder[Symbol.dispose]())

const MUSIC = "aevalsrc=exprs='0.05*sin(440*PI*t)+0.6*exp(-mod(t,0.5)*12)*sin(120*PI*t)':s=44100"
let film: Film
beforeAll(async () => {
  film = await openFilm(
    await makeFilm(folder.path, 'film.mp4', { picture: TEST_CARD, sound: MUSIC, lengthS: 6 }),
  )
})
const request = (name: string, change: Partial<RenderRequest> = {}): RenderRequest => ({
  clip: { startMs: 1000, endMs: 4000 },
  renditions: [{ shape: '9:16' }, { shape: '1:1' }],
  quality: 'draft',
  folder: join(folder.path, name),
  name: 'clip',
  ...change,
})

describe.each(BOTH)('renderClip with $name', ({ binaries }) => {
  test('makes every shape in one go, each as promised', async () => {
    const progress: number[] = []
    const wanted = request(`all-${binaries.ffmpeg.source}`, {
      renditions: [{ shape: '9:16' }, { shape: '1:1' }, { shape: '4:5', reframe: 'pad' }, { shape: '16:9' }],
      onProgress: (fraction) => progress.push(fraction),
    })
    const { renditions, audio } = await renderClip(binaries, film, wanted)
    expect(renditions.map(({ shape, width, height, reframe }) => [shape, width, height, reframe])).toEqual([
      ['9:16', 102, 180, 'center-crop'],
      ['1:1', 180, 180, 'center-crop'],
      ['4:5', 320, 400, 'pad'],
      ['16:9', 320, 180, 'none'],
    ])
    for (const each of renditions) {
      expect(each.checks.filter((check) => !check.isKept)).toEqual([])
      expect(Math.abs(each.frames - 72)).toBeLessThanOrEqual(1)
      expect((await listMp4Boxes(each.path)).slice(0, 2)).toEqual(['ftyp', 'moov'])
      const info = await probeMedia(binaries, each.path)
      expect(info.video).toMatchObject({
        codec: 'h264',
        pixelFormat: 'yuv420p',
        pixelAspect: 1,
        isVariableRate: false,
      })
      const heard = await measureLoudness(binaries, { path: each.path, container: 'mov', track: 1 })
      expect(Math.abs((heard.integratedLufs ?? 0) - TARGET_LUFS)).toBeLessThanOrEqual(LUFS_TOLERANCE)
      expect(heard.truePeakDb).toBeLessThanOrEqual(TRUE_PEAK_DB_MAX)
    }
    expect(audio.kind).toBe('normalised')
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    const cover = renditions[0]?.cover
    expect(cover).toMatchObject({ width: 102, height: 180 })
    expect(
      readFileSync(cover?.path ?? '')
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8')
    expect(readdirSync(wanted.folder).filter((name) => name.includes('sound'))).toEqual([])
  })

  test('lays a silent track where the film has none', async () => {
    const mute = await openFilm(
      await makeFilm(folder.path, `mute-${binaries.ffmpeg.source}.mp4`, { picture: TEST_CARD, lengthS: 2 }),
    )
    const made = await renderClip(
      binaries,
      mute,
      request(`mute-${binaries.ffmpeg.source}`, { clip: { startMs: 0, endMs: 2000 } }),
    )
    expect(made.audio.kind).toBe('silent')
    expect((await probeMedia(binaries, made.renditions[0]?.path ?? '')).audio).toHaveLength(1)
  })

  test('maps HDR to plain video', async () => {
    expect(canToneMap(binaries)).toBe(true)
    const hdr = await openFilm(
      await makeFilm(folder.path, `hdr-${binaries.ffmpeg.source}.mp4`, {
        picture: TEST_CARD,
        lengthS: 1.2,
        video: [
          ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
          ...['-x265-params', 'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
          ...['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'],
        ],
      }),
    )
    const clip = { startMs: 0, endMs: 1000 }
    const made = await renderClip(
      binaries,
      hdr,
      request(`hdr-${binaries.ffmpeg.source}`, { clip, renditions: [{ shape: '1:1' }] }),
    )
    expect((await probeMedia(binaries, made.renditions[0]?.path ?? '')).video).toMatchObject({
      hdr: null,
      bitDepth: 8,
    })
    const plain = { ...binaries, filters: new Set(['scale']) }
    await expect(renderClip(plain, hdr, request('no-zscale', { clip }))).rejects.toMatchObject({
      code: 'media-unsupported',
    })
  })
})

describe('renderClip', () => {
  test('starts with the very frame asked for and lasts as long', async () => {
    // four grey levels more each frame: the brightness says which frame it was
    const picture = "color=c=black:s=320x180:r=25,format=yuv420p,geq=lum='20+4*mod(N\\,50)':cb=128:cr=128"
    const steps = await openFilm(
      await makeFilm(folder.path, 'steps.mp4', {
        picture,
        lengthS: 6,
        video: ['-c:v', 'libx264', '-qp', '4', '-pix_fmt', 'yuv420p', '-g', '50'],
      }),
    )
    const made = await renderClip(
      binaries,
      steps,
      request('steps', {
        clip: { startMs: 2_280, endMs: 4_480 },
        renditions: [{ shape: '16:9' }],
        quality: 'final',
      }),
    )
    const [rendition] = made.renditions
    expect(rendition?.frames).toBe(55)
    const bytes: Buffer[] = []
    await runFfmpeg(
      binaries,
      {
        inputs: [{ kind: 'film', path: rendition?.path ?? '', container: 'mov' }],
        filters: '[0:0]scale=2:2:flags=area,format=yuv420p[out]',
        outputs: [{ options: ['-map', '[out]', '-f', 'rawvideo'], target: 'pipe:1' }],
      },
      { onStdout: (chunk) => bytes.push(chunk) },
    )
    const levels = Buffer.concat(bytes)
    const FRAME_BYTES = 6
    expect(levels[0]).toBeCloseTo(20 + 4 * (57 % 50), -0.5)
    expect(levels[54 * FRAME_BYTES]).toBeCloseTo(20 + 4 * ((57 + 54) % 50), -0.5)
  })

  test('leaves nothing behind when aborted', async () => {
    const stop = new AbortController()
    const wanted = request('aborted', { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(renderClip(binaries, film, wanted)).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(wanted.folder)).toEqual([])
  })

  test.each([
    ['beyond the end', { clip: { startMs: 4000, endMs: 9000 } }],
    ['backwards', { clip: { startMs: 4000, endMs: 3000 } }],
    ['in no shape', { renditions: [] }],
    ['twice in one shape', { renditions: [{ shape: '1:1' }, { shape: '1:1' }] }],
  ] as const)('refuses a clip %s', async (_what, change) => {
    await expect(renderClip(binaries, film, request('refused', change))).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('the sound of a clip', () => {
  const loudnessOf = async (name: string, sound: string) => {
    const source = await openFilm(
      await makeFilm(folder.path, `${name}.mp4`, { picture: TEST_CARD, sound, lengthS: 5 }),
    )
    return makeClipAudio(binaries, source, { startMs: 0, endMs: 5000 }, join(folder.path, `${name}.m4a`))
  }

  test.each([
    ['hot and clipped', "aevalsrc=exprs='max(-1,min(1,3*sin(440*PI*t)+2*sin(3300*PI*t)))':s=44100"],
    ['faint', "aevalsrc=exprs='0.004*sin(440*PI*t)':s=44100"],
    ['full of clicks', "aevalsrc=exprs='0.03*sin(440*PI*t)+0.95*lt(mod(t,0.25),0.0005)':s=44100"],
    ['in noise', 'anoisesrc=a=0.9:c=white:seed=1:r=44100'],
  ])('that is %s comes out at -14 LUFS under -1 dBTP after encoding', async (name, sound) => {
    const { encoded, shortfallLu } = await loudnessOf(name.replaceAll(' ', '-'), sound)
    expect(shortfallLu).toBe(0)
    expect(Math.abs((encoded?.integratedLufs ?? 0) - TARGET_LUFS)).toBeLessThanOrEqual(LUFS_TOLERANCE)
    expect(encoded?.truePeakDb).toBeLessThanOrEqual(TRUE_PEAK_DB_MAX)
  })
})

describe('verifyRendition', () => {
  test('names what a file lacks', async () => {
    const picture = 'color=c=black:s=320x180:r=24,format=yuv444p'
    const path = await makeFilm(folder.path, 'wrong.mp4', {
      picture,
      sound: MUSIC,
      lengthS: 3,
      video: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p', '-aspect', '4:3'],
    })
    const audio = {
      path,
      kind: 'normalised',
      source: null,
      encoded: null,
      gainDb: 0,
      shortfallLu: 0,
    } as const
    const promised = { width: 102, height: 180, frames: 48, fps: 24, audio, startsBlack: false }
    const { broken } = await verifyRendition(binaries, path, promised)
    expect(broken.map((check) => check.name)).toEqual(
      expect.arrayContaining([
        'size',
        'pixel aspect',
        'pixel format',
        'decoded frames',
        'moov before mdat',
        'first frame not black',
        'loudness in LUFS',
      ]),
    )
  })
})

describe('renderKey', () => {
  const clip = { startMs: 0, endMs: 1000 }
  const key = renderKey('ab', clip, { shape: '9:16' }, 'final')

  test('is the same for the same request, spelled out or not', () => {
    expect(renderKey('ab', { ...clip }, { shape: '9:16', reframe: 'auto', cover: true }, 'final')).toBe(key)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
  })

  test('differs with film, span, shape, quality and engine', () => {
    const others = [
      renderKey('ac', clip, { shape: '9:16' }, 'final'),
      renderKey('ab', { ...clip, endMs: 1001 }, { shape: '9:16' }, 'final'),
      renderKey('ab', clip, { shape: '1:1' }, 'final'),
      renderKey('ab', clip, { shape: '9:16', reframe: 'pad' }, 'final'),
      renderKey('ab', clip, { shape: '9:16' }, 'draft'),
      renderKey('ab', clip, { shape: '9:16' }, 'final', 2),
    ]
    expect(new Set([key, ...others]).size).toBe(7)
    expect(existsSync(folder.path)).toBe(true)
  })
})
