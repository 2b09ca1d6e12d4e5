/**
 * Reads what a platform checks of an MP4 or MOV: brand, order of boxes, duration, size, codecs, frame rate.
 * ISO/IEC 14496-12; only the headers and the `moov` box are read, so a 300 MB film costs a few kilobytes.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface Mp4Facts {
  sizeBytes: number
  brand: string
  /** `moov` stands before `mdat`, so that a player can start at once. */
  isFastStart: boolean
  durationMs: number
  video: { codec: string; width: number; height: number; framesPerSecond: number } | undefined
  audio: { codec: string; sampleRate: number } | undefined
}

interface Box {
  type: string
  start: number
  end: number
}

/** A real index of a 15-minute film has about 1 MB; more than this is no film we take. */
const MOOV_MAX_BYTES = 64 * 1024 * 1024

/** The facts, or undefined when the bytes are no MP4. */
export function readMp4(path: string): Mp4Facts | undefined {
  const file = openSync(path, 'r')
  try {
    const sizeBytes = fstatSync(file).size
    const boxes = listTopBoxes(file, sizeBytes)
    const [ftyp, moov, mdat] = ['ftyp', 'moov', 'mdat'].map((type) => boxes.find((box) => box.type === type))
    if (!ftyp || !moov || !mdat || boxes[0] !== ftyp || moov.end - moov.start > MOOV_MAX_BYTES)
      return undefined
    const tree = readAt(file, moov.start, moov.end - moov.start)
    const header = child(tree, 0, tree.length, 'mvhd')
    if (!header) return undefined
    return {
      sizeBytes,
      brand: readAt(file, ftyp.start, Math.min(4, ftyp.end - ftyp.start)).toString('latin1'),
      isFastStart: moov.start < mdat.start,
      durationMs: readDurationMs(tree, header),
      ...readTracks(tree),
    }
  } catch (error) {
    // a length that points outside its box: a damaged file, which a platform calls an unsupported format
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    closeSync(file)
  }
}

function listTopBoxes(file: number, sizeBytes: number): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= sizeBytes && boxes.length < 10_000; ) {
    const head = readAt(file, at, Math.min(16, sizeBytes - at))
    const box = boxAt(head, 0, at, sizeBytes)
    if (!box) break
    boxes.push(box)
    at = box.end
  }
  return boxes
}

/** The box whose header lies at `offset` of `bytes`; `base` is where that is in the file, `limit` where its parent ends. */
function boxAt(bytes: Buffer, offset: number, base: number, limit: number): Box | undefined {
  const short = bytes.readUInt32BE(offset)
  const type = bytes.toString('latin1', offset + 4, offset + 8)
  const isLong = short === 1
  const size = isLong ? Number(bytes.readBigUInt64BE(offset + 8)) : short === 0 ? limit - base : short
  const headerBytes = isLong ? 16 : 8
  if (size < headerBytes || base + size > limit || !/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined
  return { type, start: base + headerBytes, end: base + size }
}

function* children(tree: Buffer, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(tree, at, at, end)
    if (!box) return
    yield box
    at = box.end
  }
}

function child(tree: Buffer, start: number, end: number, ...path: string[]): Box | undefined {
  const [type, ...rest] = path
  for (const box of children(tree, start, end)) {
    if (box.type === type) return rest.length === 0 ? box : child(tree, box.start, box.end, ...rest)
  }
  return undefined
}

/** `mvhd` and `mdhd` share their layout: version 1 has 64-bit times. */
function readTimes(tree: Buffer, box: Box): { timescale: number; duration: number } {
  const isLong = tree.readUInt8(box.start) === 1
  return isLong
    ? { timescale: tree.readUInt32BE(box.start + 20), duration: Number(tree.readBigUInt64BE(box.start + 24)) }
    : { timescale: tree.readUInt32BE(box.start + 12), duration: tree.readUInt32BE(box.start + 16) }
}

function readDurationMs(tree: Buffer, box: Box): number {
  const { timescale, duration } = readTimes(tree, box)
  return timescale === 0 ? 0 : Math.round((duration * 1000) / timescale)
}

function readTracks(tree: Buffer): Pick<Mp4Facts, 'video' | 'audio'> {
  const found: Pick<Mp4Facts, 'video' | 'audio'> = { video: undefined, audio: undefined }
  for (const track of children(tree, 0, tree.length)) {
    if (track.type !== 'trak') continue
    const media = child(tree, track.start, track.end, 'mdia')
    const handler = media && child(tree, media.start, media.end, 'hdlr')
    if (!media || !handler) continue
    const kind = tree.toString('latin1', handler.start + 8, handler.start + 12)
    if (kind === 'vide') found.video ??= readVideo(tree, track, media)
    if (kind === 'soun') found.audio ??= readAudio(tree, media)
  }
  return found
}

function readVideo(tree: Buffer, track: Box, media: Box): Mp4Facts['video'] {
  const entry = sampleEntry(tree, media)
  if (!entry) return undefined
  const header = child(tree, track.start, track.end, 'tkhd')
  const isTurned = header !== undefined && isQuarterTurn(tree, header)
  const [width, height] = [tree.readUInt16BE(entry.start + 24), tree.readUInt16BE(entry.start + 26)]
  return {
    codec: entry.type,
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    framesPerSecond: readFrameRate(tree, media),
  }
}

function readAudio(tree: Buffer, media: Box): Mp4Facts['audio'] {
  const entry = sampleEntry(tree, media)
  return entry && { codec: entry.type, sampleRate: tree.readUInt16BE(entry.start + 24) }
}

/** The first entry of `stsd`; its box type is the codec. */
function sampleEntry(tree: Buffer, media: Box): Box | undefined {
  const table = child(tree, media.start, media.end, 'minf', 'stbl', 'stsd')
  return table && boxAt(tree, table.start + 8, table.start + 8, table.end)
}

function readFrameRate(tree: Buffer, media: Box): number {
  const header = child(tree, media.start, media.end, 'mdhd')
  const table = child(tree, media.start, media.end, 'minf', 'stbl', 'stts')
  if (!header || !table) return 0
  const entries = tree.readUInt32BE(table.start + 4)
  let frames = 0
  let ticks = 0
  for (let index = 0; index < entries; index++) {
    const count = tree.readUInt32BE(table.start + 8 + index * 8)
    frames += count
    ticks += count * tree.readUInt32BE(table.start + 12 + index * 8)
  }
  const { timescale } = readTimes(tree, header)
  return ticks === 0 ? 0 : (frames * timescale) / ticks
}

/** The display matrix of a phone film turned by 90 or 270 degrees has no first element. */
function isQuarterTurn(tree: Buffer, header: Box): boolean {
  const matrix = header.start + (tree.readUInt8(header.start) === 1 ? 52 : 40)
  return tree.readInt32BE(matrix) === 0 && tree.readInt32BE(matrix + 4) !== 0
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const read = readSync(file, bytes, 0, length, position)
  return bytes.subarray(0, read)
}
