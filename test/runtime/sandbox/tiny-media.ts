/** Media small enough to write by hand: boxes and markers with the figures a platform reads, and no picture behind them. */

export interface TinyFilm {
  durationMs?: number
  width?: number
  height?: number
  framesPerSecond?: number
  videoCodec?: string
  audioHertz?: number
  isFastStart?: boolean
  paddingBytes?: number
}

const u16 = (value: number) => Buffer.from([value >> 8, value & 255])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const zeros = (length: number) => Buffer.alloc(length)

function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body])
}

export function tinyMp4(film: TinyFilm = {}): Buffer {
  const { durationMs = 8_000, framesPerSecond = 30, width = 1080, height = 1920 } = film
  const { videoCodec = 'avc1', audioHertz, isFastStart = true, paddingBytes = 256 } = film
  const times = Buffer.concat([zeros(12), u32(1000), u32(durationMs), zeros(4)])
  const picture = box(videoCodec, zeros(24), u16(width), u16(height), zeros(50))
  const stts = box('stts', zeros(4), u32(1), u32(durationMs), u32(1))
  const frames = box('stts', zeros(4), u32(1), u32(Math.round((durationMs * framesPerSecond) / 1000)), u32(1))
  const frameTimes = Buffer.concat([
    zeros(12),
    u32(framesPerSecond),
    u32((durationMs * framesPerSecond) / 1000),
    zeros(4),
  ])
  const track = (kind: string, header: Buffer, entry: Buffer, table: Buffer) =>
    box(
      'trak',
      box('tkhd', zeros(40), u32(0x10000), zeros(40)),
      box(
        'mdia',
        box('mdhd', header),
        box('hdlr', zeros(8), Buffer.from(kind), zeros(13)),
        box('minf', box('stbl', box('stsd', zeros(4), u32(1), entry), table)),
      ),
    )
  const sound = box('mp4a', zeros(24), u16(audioHertz ?? 0), zeros(2))
  const moov = box(
    'moov',
    box('mvhd', times),
    track('vide', frameTimes, picture, frames),
    ...(audioHertz === undefined ? [] : [track('soun', times, sound, stts)]),
  )
  const mdat = box('mdat', zeros(paddingBytes))
  const ftyp = box('ftyp', Buffer.from('isom'), zeros(4))
  return Buffer.concat([ftyp, ...(isFastStart ? [moov, mdat] : [mdat, moov])])
}

export const tinyJpeg = (width = 1080, height = 1350): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x00, 0x00]),
    Buffer.from([0xff, 0xc0, 0x00, 0x11, 0x08]),
    u16(height),
    u16(width),
    zeros(12),
    Buffer.from([0xff, 0xd9]),
  ])
