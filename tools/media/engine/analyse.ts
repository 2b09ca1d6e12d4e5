import type { MediaBinaries } from './binaries.ts'
import { type Cut, findCuts } from './cuts.ts'
import { type FrameTrack, isBlackFrame, readFrames, type StageOptions } from './frame-track.ts'
import type { Film } from './media-info.ts'
import { LEVEL_STEP_MS, LUFS_FLOOR, MOMENTARY_STEP_MS, readSound, type SoundTrack } from './sound-track.ts'

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

export const CURVE_STEP_MS = 500

export interface MediaAnalysis {
  readonly durationMs: number
  readonly frameMs: number
  readonly cuts: readonly Cut[]
  readonly keyframesMs: readonly number[]
  /** Gaps of at least 150 ms in which speech or music pauses. */
  readonly silences: readonly Span[]
  readonly blackSpans: readonly Span[]
  /** LUFS of each 500 ms; null when the film has no audio. */
  readonly loudness: readonly number[] | null
  /** Mean change between frames of each 500 ms, 0 to 100, cuts left out. */
  readonly motion: readonly number[]
  readonly integratedLufs: number | null
}

/** Audio decodes some 60 times faster than 1080p video. */
const AUDIO_SHARE = 0.1

/** Two stages, sound then pictures; the packet stage was part of the probe. */
export async function analyseMedia(
  binaries: MediaBinaries,
  film: Film,
  options: Pick<StageOptions, 'signal' | 'onProgress'> = {},
): Promise<MediaAnalysis> {
  const { signal, onProgress } = options
  const sound = await readSound(binaries, film, {
    signal,
    onProgress: (done) => onProgress?.(done * AUDIO_SHARE),
  })
  const frames = await readFrames(binaries, film, {
    signal,
    onProgress: (done) => onProgress?.(AUDIO_SHARE + done * (1 - AUDIO_SHARE)),
  })
  return summarise(film, sound, frames)
}

/** Pure: from measurements to what a choice of clips needs. */
function summarise(film: Film, sound: SoundTrack | null, frames: FrameTrack): MediaAnalysis {
  const { durationMs, video } = film.info
  const cuts = findCuts(frames)
  return {
    durationMs,
    frameMs: 1000 / video.fps,
    cuts,
    keyframesMs: video.keyframesMs,
    silences: sound ? findSilences(sound.levelDb, durationMs) : [],
    blackSpans: findBlackSpans(frames, durationMs),
    loudness: sound ? loudnessCurve(sound.momentaryLufs, durationMs) : null,
    motion: motionCurve(frames, cuts, durationMs),
    integratedLufs: sound?.integratedLufs ?? null,
  }
}

const SILENCE_MS_MIN = 150
const SILENCE_BELOW_LOUD_DB = 30
const SILENCE_DB_MAX = -35
const SILENCE_DB_MIN = -60

/** Silence is relative: 30 dB below the film's loud parts (95th percentile), within -60 to -35 dB of full scale. */
function findSilences(levelDb: Float32Array, durationMs: number): Span[] {
  const loud = percentile(levelDb, 0.95)
  const threshold = Math.min(SILENCE_DB_MAX, Math.max(SILENCE_DB_MIN, loud - SILENCE_BELOW_LOUD_DB))
  return findRuns(levelDb.length, (index) => (levelDb[index] ?? 0) < threshold)
    .map(([from, to]) => ({ startMs: from * LEVEL_STEP_MS, endMs: Math.min(durationMs, to * LEVEL_STEP_MS) }))
    .filter(({ startMs, endMs }) => endMs - startMs >= SILENCE_MS_MIN)
}

const BLACK_MS_MIN = 80

function findBlackSpans(frames: FrameTrack, durationMs: number): Span[] {
  const { timesMs } = frames
  return findRuns(timesMs.length, (index) => isBlackFrame(frames, index))
    .map(([from, to]) => ({
      startMs: Math.floor(timesMs[from] ?? 0),
      endMs: Math.min(durationMs, Math.ceil(timesMs[to] ?? durationMs)),
    }))
    .filter(({ startMs, endMs }) => endMs - startMs >= BLACK_MS_MIN)
}

/** A momentary value covers the 400 ms before it, hence its centre lies 200 ms earlier. */
const MOMENTARY_CENTRE_MS = 200

function loudnessCurve(momentaryLufs: Float32Array, durationMs: number): number[] {
  const powers = curveOf(durationMs)
  momentaryLufs.forEach((lufs, index) => {
    powers.add((index + 1) * MOMENTARY_STEP_MS - MOMENTARY_CENTRE_MS, 10 ** (lufs / 10))
  })
  return powers
    .means()
    .map((power) => Math.round(Math.max(LUFS_FLOOR, 10 * Math.log10(power || 1e-9)) * 10) / 10)
}

function motionCurve({ timesMs, change }: FrameTrack, cuts: readonly Cut[], durationMs: number): number[] {
  const cutTimes = new Set(cuts.map((cut) => cut.atMs))
  const motion = curveOf(durationMs)
  timesMs.forEach((timeMs, index) => {
    if (!cutTimes.has(Math.floor(timeMs + 0.001))) motion.add(timeMs, ((change[index] ?? 0) * 100) / 255)
  })
  return motion.means().map((value) => Math.round(value * 100) / 100)
}

function curveOf(durationMs: number) {
  const length = Math.max(1, Math.ceil(durationMs / CURVE_STEP_MS))
  const sums = new Float64Array(length)
  const counts = new Uint32Array(length)
  return {
    add(timeMs: number, value: number) {
      const slot = Math.min(length - 1, Math.max(0, Math.floor(timeMs / CURVE_STEP_MS)))
      sums[slot] = (sums[slot] ?? 0) + value
      counts[slot] = (counts[slot] ?? 0) + 1
    },
    means: () => Array.from(sums, (sum, slot) => (counts[slot] ? sum / (counts[slot] ?? 1) : 0)),
  }
}

/** Half-open runs of indices for which the test holds. */
function findRuns(length: number, holds: (index: number) => boolean): [from: number, to: number][] {
  const runs: [number, number][] = []
  let from = -1
  for (let index = 0; index <= length; index++) {
    const isInside = index < length && holds(index)
    if (isInside && from < 0) from = index
    if (!isInside && from >= 0) {
      runs.push([from, index])
      from = -1
    }
  }
  return runs
}

export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
