import { open } from 'node:fs/promises'

/** Names of a file's outermost MP4 boxes in their order, such as `ftyp moov free mdat`. */
export async function listMp4Boxes(path: string): Promise<string[]> {
  await using file = await open(path, 'r')
  const { size: bytes } = await file.stat()
  const names: string[] = []
  const header = Buffer.alloc(16)
  for (let offset = 0; offset + 8 <= bytes; ) {
    await file.read(header, 0, 16, offset)
    const short = header.readUInt32BE(0)
    names.push(header.toString('latin1', 4, 8))
    // 1: the length follows in 64 bits; 0: the box reaches to the end
    const length = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? bytes - offset : short
    if (length < 8) break
    offset += length
  }
  return names
}
