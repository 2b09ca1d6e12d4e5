import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { StakazoError } from '../../../runtime/core/errors.ts'
import type { MediaBinaries } from './binaries.ts'
import { type Container, detectContainer } from './container.ts'
import type { AudioTrack, HdrTransfer, MediaInfo } from './media-info.ts'
import { type PacketTrack, readPackets } from './packets.ts'
import { runFfmpeg, runFfprobe } from './run.ts'

interface MediaLimits {
  readonly bytesMax: number
  readonly durationMsMin: number
  readonly durationMsMax: number
  readonly sideMax: number
  /** One frame; 8K (7680x4320) fits. */
  readonly pixelsMax: number
  readonly fpsMax: number
  readonly streamsMax: number
}

const MEDIA_LIMITS: MediaLimits = {
  bytesMax: 20 * 2 ** 30,
  durationMsMin: 1_000,
  durationMsMax: 4 * 3_600_000,
  sideMax: 8_192,
  pixelsMax: 8_192 * 4_320,
  fpsMax: 240,
  streamsMax: 32,
}

export interface ProbeOptions {
  readonly limits?: Partial<MediaLimits> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads what a file is and refuses what we could not work on; the error's details hold the measure and the limit. */
export async function probeMedia(
  binaries: MediaBinaries,
  path: string,
  options: ProbeOptions = {},
): Promise<MediaInfo> {
  const limits = { ...MEDIA_LIMITS, ...options.limits }
  const container = await detectContainer(path)
  const { size: bytes } = await stat(path)
  assertAtMost('file size', 'bytes', bytes, limits.bytesMax)

  const header = await readHeader(binaries, path, container, options.signal)
  assertAtMost('number of streams', 'streams', header.streams.length, limits.streamsMax)
  const stream = header.streams.find((each) => each.codec_type === 'video' && !each.disposition?.attached_pic)
  if (!stream)
    throw new StakazoError('media-unsupported', 'the file has no video', { details: { container } })
  const picture = readPicture(stream, limits)
  assertAtMost('duration', 'ms', seconds(header.format.duration) * 1000, limits.durationMsMax)

  const film = { path, container }
  const packets = await readPackets(
    binaries,
    film,
    stream.index,
    seconds(header.format.start_time),
    options.signal,
  )
  const length = readLength(packets, seconds(stream.duration ?? header.format.duration) * 1000, limits)
  await assertDecodable(binaries, film, stream.index, options.signal)
  return {
    container,
    bytes,
    durationMs: length.durationMs,
    isTruncated: length.isTruncated,
    video: { ...picture, ...length.pace, keyframesMs: packets.keyframesMs },
    audio: header.streams.flatMap(readAudio),
  }
}

const Stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  width: z.number().default(0),
  height: z.number().default(0),
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().optional(),
  bits_per_raw_sample: z.string().optional(),
  color_transfer: z.string().optional(),
  duration: z.string().optional(),
  channels: z.number().default(0),
  sample_rate: z.string().optional(),
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  tags: z.object({ rotate: z.string().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
})
type Stream = z.infer<typeof Stream>

const Header = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({ duration: z.string().optional(), start_time: z.string().optional() }),
})
type Header = z.infer<typeof Header>

async function readHeader(
  binaries: MediaBinaries,
  path: string,
  container: Container,
  signal?: AbortSignal,
): Promise<Header> {
  let json = ''
  try {
    await runFfprobe(binaries, { path, container }, ['-show_format', '-show_streams', '-of', 'json'], {
      signal,
      onStdout: (chunk) => {
        json += chunk.toString('latin1')
      },
    })
    return Header.parse(JSON.parse(json))
  } catch (cause) {
    throw asUnreadable(cause, 'the header of the file cannot be read')
  }
}

function readPicture(stream: Stream, limits: MediaLimits) {
  if (stream.width <= 0 || stream.height <= 0 || !stream.pix_fmt) {
    throw new StakazoError(
      'media-unreadable',
      `no picture can be decoded from the ${stream.codec_name} track`,
      {
        details: { codec: stream.codec_name, width: stream.width, height: stream.height },
      },
    )
  }
  assertAtMost('frame side', 'px', Math.max(stream.width, stream.height), limits.sideMax)
  assertAtMost('frame area', 'px', stream.width * stream.height, limits.pixelsMax)
  const rotation = readRotation(stream)
  const shownWidth = Math.round(stream.width * readPixelAspect(stream.sample_aspect_ratio))
  const isUpright = rotation % 180 === 0
  return {
    index: stream.index,
    codec: stream.codec_name,
    width: isUpright ? shownWidth : stream.height,
    height: isUpright ? stream.height : shownWidth,
    rotation,
    pixelAspect: readPixelAspect(stream.sample_aspect_ratio),
    pixelFormat: stream.pix_fmt,
    bitDepth: readBitDepth(stream),
    hdr: readHdr(stream.color_transfer),
  }
}

/** The tag counts clockwise, the display matrix counter-clockwise. */
function readRotation(stream: Stream): number {
  const matrix = stream.side_data_list.find((each) => each.rotation !== undefined)?.rotation
  const clockwise = matrix === undefined ? Number(stream.tags?.rotate ?? 0) : -matrix
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360
}

function readPixelAspect(ratio = '1:1'): number {
  const [across = 1, down = 1] = ratio.split(':').map(Number)
  const aspect = across / down
  return aspect > 0.1 && aspect < 10 ? aspect : 1
}

const readBitDepth = (stream: Stream): number =>
  Number(
    stream.pix_fmt?.match(/p0?(9|10|12|14|16)(le|be)?$/)?.[1] ?? (Number(stream.bits_per_raw_sample) || 8),
  )

function readHdr(transfer: string | undefined): HdrTransfer | null {
  if (transfer === 'smpte2084') return 'pq'
  return transfer === 'arib-std-b67' ? 'hlg' : null
}

function readAudio(stream: Stream): AudioTrack[] {
  const sampleRateHz = Number(stream.sample_rate ?? 0)
  if (stream.codec_type !== 'audio' || stream.channels <= 0 || sampleRateHz <= 0) return []
  return [{ index: stream.index, codec: stream.codec_name, channels: stream.channels, sampleRateHz }]
}

function readLength(packets: PacketTrack, claimedMs: number, limits: MediaLimits) {
  const { fps, frames, isVariableRate } = packets
  const durationMs = Math.round(packets.durationMs)
  if (durationMs < limits.durationMsMin || frames < 2) {
    throw new StakazoError(
      'media-too-short',
      `the film lasts ${durationMs} ms; the least is ${limits.durationMsMin} ms`,
      {
        details: { durationMs, durationMsMin: limits.durationMsMin, frames },
      },
    )
  }
  assertAtMost('duration', 'ms', durationMs, limits.durationMsMax)
  assertAtMost('frame rate', 'fps', fps, limits.fpsMax)
  // the last frame of a variable-rate film may be shown long; a tenth of the film is no last frame
  const isTruncated = claimedMs > 0 && durationMs < claimedMs * 0.9 - 1_000
  return { durationMs, isTruncated, pace: { fps, frames, isVariableRate } }
}

async function assertDecodable(
  binaries: MediaBinaries,
  film: { path: string; container: Container },
  index: number,
  signal?: AbortSignal,
): Promise<void> {
  let bytes = 0
  const outputs = [
    {
      options: ['-map', `0:${index}`, '-frames:v', '1', '-vf', 'scale=16:16', '-f', 'rawvideo'],
      target: 'pipe:1',
    },
  ]
  try {
    await runFfmpeg(
      binaries,
      { inputs: [{ kind: 'film', ...film }], outputs },
      {
        signal,
        onStdout: (chunk) => {
          bytes += chunk.length
        },
      },
    )
  } catch (cause) {
    throw asUnreadable(cause, 'the first frame cannot be decoded')
  }
  if (bytes === 0) throw new StakazoError('media-unreadable', 'no frame can be decoded')
}

function asUnreadable(cause: unknown, message: string): unknown {
  if (cause instanceof StakazoError && cause.code !== 'ffmpeg-failed') return cause
  return new StakazoError('media-unreadable', message, {
    cause,
    details: cause instanceof StakazoError ? { ...cause.details } : undefined,
  })
}

function assertAtMost(what: string, unit: string, measured: number, limit: number): void {
  if (measured <= limit) return
  throw new StakazoError(
    'media-too-large',
    `the ${what} is ${Math.round(measured)} ${unit}; the most is ${limit} ${unit}`,
    {
      details: { what, unit, measured: Math.round(measured), limit },
    },
  )
}

const seconds = (text: string | undefined): number => Number(text ?? 0) || 0
