import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StakazoError } from '../../../runtime/core/errors.ts'
import type { Span } from './analyse.ts'
import { canToneMap, eachFrameOnce, type MediaBinaries } from './binaries.ts'
import { type ClipAudio, makeClipAudio } from './clip-audio.ts'
import { type Cover, makeCover } from './cover.ts'
import { type FramePlan, planFrame, type Reframe, type Shape } from './frame-plan.ts'
import { type FrameRate, planRate } from './frame-rate.ts'
import { isBlackFrame, readFrames } from './frame-track.ts'
import type { Film } from './media-info.ts'
import { type MediaOutput, runFfmpeg } from './run.ts'
import { type Check, verifyRendition } from './verify.ts'

export type Quality = 'draft' | 'final'

export interface RenditionRequest {
  readonly shape: Shape
  readonly reframe?: 'auto' | 'center-crop' | 'pad'
  /** A JPEG beside the film; by default for 9:16 alone. */
  readonly cover?: boolean
}

export interface RenderRequest {
  readonly clip: Span
  readonly renditions: readonly RenditionRequest[]
  readonly quality: Quality
  /** Files are written here as `<name>-9x16.mp4` and `<name>-9x16.jpg`. */
  readonly folder: string
  readonly name: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((fraction: number) => void) | undefined
}

export interface Rendition {
  readonly path: string
  readonly shape: Shape
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly frames: number
  readonly durationMs: number
  readonly bytes: number
  readonly reframe: Reframe
  readonly cover: Cover | null
  readonly checks: readonly Check[]
}

export interface RenderedClip {
  readonly clip: Span
  readonly audio: Omit<ClipAudio, 'path'>
  readonly renditions: readonly Rendition[]
}

/** Draft: a fifth of the CPU for twice the bytes; final: the best size for the time (measured on 1080p). */
const ENCODERS: Record<Quality, readonly string[]> = {
  draft: ['-preset', 'ultrafast', '-crf', '26'],
  final: ['-preset', 'veryfast', '-crf', '21', '-maxrate', '10M', '-bufsize', '20M'],
}

/** Rough shares of a clip's CPU time, for one smooth progress. */
const AUDIO_DONE = 0.08
const VIDEO_DONE = 0.85

/**
 * Renders one clip: sound once, pictures decoded once and split into all shapes, every file verified. Fails with
 * `render-failed-verification` (details: the broken promises), and leaves no file behind when it fails.
 */
export async function renderClip(
  binaries: MediaBinaries,
  film: Film,
  request: RenderRequest,
): Promise<RenderedClip> {
  assertRenderable(binaries, film, request)
  await mkdir(request.folder, { recursive: true })
  const plan = planRender(film, request)
  try {
    const audio = await makeClipAudio(binaries, film, request.clip, plan.audioPath, request.signal)
    request.onProgress?.(AUDIO_DONE)
    await encodePictures(binaries, film, request, plan)
    const startsBlack = await isBlackAtStart(binaries, film, request)
    const renditions: Rendition[] = []
    for (const target of plan.targets) {
      renditions.push(await finishRendition(binaries, request, plan, target, { audio, startsBlack }))
      request.onProgress?.(VIDEO_DONE + ((1 - VIDEO_DONE) * renditions.length) / plan.targets.length)
    }
    const { path: _temporary, ...sound } = audio
    const { startMs, endMs } = request.clip
    return { clip: { startMs, endMs }, audio: sound, renditions }
  } catch (error) {
    for (const target of plan.targets) {
      await rm(target.path, { force: true })
      await rm(target.coverPath, { force: true })
    }
    throw error
  } finally {
    await rm(plan.audioPath, { force: true })
  }
}

interface Target {
  readonly request: RenditionRequest
  readonly frame: FramePlan
  readonly path: string
  readonly coverPath: string
}

interface RenderPlan {
  readonly rate: FrameRate
  readonly frames: number
  readonly audioPath: string
  readonly targets: readonly Target[]
}

function planRender(film: Film, { clip, renditions, folder, name }: RenderRequest): RenderPlan {
  const { video } = film.info
  const rate = planRate(video.fps, video.isVariableRate)
  const targets = renditions.map((request) => {
    const stem = join(folder, `${name}-${request.shape.replace(':', 'x')}`)
    return {
      request,
      frame: planFrame(video, request.shape, request.reframe),
      path: `${stem}.mp4`,
      coverPath: `${stem}.jpg`,
    }
  })
  const frames = Math.max(1, Math.round(((clip.endMs - clip.startMs) / 1000) * rate.fps))
  return { rate, frames, audioPath: join(folder, `${name}.sound.m4a`), targets }
}

function assertRenderable(binaries: MediaBinaries, film: Film, { clip, renditions }: RenderRequest): void {
  const { durationMs, video } = film.info
  if (!(clip.startMs >= 0 && clip.endMs - clip.startMs >= 500 && clip.endMs <= durationMs + 1)) {
    throw new StakazoError(
      'bad-input',
      `a clip from ${clip.startMs} to ${clip.endMs} ms does not fit a film of ${durationMs} ms`,
      {
        details: { ...clip, durationMs, lengthMsMin: 500 },
      },
    )
  }
  const shapes = renditions.map((each) => each.shape)
  if (shapes.length === 0 || new Set(shapes).size !== shapes.length) {
    throw new StakazoError('bad-input', 'a clip is rendered in one or more shapes, each once', {
      details: { shapes },
    })
  }
  if (video.hdr && !canToneMap(binaries)) {
    throw new StakazoError(
      'media-unsupported',
      `the film is HDR (${video.hdr}) and this ffmpeg cannot map it to SDR`,
      {
        details: {
          hdr: video.hdr,
          missing: ['zscale', 'tonemap'].filter((each) => !binaries.filters.has(each)),
        },
      },
    )
  }
}

async function encodePictures(
  binaries: MediaBinaries,
  film: Film,
  request: RenderRequest,
  plan: RenderPlan,
): Promise<void> {
  const { video, container } = film.info
  const lengthMs = request.clip.endMs - request.clip.startMs
  const upright = [
    `scale=${video.width}:${video.height}`,
    'setsar=1',
    ...(video.hdr ? TONE_MAP : []),
    // `-frames:v` would end the whole file, sound included, with its last picture
    `fps=${plan.rate.text}:start_time=0,trim=end_frame=${plan.frames}`,
    'format=yuv420p',
  ]
  const labels = plan.targets.map((_, index) => `[split${index}]`)
  const graph = [
    `[0:${video.index}]${upright.join(',')},split=${labels.length}${labels.join('')}`,
    ...plan.targets.map(({ frame }, index) => `${labels[index]}${frame.filters.join(',')}[picture${index}]`),
  ].join(';')
  const outputs: MediaOutput[] = plan.targets.map(({ path }, index) => ({
    options: [
      ...['-map', `[picture${index}]`, '-map', '1:0', ...eachFrameOnce(binaries)],
      ...['-c:v', 'libx264', ...ENCODERS[request.quality], '-pix_fmt', 'yuv420p'],
      ...['-g', String(Math.round(plan.rate.fps * 2)), ...(video.hdr ? BT709_TAGS : [])],
      ...[
        '-c:a',
        'copy',
        '-map_metadata',
        '-1',
        '-map_chapters',
        '-1',
        '-movflags',
        '+faststart',
        '-f',
        'mp4',
      ],
    ],
    target: path,
  }))
  const { startMs } = request.clip
  await runFfmpeg(
    binaries,
    {
      inputs: [
        { kind: 'film', path: film.path, container, startMs, lengthMs },
        { kind: 'film', path: plan.audioPath, container: 'mov' },
      ],
      filters: graph,
      outputs,
    },
    {
      signal: request.signal,
      lengthMs,
      onProgress: (done) => request.onProgress?.(AUDIO_DONE + done * (VIDEO_DONE - AUDIO_DONE)),
    },
  )
}

/** Linear light, wide gamut to BT.709, highlights rolled off (Hable) against a nominal white of 100 nits. */
const TONE_MAP = [
  'zscale=t=linear:npl=100',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
]
const BT709_TAGS = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']

async function finishRendition(
  binaries: MediaBinaries,
  { clip, signal }: RenderRequest,
  { rate, frames }: RenderPlan,
  { request, frame, path, coverPath }: Target,
  { audio, startsBlack }: { audio: ClipAudio; startsBlack: boolean },
): Promise<Rendition> {
  const promised = { width: frame.width, height: frame.height, frames, fps: rate.fps, audio, startsBlack }
  const verified = await verifyRendition(binaries, path, promised, signal)
  if (verified.broken.length > 0) {
    const broken = verified.broken.map(
      ({ name, promised: wanted, measured }) => `${name}: ${measured} instead of ${wanted}`,
    )
    throw new StakazoError(
      'render-failed-verification',
      `the ${request.shape} rendition broke its promise (${broken.join('; ')})`,
      {
        details: { shape: request.shape, clip, broken: verified.broken },
      },
    )
  }
  const wantsCover = request.cover ?? request.shape === '9:16'
  const cover = wantsCover
    ? await makeCover(binaries, verified.film, verified.frames, coverPath, signal)
    : null
  return {
    path,
    shape: request.shape,
    width: frame.width,
    height: frame.height,
    fps: rate.fps,
    frames: verified.frames.timesMs.length,
    durationMs: verified.film.info.durationMs,
    bytes: (await stat(path)).size,
    reframe: frame.reframe,
    cover,
    checks: verified.checks,
  }
}

/** Looks at the source's first tenth of a second of the clip. */
async function isBlackAtStart(
  binaries: MediaBinaries,
  film: Film,
  { clip, signal }: RenderRequest,
): Promise<boolean> {
  const span = {
    startMs: clip.startMs,
    endMs: Math.min(clip.endMs, clip.startMs + 100 + 1000 / film.info.video.fps),
  }
  const frames = await readFrames(binaries, film, { signal, span })
  return frames.timesMs.length > 0 && isBlackFrame(frames, 0)
}
