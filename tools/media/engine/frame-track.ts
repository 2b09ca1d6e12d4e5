import { eachFrameOnce, type MediaBinaries } from './binaries.ts'
import type { Film } from './media-info.ts'
import { runFfmpeg } from './run.ts'

/** What is kept of each decoded frame: enough to find cuts, flashes, motion and black without the pictures. */
export interface FrameTrack {
  /** Presentation times from the start of the film. */
  readonly timesMs: Float64Array
  /** Mean absolute change against the frame before, the strongest of the three planes, 0 to 255. */
  readonly change: Float32Array
  /** Mean luma, 16 (black) to 235 (white). */
  readonly luma: Float32Array
  /** Largest luma of a frame reduced to 16 x 9; a black frame has no light spot either. */
  readonly peak: Float32Array
  /** One 16 x 9 luma picture a frame. */
  readonly thumbnails: Uint8Array
}

const THUMBNAIL_WIDTH = 16
const THUMBNAIL_HEIGHT = 9
export const THUMBNAIL_PIXELS = THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT

/** Ten thumbnails a side: 21 KiB a frame through the pipe, and scores equal those at full size (decoding is the cost). */
const WIDTH = 160
const HEIGHT = 90
const LUMA_BYTES = WIDTH * HEIGHT
const CHROMA_BYTES = LUMA_BYTES / 4
const FRAME_BYTES = LUMA_BYTES + 2 * CHROMA_BYTES

export interface StageOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** Only this part of the film; times in the result still count from the film's start. */
  readonly span?: { readonly startMs: number; readonly endMs: number }
}

/** Decodes a film, or a span of it, once at 160 x 90. The loop filter is skipped: a fifth cheaper, and not seen here. */
export async function readFrames(
  binaries: MediaBinaries,
  film: Film,
  options: StageOptions = {},
): Promise<FrameTrack> {
  const { startMs = 0, endMs = film.info.durationMs } = options.span ?? {}
  const lengthMs = endMs - startMs
  const times: number[] = []
  const collector = frameCollector()
  const scale = `scale=${WIDTH}:${HEIGHT}:flags=area,format=yuv420p`
  await runFfmpeg(
    binaries,
    {
      inputs: [
        {
          kind: 'film',
          path: film.path,
          container: film.info.container,
          options: ['-skip_loop_filter', 'all'],
          ...(options.span ? { startMs, lengthMs } : {}),
        },
      ],
      // rawvideo carries no times; showinfo says them, and alone of its kind prints every frame on ffmpeg 4.1
      filters: `[0:${film.info.video.index}]${scale},showinfo[frames]`,
      outputs: [
        { options: ['-map', '[frames]', ...eachFrameOnce(binaries), '-f', 'rawvideo'], target: 'pipe:1' },
      ],
    },
    {
      signal: options.signal,
      onProgress: options.onProgress,
      lengthMs,
      onStdout: collector.take,
      onLine: (line) => {
        const timeS = line.match(/ pts_time:\s*(-?[\d.]+)/)?.[1]
        if (timeS !== undefined) times.push(startMs + Number(timeS) * 1000)
      },
    },
  )
  return collector.finish(times)
}

function frameCollector() {
  const change: number[] = []
  const luma: number[] = []
  const peak: number[] = []
  const thumbnails: Uint8Array[] = []
  let current = Buffer.alloc(FRAME_BYTES)
  let before = Buffer.alloc(FRAME_BYTES)
  let filled = 0

  const measure = () => {
    const thumbnail = reduce(current)
    luma.push(mean(thumbnail))
    peak.push(Math.max(...thumbnail))
    change.push(thumbnails.length === 0 ? 0 : strongestChange(before, current))
    thumbnails.push(thumbnail)
    const used = before
    before = current
    current = used
    filled = 0
  }

  return {
    take(chunk: Buffer) {
      for (let offset = 0; offset < chunk.length; ) {
        const copied = chunk.copy(current, filled, offset, offset + FRAME_BYTES - filled)
        offset += copied
        filled += copied
        if (filled === FRAME_BYTES) measure()
      }
    },
    finish(times: readonly number[]): FrameTrack {
      const count = Math.min(times.length, thumbnails.length)
      return {
        timesMs: Float64Array.from(times.slice(0, count)),
        change: Float32Array.from(change.slice(0, count)),
        luma: Float32Array.from(luma.slice(0, count)),
        peak: Float32Array.from(peak.slice(0, count)),
        thumbnails: Uint8Array.from(Buffer.concat(thumbnails.slice(0, count))),
      }
    },
  }
}

const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Chroma counts as much as luma, so that a cut between two colours of equal brightness is seen. */
const strongestChange = (before: Buffer, now: Buffer): number =>
  Math.max(
    meanChange(before, now, 0, LUMA_BYTES),
    meanChange(before, now, LUMA_BYTES, LUMA_BYTES + CHROMA_BYTES),
    meanChange(before, now, LUMA_BYTES + CHROMA_BYTES, FRAME_BYTES),
  )

function meanChange(before: Buffer, now: Buffer, from: number, to: number): number {
  let sum = 0
  for (let index = from; index < to; index++) sum += Math.abs((now[index] ?? 0) - (before[index] ?? 0))
  return sum / (to - from)
}

function reduce(frame: Buffer): Uint8Array {
  const sums = new Uint32Array(THUMBNAIL_PIXELS)
  const block = WIDTH / THUMBNAIL_WIDTH
  for (let y = 0; y < HEIGHT; y++) {
    const row = Math.trunc(y / block) * THUMBNAIL_WIDTH
    for (let x = 0; x < WIDTH; x++) {
      const cell = row + Math.trunc(x / block)
      sums[cell] = (sums[cell] ?? 0) + (frame[y * WIDTH + x] ?? 0)
    }
  }
  return Uint8Array.from(sums, (sum) => sum / (block * block))
}

/** Video black is 16 and compression lifts it a little; a title on black has light spots, hence the peak. */
export const isBlackFrame = (frames: FrameTrack, index: number): boolean =>
  (frames.luma[index] ?? 0) <= 22 && (frames.peak[index] ?? 0) <= 40
