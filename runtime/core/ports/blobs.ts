/** Bytes in one content-addressed store; rows (assets, renditions, vault items) point at them by hash. */
import type { Readable } from 'node:stream'

export interface BlobRef {
  sha256: string
  bytes: number
}

export interface BlobOptions {
  mediaType: string
  /** Hashes this one was made from: its trust is no more than theirs. */
  parents?: readonly string[]
}

export interface BlobReader {
  /** Opens a stored blob for reading, from `start` when given. Throws `not-found`. The reader closes the stream. */
  open(sha256: string, range?: { start?: number; end?: number }): Promise<Readable>
  /** A path on this machine that holds the bytes, for ffmpeg. Fetched first from a remote store. Read-only. */
  path(sha256: string): Promise<string>
  has(sha256: string): Promise<boolean>
}

export interface BlobStore extends BlobReader {
  /**
   * Streams into the store with bounded memory; two writers of the same bytes meet in one blob.
   * Throws `too-large` past `maxBytes`, `disk-full`, `storage-unavailable`; the source's own failure passes as it is.
   */
  put(source: Readable | Uint8Array, options: BlobOptions & { maxBytes?: number }): Promise<BlobRef>
  /** Takes over a finished file of this machine (moved, not copied, where it can be). */
  adopt(path: string, options: BlobOptions): Promise<BlobRef>
}
