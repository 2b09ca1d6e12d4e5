/** One caption changed by a wish or a reviewer's findings; what was not asked for stays word for word. */
import type { Brand } from '../../runtime/core/entities.ts'
import { toTone } from '../../tools/brand/tones.ts'
import { countEmoji } from '../../tools/words.ts'
import { findLang } from '../words/language.ts'
import type { Correction, Wish } from './brief.ts'
import { factSentences } from './facts.ts'
import { type Draft, mendCaption, shorten, withoutEmoji } from './mend-caption.ts'
import { PHRASES } from './phrases.ts'
import type { ListedClip } from './results.ts'
import { type CaptionRequest, chooseHashtags, writeCaption } from './write-caption.ts'

interface Revision {
  clip: ListedClip
  post: ListedClip['posts'][number] | undefined
  brand: Brand
  language: string
  of: number
  wish?: Wish | undefined
  correction?: Correction | undefined
  taken: readonly string[]
}

export function reviseCaption({ clip, post, brand, language, of, wish, correction, taken }: Revision): Draft {
  const request: CaptionRequest = {
    brand,
    language,
    clip: {
      ordinal: clip.ordinal,
      of: Math.max(1, of),
      durationMs: clip.endMs - clip.startMs,
      startMs: clip.startMs,
    },
    wish,
    taken,
  }
  if (!post) return { caption: writeCaption(request) }
  const start: Draft = { caption: post.caption }
  const mended = correction ? corrected(start, correction, request) : start
  return wish ? wished(mended, wish, request) : mended
}

function corrected(draft: Draft, correction: Correction, request: CaptionRequest): Draft {
  const mended = mendCaption(draft, correction.findings, request)
  if (correction.proposal) return { ...mended, caption: correction.proposal }
  return mended ?? { caption: writeCaption(request) }
}

function wished(draft: Draft, wish: Wish, request: CaptionRequest): Draft {
  const { brand } = request
  if (wish.text !== undefined || wish.isNew || wish.language || wish.address) {
    return { caption: writeCaption(request), ...hashtagsOf(wish, brand) }
  }
  let { caption } = draft
  if (wish.length === 'shorter') caption = shorten(caption, brand)
  if (wish.length === 'longer') caption = lengthen(caption, request)
  if (wish.emoji === false) caption = withoutEmoji(caption)
  if (wish.emoji && countEmoji(caption) === 0) caption = `${caption} ${emojiOf(request)}`
  if (wish.hashtags === false) caption = caption.replace(/ *#[\p{L}\p{N}_]+/gu, '').trim()
  const names = (wish.mentions ?? []).filter((name) => !caption.includes(name))
  if (names.length > 0) caption = `${caption}\n${names.join(' ')}`
  return { ...draft, caption, ...hashtagsOf(wish, brand) }
}

const hashtagsOf = (wish: Wish, brand: Brand): { hashtags?: string[] } =>
  wish.hashtags === undefined ? {} : { hashtags: chooseHashtags(brand, wish) }

function emojiOf({ brand, language }: CaptionRequest): string {
  const tone = brand.voice.tone.map(toTone).find((name) => name !== undefined)
  return PHRASES[findLang(language) ?? 'en'][tone ?? 'plain'].emoji[0] ?? '▶️'
}

/** Adds the first fact the caption does not tell yet, before the sign-off. */
function lengthen(caption: string, { brand, language }: CaptionRequest): string {
  const fact = factSentences(brand, findLang(language)).find((sentence) => !caption.includes(sentence))
  if (!fact) return caption
  const { signOff } = brand.voice
  return signOff && caption.includes(signOff)
    ? caption.replace(signOff, `${fact} ${signOff}`)
    : `${caption} ${fact}`
}
