/** Size of a JPEG from its first frame header (ITU-T T.81, B.2.2). */
import { readFileSync } from 'node:fs'

export interface JpegFacts {
  sizeBytes: number
  width: number
  height: number
}

/** The facts, or undefined when the bytes are no JPEG. Images are capped at 8 MB before they come here. */
export function readJpeg(path: string): JpegFacts | undefined {
  const bytes = readFileSync(path)
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    // 0xc4 (Huffman), 0xc8 (reserved) and 0xcc (arithmetic) sit among the frame markers but are no frames
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return {
        sizeBytes: bytes.length,
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
      }
    }
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
