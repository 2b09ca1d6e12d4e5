import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaBinaries } from '../../runtime/core/ports/media.ts'
import type { Span } from './engine/analyse.ts'
import type { Film } from './engine/media-info.ts'
import { runFfmpeg } from './engine/run.ts'

/** Enough to tell what happens, little enough for one question to a model. */
const STILLS = 6
const SIDE_MAX = 640

/** Up to six JPEGs spread evenly over a span, in one decode. */
export async function takeStills(
  binaries: MediaBinaries,
  film: Film,
  span: Span,
  folder: string,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const lengthMs = span.endMs - span.startMs
  const scale = `scale=w='min(${SIDE_MAX},iw)':h='min(${SIDE_MAX},ih)':force_original_aspect_ratio=decrease:out_range=full`
  await runFfmpeg(
    binaries,
    {
      inputs: [
        { kind: 'film', path: film.path, container: film.info.container, startMs: span.startMs, lengthMs },
      ],
      filters: `[0:${film.info.video.index}]fps=${STILLS * 1000}/${lengthMs},${scale},format=yuvj420p[out]`,
      outputs: [
        {
          options: ['-map', '[out]', '-frames:v', `${STILLS}`, '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2'],
          target: join(folder, 'still-%d.jpg'),
        },
      ],
    },
    { signal },
  )
  const names = (await readdir(folder)).filter((name) => name.startsWith('still-')).sort()
  return Promise.all(names.map((name) => readFile(join(folder, name))))
}

/** The span's sound as speech recognisers like it: mono, 16 kHz. Undefined when the film is silent. */
export async function takeSpeech(
  binaries: MediaBinaries,
  film: Film,
  span: Span,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const track = film.info.audio[0]
  if (!track) return undefined
  const path = join(folder, 'speech.wav')
  const { startMs, endMs } = span
  await runFfmpeg(
    binaries,
    {
      inputs: [
        { kind: 'film', path: film.path, container: film.info.container, startMs, lengthMs: endMs - startMs },
      ],
      outputs: [
        {
          options: ['-map', `0:${track.index}`, '-ac', '1', '-ar', '16000', '-c:a', 'pcm_s16le', '-f', 'wav'],
          target: path,
        },
      ],
    },
    { signal },
  )
  return path
}
