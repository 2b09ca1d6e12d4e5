import { open } from 'node:fs/promises'
import { StakazoError } from '../../../runtime/core/errors.ts'

/** Demuxers an upload may reach. None of them opens a second file or address. */
const CONTAINERS = ['mov', 'matroska', 'avi', 'mpegts', 'flv', 'ogg', 'gif'] as const
export type Container = (typeof CONTAINERS)[number]

const SNIFFED_BYTES = 4096
const MPEGTS_PACKET_BYTES = 188

/** Tells the container by its first bytes; the file's name and ffmpeg's own guess play no part. */
export async function detectContainer(path: string): Promise<Container> {
  const head = await readHead(path)
  if (head.length === 0)
    throw new StakazoError('media-empty', 'the file has 0 bytes', { details: { bytes: 0 } })
  const container = sniffContainer(head)
  if (container) return container
  const text = sniffText(head)
  if (text)
    throw new StakazoError('media-unsupported', `this is ${text}, not a film`, { details: { kind: text } })
  throw new StakazoError('media-unreadable', 'the first bytes belong to no video container we open', {
    details: { accepted: CONTAINERS, firstBytesHex: head.subarray(0, 16).toString('hex') },
  })
}

async function readHead(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw new StakazoError('not-found', 'the media file cannot be opened', { cause })
  }
}

function sniffContainer(head: Buffer): Container | undefined {
  const at = (offset: number, length: number) => head.toString('latin1', offset, offset + length)
  if (/^(ftyp|moov|mdat|wide|free|skip|pnot)$/.test(at(4, 4))) return 'mov'
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska'
  if (at(0, 4) === 'RIFF' && at(8, 4) === 'AVI ') return 'avi'
  if (at(0, 3) === 'FLV') return 'flv'
  if (at(0, 4) === 'OggS') return 'ogg'
  if (at(0, 4) === 'GIF8') return 'gif'
  const isTransportStream = [0, 1, 2].every((packet) => head[packet * MPEGTS_PACKET_BYTES] === 0x47)
  return isTransportStream ? 'mpegts' : undefined
}

function sniffText(head: Buffer): string | undefined {
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('#EXTM3U')) return 'a playlist'
  if (/^(ffconcat version|file\s+['"\w/])/.test(text)) return 'a list of files to join'
  if (/^<(\?xml|MPD|SmoothStreamingMedia|smil)/i.test(text)) return 'an XML document'
  if (/^(\d+\s+\d\d:\d\d:\d\d|WEBVTT|\[Script Info\])/.test(text)) return 'a subtitle file'
  return /^[\t\n\r\x20-\x7e]*$/.test(text.slice(0, 256)) ? 'a text' : undefined
}
