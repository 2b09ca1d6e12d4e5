/** What Instagram accepts, checked before anything is sent (reference: Instagram limits, taken 2026-11-20). */
import { z } from 'zod'
import { MINUTE, SECOND } from '../../runtime/core/clock.ts'
import type { Connector, PreflightFinding } from '../../runtime/core/ports/publisher.ts'
import { findBeyond } from './define-connector.ts'

const MEBIBYTE = 1024 * 1024
const REEL = { minMs: 3 * SECOND, maxMs: 15 * MINUTE, bytes: 300 * MEBIBYTE, width: 1_920 }
const TEXT = { characters: 2_200, hashtags: 30, mentions: 20 }
const MEDIA_TYPES = ['video/mp4', 'video/quicktime']
/** The network's own choices a draft may carry. */
export const InstagramChoices = z.strictObject({
  shareToFeed: z.boolean().default(true),
  isAiGenerated: z.boolean().optional(),
  /** The frame that becomes the cover. */
  coverOffsetMs: z.int().min(0).optional(),
  audioName: z.string().max(90).optional(),
})

type Draft = Parameters<Connector['preflight']>[0]

export function preflightInstagram(draft: Draft): PreflightFinding[] {
  return [...checkText(draft.caption), ...checkFilm(draft.media), ...checkChoices(draft)]
}

function checkText(caption: string): PreflightFinding[] {
  const count = (pattern: RegExp) => caption.match(pattern)?.length ?? 0
  const tags = count(/#[\p{L}\p{N}_]+/gu)
  const mentions = count(/(?<![\p{L}\p{N}_.])@[\p{L}\p{N}_.]+/gu)
  return [
    ...findBeyond(
      'caption-length',
      [...caption].length,
      { max: TEXT.characters },
      'characters',
      'Shorten the caption.',
    ),
    ...findBeyond('hashtags', tags, { max: TEXT.hashtags }, 'hashtags', 'Keep the hashtags that fit best.'),
    ...findBeyond('mentions', mentions, { max: TEXT.mentions }, 'mentions', 'Mention fewer accounts.'),
  ]
}

function checkFilm(media: Draft['media']): PreflightFinding[] {
  const { durationMs, bytes, width, mediaType } = media
  const type = MEDIA_TYPES.includes(mediaType)
    ? []
    : [{ rule: 'media-type', value: mediaType, limit: MEDIA_TYPES.join(' or '), fix: 'Render it as MP4.' }]
  return [
    ...type,
    ...findBeyond(
      'duration',
      durationMs,
      { min: REEL.minMs, max: REEL.maxMs },
      'ms',
      'Choose a span within it.',
    ),
    ...findBeyond('size', bytes, { min: 1, max: REEL.bytes }, 'bytes', 'Render it at a lower bit rate.'),
    ...findBeyond('width', width, { max: REEL.width }, 'pixels', 'Render it at 1080 pixels.'),
  ]
}

function checkChoices({ options, media }: Draft): PreflightFinding[] {
  const choices = InstagramChoices.safeParse(options)
  if (!choices.success) {
    return choices.error.issues.map(({ path, message }) => ({
      rule: 'choice',
      value: path.join('.') || Object.keys(options).join(', '),
      limit: message,
      fix: `Use only ${Object.keys(InstagramChoices.shape).join(', ')}.`,
    }))
  }
  const { coverOffsetMs = 0 } = choices.data
  const last = Math.max(0, Math.ceil(media.durationMs) - 1)
  return findBeyond('cover-offset', coverOffsetMs, { max: last }, 'ms', 'Choose a frame of the film.')
}
