import type { Container } from './container.ts'

export type HdrTransfer = 'pq' | 'hlg'

interface VideoTrack {
  readonly index: number
  readonly codec: string
  /** As shown: after rotation and with square pixels. */
  readonly width: number
  readonly height: number
  /** Clockwise degrees a player turns the stored picture: 0, 90, 180 or 270. */
  readonly rotation: number
  /** Width of a stored pixel over its height; 1 is square. */
  readonly pixelAspect: number
  /** Frames divided by time, measured on the packets. */
  readonly fps: number
  readonly frames: number
  readonly isVariableRate: boolean
  readonly pixelFormat: string
  readonly bitDepth: number
  readonly hdr: HdrTransfer | null
  /** Time of each frame that can be decoded alone, from the start of the film. */
  readonly keyframesMs: readonly number[]
}

export interface AudioTrack {
  readonly index: number
  readonly codec: string
  readonly channels: number
  readonly sampleRateHz: number
}

export interface MediaInfo {
  readonly container: Container
  readonly bytes: number
  /** What the packets hold, which is less than the header claims when `isTruncated`. */
  readonly durationMs: number
  readonly isTruncated: boolean
  readonly video: VideoTrack
  readonly audio: readonly AudioTrack[]
}

/** A film on disk whose facts are known: what analysis and rendering take. */
export interface Film {
  readonly path: string
  readonly info: MediaInfo
}
