import { payloadHash } from '../../../runtime/core/digest.ts'
import type { Span } from './analyse.ts'
import type { Quality, RenditionRequest } from './render.ts'

/** Raised whenever the same request would give other bytes or another meaning. */
export const ENGINE_VERSION = 1

/** Name of a rendition before it exists: equal requests of equal films share it, whoever asks and wherever. */
export const renderKey = (
  sourceSha256: string,
  clip: Span,
  rendition: RenditionRequest,
  quality: Quality,
  engineVersion = ENGINE_VERSION,
): string =>
  payloadHash({
    engineVersion,
    sourceSha256,
    startMs: clip.startMs,
    endMs: clip.endMs,
    shape: rendition.shape,
    reframe: rendition.reframe ?? 'auto',
    cover: rendition.cover ?? rendition.shape === '9:16',
    quality,
  })
