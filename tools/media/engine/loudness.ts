import type { MediaBinaries } from './binaries.ts'
import type { Container } from './container.ts'
import { type FilmInput, runFfmpeg } from './run.ts'
import { readLufs } from './sound-track.ts'

export interface Loudness {
  /** Null when nothing passes the gate of -70 LUFS. */
  readonly integratedLufs: number | null
  /** Four times oversampled; null for digital silence. */
  readonly truePeakDb: number | null
  /** How long the decoded sound lasts from the film's zero. */
  readonly soundMs: number
}

const COUNT_RATE_HZ = 8_000

/** EBU R128 loudness and true peak of one track, or of a span of it, as a listener hears it: decoded, in stereo. */
export async function measureLoudness(
  binaries: MediaBinaries,
  source: { path: string; container: Container; track: number; startMs?: number; lengthMs?: number },
  signal?: AbortSignal,
): Promise<Loudness> {
  const { track, ...span } = source
  const input: FilmInput = { kind: 'film', ...span }
  let bytes = 0
  let integratedLufs: number | null = null
  let truePeakDb: number | null = null
  const graph =
    `[0:${track}]${STEREO_48K},asplit[meter][count];[meter]ebur128=peak=true:framelog=verbose,anullsink;` +
    `[count]aformat=sample_fmts=u8:channel_layouts=mono:sample_rates=${COUNT_RATE_HZ}[out]`
  await runFfmpeg(
    binaries,
    {
      inputs: [input],
      filters: graph,
      outputs: [{ options: ['-map', '[out]', '-f', 'u8'], target: 'pipe:1' }],
    },
    {
      signal,
      onStdout: (chunk) => {
        bytes += chunk.length
      },
      onLine: (line) => {
        const loudness = line.match(/^\s+I:\s+(\S+) LUFS/)?.[1]
        const peak = line.match(/^\s+Peak:\s+(-?[\d.]+) dBFS/)?.[1]
        if (loudness) integratedLufs = readLufs(loudness)
        if (peak) truePeakDb = Number(peak)
      },
    },
  )
  return { integratedLufs, truePeakDb, soundMs: (bytes / COUNT_RATE_HZ) * 1000 }
}

/** Gaps become silence and the sound begins at zero, so that it stays with the picture. */
export const STEREO_48K =
  'aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo'
