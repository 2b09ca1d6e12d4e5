/** What Instagram checks of the bytes it was given: the facts of the film or image, or the problem it has with them. */
import { readJpeg } from '../../media/jpeg.ts'
import { type Mp4Facts, readMp4 } from '../../media/mp4.ts'
import type { PublishedMedia } from '../../publications.ts'
import type { GraphProblem } from '../graph/refusal.ts'
import { LIMITS, type MediaType } from './contract.ts'
import { IG } from './problems.ts'

export type Inspection = { media: PublishedMedia } | { problem: GraphProblem }

const VIDEO_CODECS = ['avc1', 'avc3', 'hvc1', 'hev1']

export function inspectVideo(
  path: string,
  file: string,
  type: MediaType,
  thumbOffsetMs: number | undefined,
): Inspection {
  const facts = readMp4(path)
  const why = facts ? videoComplaint(facts, type) : 'no MP4 or MOV container'
  if (!facts || why) return { problem: { ...IG.videoFormat, message: `${IG.videoFormat.message} (${why})` } }
  if (thumbOffsetMs !== undefined && thumbOffsetMs >= facts.durationMs) return { problem: IG.thumbOffset }
  return {
    media: {
      file,
      type: 'video',
      contentType: 'video/mp4',
      durationMs: facts.durationMs,
      width: facts.video?.width,
      height: facts.video?.height,
      thumbOffsetMs,
    },
  }
}

function videoComplaint(
  { video, audio, isFastStart, durationMs, sizeBytes }: Mp4Facts,
  type: MediaType,
): string | undefined {
  const limits = type === 'REELS' ? LIMITS.reel : LIMITS.story
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  if (!video) return 'no video track'
  if (!isFastStart) return 'moov behind mdat'
  if (sizeBytes > limits.bytes) return `${sizeBytes} bytes, at most ${limits.bytes}`
  if (durationMs < limits.minMs || durationMs > limits.maxMs) {
    return `${seconds(durationMs)} long, from ${seconds(limits.minMs)} to ${seconds(limits.maxMs)}`
  }
  if (!VIDEO_CODECS.includes(video.codec)) return `video codec ${video.codec}`
  if (video.width > LIMITS.videoWidth) return `${video.width} px wide`
  // 23.976 fps films report 23.97…, 59.94 and 60 round either way
  if (
    video.framesPerSecond < LIMITS.framesPerSecondMin ||
    video.framesPerSecond > LIMITS.framesPerSecondMax + 0.1
  ) {
    return `${video.framesPerSecond.toFixed(2)} frames per second, from 23 to 60`
  }
  if ((sizeBytes * 8000) / durationMs > LIMITS.videoBitsPerSecond) return 'more than 25 Mbit/s'
  if (audio && (audio.codec !== 'mp4a' || audio.sampleRate > LIMITS.audioHertz)) {
    return `audio ${audio.codec} at ${audio.sampleRate} Hz, AAC up to 48 kHz`
  }
  return undefined
}

export function inspectImage(
  path: string,
  file: string,
  type: MediaType,
  altText: string | undefined,
): Inspection {
  const facts = readJpeg(path)
  if (!facts) return { problem: IG.imageFormat }
  if (facts.sizeBytes > LIMITS.imageBytes) return { problem: IG.imageTooLarge }
  const ratio = facts.width / facts.height
  const isOutside = ratio < LIMITS.imageRatioMin - 0.005 || ratio > LIMITS.imageRatioMax + 0.005
  if (type !== 'STORIES' && isOutside) return { problem: IG.aspect }
  const { width, height } = facts
  return { media: { file, type: 'image', contentType: 'image/jpeg', width, height, altText } }
}
