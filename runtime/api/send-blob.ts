import { Readable } from 'node:stream'
import type { BlobReader } from '../core/ports/blobs.ts'

export interface SentBlob {
  sha256: string
  bytes: number
  mediaType: string
  /** Offers it under this name instead of showing it. */
  name?: string
}

/** Streams bytes out, whole or the one range that was asked for (RFC 9110; several ranges get the whole). */
export async function sendBlob(
  blobs: BlobReader,
  blob: SentBlob,
  asked: string | undefined,
): Promise<Response> {
  const headers = new Headers({
    'content-type': blob.mediaType,
    'accept-ranges': 'bytes',
    etag: `"${blob.sha256}"`,
    'cache-control': 'private, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  })
  if (blob.name)
    headers.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(blob.name)}`)
  const range = parseRange(asked, blob.bytes)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${blob.bytes}`)
    return new Response(null, { status: 416, headers })
  }
  const { start, end } = range ?? { start: 0, end: blob.bytes - 1 }
  headers.set('content-length', String(end - start + 1))
  if (range) headers.set('content-range', `bytes ${start}-${end}/${blob.bytes}`)
  const stream = await blobs.open(blob.sha256, { start, end })
  return new Response(Readable.toWeb(stream) as ReadableStream, { status: range ? 206 : 200, headers })
}

/** Undefined: everything. */
export function parseRange(
  text: string | undefined,
  bytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [matched, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? []
  if (!matched || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end }
}
