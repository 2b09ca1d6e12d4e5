import type { MediaBinaries } from './binaries.ts'
import { type FrameTrack, isBlackFrame, THUMBNAIL_PIXELS } from './frame-track.ts'
import type { Film } from './media-info.ts'
import { runFfmpeg } from './run.ts'

export interface Cover {
  readonly path: string
  readonly width: number
  readonly height: number
  /** Which moment of the clip it shows. */
  readonly atMs: number
}

const COVER_SIDE_MAX = 1440

/** Takes a clip's most telling frame as a JPEG: bright enough, rich in contrast, not in the first or last tenth. */
export async function makeCover(
  binaries: MediaBinaries,
  film: Film,
  frames: FrameTrack,
  path: string,
  signal?: AbortSignal,
): Promise<Cover> {
  const { width, height } = film.info.video
  const scale = Math.min(1, COVER_SIDE_MAX / Math.max(width, height))
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const atMs = Math.floor(frames.timesMs[chooseCoverFrame(frames)] ?? 0)
  await runFfmpeg(
    binaries,
    {
      inputs: [{ kind: 'film', path: film.path, container: film.info.container, startMs: atMs }],
      filters: `[0:${film.info.video.index}]scale=${size.width}:${size.height}:out_range=full,format=yuvj420p[out]`,
      outputs: [
        {
          options: ['-map', '[out]', '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg'],
          target: path,
        },
      ],
    },
    { signal },
  )
  return { path, ...size, atMs }
}

/** Pure: index of the frame with the most contrast whose brightness is neither night nor glare. */
function chooseCoverFrame(frames: FrameTrack): number {
  const count = frames.timesMs.length
  const margin = Math.floor(count / 10)
  let chosen = margin
  let best = Number.NEGATIVE_INFINITY
  for (let index = margin; index < count - margin; index++) {
    const luma = frames.luma[index] ?? 0
    const tooDark = Math.max(0, 60 - luma)
    const tooBright = Math.max(0, luma - 190)
    const merit =
      contrast(frames, index, luma) - tooDark - tooBright - (isBlackFrame(frames, index) ? 1000 : 0)
    if (merit > best) {
      best = merit
      chosen = index
    }
  }
  return chosen
}

function contrast(frames: FrameTrack, index: number, mean: number): number {
  const pixels = frames.thumbnails.subarray(index * THUMBNAIL_PIXELS, (index + 1) * THUMBNAIL_PIXELS)
  return Math.sqrt(pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / THUMBNAIL_PIXELS)
}
