import type { MediaBinaries } from './binaries.ts'
import type { StageOptions } from './frame-track.ts'
import type { Film } from './media-info.ts'
import { runFfmpeg } from './run.ts'

export interface SoundTrack {
  /** Momentary loudness (400 ms) every 100 ms; the first value ends at 100 ms. */
  readonly momentaryLufs: Float32Array
  /** Whole film after EBU R128's gates; null when nothing is louder than -70 LUFS. */
  readonly integratedLufs: number | null
  /** Level of each 20 ms, dB below full scale. */
  readonly levelDb: Float32Array
}

export const MOMENTARY_STEP_MS = 100
export const LEVEL_STEP_MS = 20
export const LUFS_FLOOR = -70
const LEVEL_FLOOR_DB = -96

/** Enough for speech and its pauses, and a sixth of the bytes. */
const LEVEL_RATE_HZ = 8_000
const SAMPLES_PER_STEP = (LEVEL_RATE_HZ * LEVEL_STEP_MS) / 1000

/** Reads the first audio track once; null when the film has none. */
export async function readSound(
  binaries: MediaBinaries,
  film: Film,
  options: StageOptions = {},
): Promise<SoundTrack | null> {
  const track = film.info.audio[0]
  if (!track) return null
  const momentary: number[] = []
  let integratedLufs: number | null = null
  const levels = levelMeter()
  const graph =
    `[0:${track.index}]aresample=async=1:first_pts=0,asplit[meter][level];[meter]ebur128=framelog=info,anullsink;` +
    `[level]aformat=sample_fmts=s16:channel_layouts=mono:sample_rates=${LEVEL_RATE_HZ}[out]`
  await runFfmpeg(
    binaries,
    {
      inputs: [{ kind: 'film', path: film.path, container: film.info.container }],
      filters: graph,
      outputs: [{ options: ['-map', '[out]', '-f', 's16le'], target: 'pipe:1' }],
    },
    {
      signal: options.signal,
      onProgress: options.onProgress,
      lengthMs: film.info.durationMs,
      onStdout: levels.take,
      onLine: (line) => {
        const value = line.match(/ M:\s*(-?[\d.]+|-?inf|nan) +S:/)?.[1]
        if (value !== undefined) momentary.push(readLufs(value) ?? LUFS_FLOOR)
        else integratedLufs = readLufs(line.match(/^\s+I:\s+(-?[\d.]+|-?inf) LUFS/)?.[1]) ?? integratedLufs
      },
    },
  )
  return { momentaryLufs: Float32Array.from(momentary), integratedLufs, levelDb: levels.finish() }
}

/** ffmpeg writes -120.7 or -inf for silence, and -70.0 for an integrated value that no gate let through. */
export function readLufs(text: string | undefined): number | null {
  const value = Number(text)
  return text === undefined || !Number.isFinite(value) || value <= LUFS_FLOOR ? null : value
}

function levelMeter() {
  const levels: number[] = []
  let odd: number | undefined
  let energy = 0
  let count = 0
  const add = (sample: number) => {
    energy += sample * sample
    if (++count < SAMPLES_PER_STEP) return
    levels.push(decibels(energy / count))
    energy = 0
    count = 0
  }
  return {
    take(chunk: Buffer) {
      let offset = 0
      if (odd !== undefined && chunk.length > 0) {
        add(toSample(odd, chunk[0] ?? 0))
        odd = undefined
        offset = 1
      }
      for (; offset + 1 < chunk.length; offset += 2) add(chunk.readInt16LE(offset))
      if (offset < chunk.length) odd = chunk[offset]
    },
    finish(): Float32Array {
      if (count > 0) levels.push(decibels(energy / count))
      return Float32Array.from(levels)
    },
  }
}

const toSample = (low: number, high: number): number => ((high << 24) | (low << 16)) >> 16

const decibels = (meanSquare: number): number =>
  meanSquare > 0 ? Math.max(LEVEL_FLOOR_DB, 10 * Math.log10(meanSquare / 32768 ** 2)) : LEVEL_FLOOR_DB
