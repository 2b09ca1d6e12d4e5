/** Mechanical repairs of a caption by a reviewer's findings: as little as the rule asks, the rest stays as it was. */
import type { Brand, Review } from '../../runtime/core/entities.ts'
import { countEmoji, findPhrases, listSentences } from '../../tools/words.ts'
import { type CaptionRequest, chooseHashtags, writeCaption } from './write-caption.ts'

export interface Draft {
  caption: string
  hashtags?: string[]
}

type Finding = Review['findings'][number]

/** Rules whose cure is another wording. */
const REWRITES = new Set(['tone', 'address', 'language', 'like-rejected', 'empty', 'unlike-approved'])
const EMOJI = /\p{RGI_Emoji}/gv

/** Undefined where the rules know no cure: then a person or a model must. */
export function mendCaption(
  draft: Draft,
  findings: readonly Finding[],
  request: CaptionRequest,
): Draft | undefined {
  const rules = new Set(findings.map((finding) => finding.rule))
  const isRewritten = [...rules].some((rule) => REWRITES.has(rule))
  const start: Draft = isRewritten
    ? { ...draft, caption: writeCaption({ ...request, taken: [...request.taken, draft.caption] }) }
    : draft
  const mended = findings.reduce((text, finding) => mendOne(text, finding, request), start)
  const isChanged = mended.caption !== draft.caption || mended.hashtags !== draft.hashtags
  return isChanged && mended.caption.trim() !== '' ? mended : undefined
}

function mendOne(draft: Draft, { rule, value }: Finding, request: CaptionRequest): Draft {
  const { brand } = request
  // What a network refuses is named `<network>/<rule>`.
  switch (rule.split('/').at(-1)) {
    case 'avoided-word':
    case 'unproven-claim':
    case 'medical-claim':
    case 'financial-claim':
    case 'link':
    case 'hidden-link':
      return { ...draft, caption: withoutPhrase(draft.caption, value) }
    case 'emoji':
      return { ...draft, caption: withEmoji(draft.caption, brand, request) }
    case 'preferred-words':
      return { ...draft, caption: withPreferred(draft.caption, brand) }
    case 'sign-off':
      return { ...draft, caption: `${draft.caption.trim()} ${brand.voice.signOff}` }
    case 'own-hashtag':
      return { ...draft, hashtags: chooseHashtags(brand, { ...request.wish, hashtags: true }) }
    case 'hashtag-count':
    case 'hashtags':
      return { ...draft, hashtags: chooseHashtags(brand, request.wish).slice(0, 10) }
    case 'disclosure':
      return { ...draft, caption: `${request.language.startsWith('es') ? '#publi' : '#ad'} ${draft.caption}` }
    case 'sentence-length':
      return { ...draft, caption: withShortSentences(draft.caption, brand.voice.maxSentenceWords) }
    case 'caption-length':
      return { ...draft, caption: shorten(draft.caption, brand) }
    default:
      return draft
  }
}

const tidy = (text: string): string =>
  text
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +([.,;:!?])/g, '$1')
    .replace(/([.!?]) *[.,;]+/g, '$1')
    .replace(/^[\s.,;:]+/, '')
    .trim()

/** Takes the sentence out when little else would be left of it, else only the phrase. */
function withoutPhrase(caption: string, phrase: string): string {
  const escaped = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu')
  const kept = caption
    .split(/(?<=[.!?…])\s+/u)
    .map((sentence) => {
      if (findPhrases(sentence, [phrase]).length === 0) return sentence
      const rest = tidy(sentence.replace(whole, ''))
      return (rest.match(/\p{L}+/gu)?.length ?? 0) >= 3 ? rest.charAt(0).toUpperCase() + rest.slice(1) : ''
    })
    .filter(Boolean)
  return tidy(kept.join(' '))
}

function withEmoji(caption: string, brand: Brand, { wish }: CaptionRequest): string {
  const setting = wish?.emoji === false ? 'none' : brand.voice.emoji
  const most = { none: 0, few: 3, many: 12 }[setting]
  let seen = 0
  const cut = caption.replace(EMOJI, (emoji) => {
    seen += 1
    return seen <= most ? emoji : ''
  })
  return countEmoji(cut) === 0 && setting === 'many' ? `${cut.trim()} ▶️` : tidy(cut)
}

export const withoutEmoji = (caption: string): string => tidy(caption.replace(EMOJI, ''))

const withPreferred = (caption: string, brand: Brand): string => {
  const [first = ''] = brand.voice.uses
  return first ? `${caption.trim()} ${first.charAt(0).toUpperCase()}${first.slice(1)}.` : caption
}

/** Breaks an over-long sentence at a comma or a joining word; where it has neither, it stays for a person. */
function withShortSentences(caption: string, most: number): string {
  return caption
    .split(/(?<=[.!?…])\s+/u)
    .map((sentence) => {
      if (sentence.split(/\s+/).length <= most) return sentence
      return sentence
        .split(/, (?=\p{L})|; | (?:and|y|but|pero) /u)
        .map((part) => part.trim().replace(/[.]$/, ''))
        .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
        .join('. ')
        .concat(/[.!?…]$/u.test(sentence) ? '' : '.')
    })
    .join(' ')
}

/** Drops sentences from the end, never the first nor the sign-off, until about two thirds are left. */
export function shorten(caption: string, brand: Brand): string {
  const signOff = brand.voice.signOff
  const body = signOff && caption.includes(signOff) ? caption.replace(signOff, '').trim() : caption
  const sentences = body.split(/(?<=[.!?…])\s+/u)
  const goal = Math.max(1, Math.floor((listSentences(body).length || sentences.length) * 0.66))
  const kept = sentences.slice(0, Math.min(goal, Math.max(1, sentences.length - 1)))
  return tidy([...kept, body === caption ? '' : signOff].join(' '))
}
