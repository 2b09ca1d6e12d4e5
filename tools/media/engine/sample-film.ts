/**
 * Our own demo film: a small generated music video with hard cuts, quiet and loud parts, and lively pictures in the loud
 * ones. Pictures and sound are computed, so it carries nobody's rights. The same seed and duration
 * give the same film, and the true cuts and loud parts are returned with it.
 */
import { rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Span } from './analyse.ts'
import type { MediaBinaries } from './binaries.ts'
import { runFfmpeg } from './run.ts'
import { composeMusic, MUSIC_RATE_HZ } from './sample-music.ts'
import { planSections, planShots, SAMPLE_FPS } from './sample-plan.ts'
import { CANVAS_BYTES, CANVAS_HEIGHT, CANVAS_WIDTH, drawFrame, type Shot } from './sample-shots.ts'

export interface SampleFilmOptions {
  readonly path: string
  readonly durationMs?: number
  readonly seed?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((fraction: number) => void) | undefined
}

export interface SampleFilm {
  readonly path: string
  readonly durationMs: number
  readonly cutsMs: readonly number[]
  readonly loudSpans: readonly Span[]
}

const ENCODING = [
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-crf',
    '22',
    '-sc_threshold',
    '40',
    '-g',
    String(SAMPLE_FPS * 2),
  ],
  ...['-c:a', 'aac', '-b:a', '160k', '-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'],
]

export async function makeSampleFilm(
  binaries: MediaBinaries,
  options: SampleFilmOptions,
): Promise<SampleFilm> {
  const { path, durationMs = 90_000, seed = 7, signal, onProgress } = options
  const sections = planSections(durationMs, seed)
  const shots = planShots(sections, seed)
  const musicPath = `${path}.music.raw`
  await writeFile(musicPath, composeMusic(sections, seed))
  try {
    const sound = ['-f', 's16le', '-ar', String(MUSIC_RATE_HZ), '-ac', '2']
    const size = `${CANVAS_WIDTH}x${CANVAS_HEIGHT}`
    const pictures = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', String(SAMPLE_FPS)]
    await runFfmpeg(
      binaries,
      {
        inputs: [
          {
            kind: 'raw',
            source: Readable.from(drawShots(shots), { objectMode: false, highWaterMark: CANVAS_BYTES }),
            options: pictures,
          },
          { kind: 'raw', source: musicPath, options: sound },
        ],
        filters: '[0:v]scale=1280:720:flags=bicubic,setsar=1,format=yuv420p[film]',
        outputs: [{ options: ['-map', '[film]', '-map', '1:a', ...ENCODING], target: path }],
      },
      { signal, onProgress, lengthMs: durationMs },
    )
  } finally {
    await rm(musicPath, { force: true })
  }
  const cutsMs = shots.slice(1).map((shot) => Math.floor((shot.startFrame * 1000) / SAMPLE_FPS))
  return { path, durationMs, cutsMs, loudSpans: sections.filter((each) => each.isLoud) }
}

function* drawShots(shots: readonly Shot[]): Generator<Buffer> {
  for (const shot of shots) {
    for (let frame = 0; frame < shot.frames; frame++) yield drawFrame(shot, frame / SAMPLE_FPS)
  }
}
