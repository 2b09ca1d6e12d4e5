import type { MediaBinaries } from './binaries.ts'
import type { ClipAudio } from './clip-audio.ts'
import { LUFS_TOLERANCE, TARGET_LUFS, TRUE_PEAK_DB_MAX } from './clip-audio.ts'
import { type FrameTrack, isBlackFrame, readFrames } from './frame-track.ts'
import { measureLoudness } from './loudness.ts'
import type { Film } from './media-info.ts'
import { listMp4Boxes } from './mp4-layout.ts'
import { probeMedia } from './probe.ts'

export interface Promised {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly fps: number
  readonly audio: ClipAudio
  /** The source itself is black where the clip starts. */
  readonly startsBlack: boolean
}

export interface Check {
  readonly name: string
  readonly promised: string
  readonly measured: string
  readonly isKept: boolean
}

export interface Verification {
  readonly checks: readonly Check[]
  readonly broken: readonly Check[]
  /** The decoded frames, for who needs to look at the file next. */
  readonly frames: FrameTrack
  readonly film: Film
}

const AV_MS_MAX = 40

/** Decodes a rendered file and holds it against what was promised; container fields alone are not believed. */
export async function verifyRendition(
  binaries: MediaBinaries,
  path: string,
  promised: Promised,
  signal?: AbortSignal,
): Promise<Verification> {
  const info = await probeMedia(binaries, path, { signal, limits: { durationMsMin: 0 } })
  const film: Film = { path, info }
  const frames = await readFrames(binaries, film, { signal })
  const track = info.audio[0]
  const sound = track
    ? await measureLoudness(binaries, { path, container: 'mov', track: track.index }, signal)
    : null
  const boxes = await listMp4Boxes(path)
  const { video } = info
  const decoded = frames.timesMs.length
  const videoMs = (decoded * 1000) / promised.fps
  const checks = [
    check('size', `${promised.width}x${promised.height}`, `${video.width}x${video.height}`),
    check('pixel aspect', '1', String(video.pixelAspect)),
    check('rotation', '0', String(video.rotation)),
    check('pixel format', 'yuv420p', video.pixelFormat),
    check('codecs', 'h264 aac', `${video.codec} ${track?.codec}`),
    near('decoded frames', promised.frames, decoded, 1),
    near('first frame at ms', 0, frames.timesMs[0] ?? Number.NaN, 1000 / promised.fps / 2),
    near('sound minus picture in ms', 0, (sound?.soundMs ?? Number.NaN) - videoMs, AV_MS_MAX),
    {
      name: 'moov before mdat',
      promised: 'yes',
      measured: boxes.join(' '),
      isKept: boxes.includes('moov') && boxes.indexOf('moov') < boxes.indexOf('mdat'),
    },
    {
      name: 'first frame not black',
      promised: promised.startsBlack ? 'black as the source' : 'a picture',
      measured: `luma ${(frames.luma[0] ?? 0).toFixed(0)}`,
      isKept: promised.startsBlack || !isBlackFrame(frames, 0),
    },
    ...checkSound(promised.audio, sound?.integratedLufs ?? null, sound?.truePeakDb ?? null),
  ]
  return { checks, broken: checks.filter((each) => !each.isKept), frames, film }
}

function checkSound(audio: ClipAudio, integratedLufs: number | null, truePeakDb: number | null): Check[] {
  if (audio.kind === 'silent')
    return [check('loudness', 'silence', integratedLufs === null ? 'silence' : `${integratedLufs} LUFS`)]
  return [
    near('loudness in LUFS', TARGET_LUFS - audio.shortfallLu, integratedLufs ?? Number.NaN, LUFS_TOLERANCE),
    {
      name: 'true peak in dBTP',
      promised: `at most ${TRUE_PEAK_DB_MAX}`,
      measured: String(truePeakDb),
      isKept: truePeakDb !== null && truePeakDb <= TRUE_PEAK_DB_MAX,
    },
  ]
}

const check = (name: string, promised: string, measured: string): Check => ({
  name,
  promised,
  measured,
  isKept: promised === measured,
})

const near = (name: string, promised: number, measured: number, tolerance: number): Check => ({
  name,
  promised: `${Math.round(promised * 100) / 100} ±${Math.round(tolerance * 100) / 100}`,
  measured: String(Math.round(measured * 100) / 100),
  isKept: Math.abs(measured - promised) <= tolerance + 1e-9,
})
