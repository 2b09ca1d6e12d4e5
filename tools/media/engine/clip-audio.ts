import type { Span } from './analyse.ts'
import type { MediaBinaries } from './binaries.ts'
import { type Loudness, measureLoudness, STEREO_48K } from './loudness.ts'
import type { Film } from './media-info.ts'
import { type FilmInput, runFfmpeg, type SyntheticInput, seconds } from './run.ts'

export const TARGET_LUFS = -14
export const TRUE_PEAK_DB_MAX = -1
/** Around the target; a clip whose peaks forbid more comes out quieter and says so. */
export const LUFS_TOLERANCE = 0.5

export interface ClipAudio {
  /** AAC in MP4, the clip's whole length, to be copied into every rendition. */
  readonly path: string
  /** `silent`: the source had no sound in this span and a silent track was laid, which every network accepts. */
  readonly kind: 'normalised' | 'silent'
  readonly source: Loudness | null
  readonly encoded: Loudness | null
  readonly gainDb: number
  /** How far the encoded clip stays under the target because limiting harder would be heard; 0 as a rule. */
  readonly shortfallLu: number
}

interface Attempt {
  readonly gainDb: number
  readonly limitDb: number
}

const ATTEMPTS_MAX = 6
const GAIN_DB_MAX = 40
/** alimiter goes no lower. */
const LIMIT_DB_MIN = -24
const AAC_OPTIONS = [
  '-c:a',
  'aac',
  '-b:a',
  '160k',
  '-map_metadata',
  '-1',
  '-movflags',
  '+faststart',
  '-f',
  'mp4',
]

/**
 * Makes a clip's sound once for all its renditions: measured, one linear gain, a limiter on the oversampled signal, AAC,
 * and measured again, because AAC lifts peaks by up to 2 dB and a limiter lowers loudness; gain and ceiling follow the
 * second measure until both hold. Audio costs a twentieth of the video, so trying again is cheap.
 */
export async function makeClipAudio(
  binaries: MediaBinaries,
  film: Film,
  clip: Span,
  path: string,
  signal?: AbortSignal,
): Promise<ClipAudio> {
  const track = film.info.audio[0]
  const span = { startMs: clip.startMs, lengthMs: clip.endMs - clip.startMs }
  const input: FilmInput = { kind: 'film', path: film.path, container: film.info.container, ...span }
  const source = track ? await measureLoudness(binaries, { ...input, track: track.index }, signal) : null
  if (!track || source?.integratedLufs == null || source.truePeakDb === null) {
    await encodeSilence(binaries, path, span.lengthMs, signal)
    return { path, kind: 'silent', source, encoded: null, gainDb: 0, shortfallLu: 0 }
  }

  let attempt: Attempt = {
    gainDb: bounded(TARGET_LUFS - source.integratedLufs),
    limitDb: TRUE_PEAK_DB_MAX - 0.5,
  }
  let encoded = source
  for (let tried = 0; tried < ATTEMPTS_MAX; tried++) {
    await encode(binaries, input, track.index, attempt, source.truePeakDb, path, signal)
    encoded = await measureLoudness(binaries, { path, container: 'mov', track: 0 }, signal)
    const next = correct(attempt, encoded)
    if (!next) break
    attempt = next
  }
  const missing = TARGET_LUFS - (encoded.integratedLufs ?? TARGET_LUFS)
  const shortfallLu = missing > LUFS_TOLERANCE ? missing : 0
  return { path, kind: 'normalised', source, encoded, gainDb: attempt.gainDb, shortfallLu }
}

/** Undefined when both promises hold, or when more gain would only be limited away again. */
function correct(attempt: Attempt, encoded: Loudness): Attempt | undefined {
  const excessDb = (encoded.truePeakDb ?? -100) - TRUE_PEAK_DB_MAX
  const missingLu = TARGET_LUFS - (encoded.integratedLufs ?? TARGET_LUFS)
  if (excessDb <= 0 && Math.abs(missingLu) <= LUFS_TOLERANCE * 0.6) return undefined
  const limitDb = excessDb > 0 ? Math.max(LIMIT_DB_MIN, attempt.limitDb - excessDb - 0.2) : attempt.limitDb
  const gainDb = bounded(attempt.gainDb + missingLu)
  return gainDb === attempt.gainDb && limitDb === attempt.limitDb ? undefined : { gainDb, limitDb }
}

const bounded = (gainDb: number): number => Math.min(GAIN_DB_MAX, Math.round(gainDb * 100) / 100)

async function encode(
  binaries: MediaBinaries,
  input: FilmInput,
  track: number,
  { gainDb, limitDb }: Attempt,
  sourcePeakDb: number,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const isLimited = sourcePeakDb + gainDb > limitDb
  const ceiling = (10 ** (limitDb / 20)).toFixed(5)
  const filters = [
    STEREO_48K,
    `volume=${gainDb}dB`,
    // peaks between samples exist only at a higher rate, so that is where they are caught
    ...(isLimited
      ? ['aresample=192000', `alimiter=limit=${ceiling}:level=0:attack=5:release=60`, 'aresample=48000']
      : []),
    'aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo',
    'apad',
    `atrim=end=${seconds(input.lengthMs ?? 0)}`,
  ]
  const graph = `[0:${track}]${filters.join(',')}[out]`
  const outputs = [{ options: ['-map', '[out]', ...AAC_OPTIONS], target: path }]
  await runFfmpeg(binaries, { inputs: [input], filters: graph, outputs }, { signal })
}

async function encodeSilence(
  binaries: MediaBinaries,
  path: string,
  lengthMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const input: SyntheticInput = { kind: 'synthetic', graph: 'anullsrc=r=48000:cl=stereo' }
  const outputs = [{ options: ['-t', seconds(lengthMs), ...AAC_OPTIONS], target: path }]
  await runFfmpeg(binaries, { inputs: [input], outputs }, { signal })
}
