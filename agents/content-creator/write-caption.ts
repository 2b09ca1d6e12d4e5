/**
 * A caption from what is known: the brand's words, the owner's facts, the clip's measured length and place. Many are
 * built, the brand's own arithmetic (`review-voice`) chooses; nothing is said about what the film shows.
 */
import { sha256Hex } from '../../runtime/core/digest.ts'
import type { Brand } from '../../runtime/core/entities.ts'
import { likeness, profileOf } from '../../tools/brand/likeness.ts'
import { reviewVoice } from '../../tools/brand/review-voice.ts'
import { toTone } from '../../tools/brand/tones.ts'
import { findPhrases, listWords } from '../../tools/words.ts'
import { findLang, type Lang } from '../words/language.ts'
import { secondsOf } from '../words/units.ts'
import type { Wish } from './brief.ts'
import { factSentences } from './facts.ts'
import { INVITATIONS, type Manner, PHRASES, PLACES } from './phrases.ts'

export interface CaptionRequest {
  brand: Brand
  language: string
  clip: { ordinal: number; of: number; durationMs: number; startMs: number }
  wish?: Wish
  /** Captions this one must differ from. */
  taken: readonly string[]
}

/** Enough variety to find a good one, few enough to score each in a moment. */
const CANDIDATES = 36
/** What sameness costs next to a review's points: as much as a wrong tone. */
const SAMENESS = 0.3

export function writeCaption(request: CaptionRequest): string {
  const { brand, wish } = request
  if (wish?.text !== undefined) return withMentions(wish.text, wish)
  const judged = { ...brand, voice: voiceFor(request) }
  const hashtags = chooseHashtags(brand, wish)
  const taken = request.taken.map(profileOf)
  const scored = buildCandidates(request, judged).map((caption) => {
    const { score } = reviewVoice({ caption, hashtags, language: request.language }, judged, undefined)
    const own = profileOf(caption)
    const sameness = Math.max(0, ...taken.map((other) => likeness(own, other)))
    const isSame = request.taken.includes(caption)
    return { caption, score: isSame ? -1 : score - SAMENESS * sameness }
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return withMentions(best.caption, wish)
}

/** The brand's voice with what the person wished for this time. */
function voiceFor({ brand, wish }: Pick<CaptionRequest, 'brand' | 'wish'>): Brand['voice'] {
  const emoji =
    wish?.emoji === false ? 'none' : wish?.emoji && brand.voice.emoji === 'none' ? 'few' : brand.voice.emoji
  return { ...brand.voice, emoji, address: wish?.address ?? brand.voice.address }
}

export function chooseHashtags(brand: Brand, wish: Wish | undefined): string[] {
  if (wish?.hashtags === false) return []
  if (brand.voice.hashtags.length > 0 || wish?.hashtags !== true) return brand.voice.hashtags.slice(0, 10)
  return [brand.name]
}

const withMentions = (caption: string, wish: Wish | undefined): string => {
  const missing = (wish?.mentions ?? []).filter((name) => !caption.includes(name))
  return missing.length > 0 ? `${caption}\n${missing.join(' ')}` : caption
}

interface Parts {
  openings: string[]
  uses: string[]
  facts: string[]
  invitations: string[]
  emoji: string[]
}

function buildCandidates(request: CaptionRequest, brand: Brand): string[] {
  const parts = partsFor(request, brand)
  const seed = Number.parseInt(
    sha256Hex(`${brand.id}/${request.clip.ordinal}/${request.clip.startMs}`).slice(0, 6),
    16,
  )
  const captions = Array.from({ length: CANDIDATES }, (_, index) =>
    assemble(request, brand, parts, seed + index),
  )
  const clean = captions.filter((caption) => findPhrases(caption, brand.voice.avoids).length === 0)
  return clean.length > 0 ? clean : [plainest(request, brand)]
}

/** Rotations of different lengths, so that neighbouring indices differ in every part. */
function assemble(request: CaptionRequest, brand: Brand, parts: Parts, turn: number): string {
  const at = (list: readonly string[], by: number) =>
    list[Math.floor(turn / by) % Math.max(1, list.length)] ?? ''
  const { ordinal } = request.clip
  const isShort = request.wish?.length === 'shorter'
  const isLong = request.wish?.length === 'longer'
  const facts = rotate(parts.facts, ordinal - 1).slice(0, isShort ? 1 : isLong ? 4 : 2)
  const sentences = [
    at(parts.openings, 1),
    isShort ? '' : at(rotate(parts.uses, ordinal - 1), 3),
    ...facts,
    isShort ? '' : at(parts.invitations, 2),
    brand.voice.signOff,
  ]
  const text = unique(sentences.filter(Boolean)).join(' ')
  return brand.voice.emoji === 'none' ? text : `${text} ${emojiFor(parts, brand, turn)}`.trim()
}

const emojiFor = (parts: Parts, brand: Brand, turn: number): string =>
  rotate(parts.emoji, turn)
    .slice(0, brand.voice.emoji === 'many' ? 2 : 1)
    .join('')

function partsFor(request: CaptionRequest, brand: Brand): Parts {
  const lang = findLang(request.language)
  const facts = factSentences(brand, lang)
  const uses = brand.voice.uses.map(asSentence)
  if (!lang) return { openings: [`${brand.name}.`], uses, facts, invitations: [], emoji: ['▶️'] }
  const manners = mannersOf(brand)
  const fill = (text: string) => filled(text, request, brand, lang)
  return {
    openings: manners
      .flatMap((manner) => PHRASES[lang][manner].openings.map(fill))
      .filter((opening) => listWords(opening).length <= brand.voice.maxSentenceWords + 4),
    uses,
    facts,
    invitations: [...INVITATIONS[lang][brand.voice.address]],
    emoji: manners.flatMap((manner) => [...PHRASES[lang][manner].emoji]),
  }
}

function mannersOf(brand: Brand): Manner[] {
  const tones = brand.voice.tone.map(toTone).filter((tone) => tone !== undefined)
  return tones.length > 0 ? [...new Set(tones)] : ['plain']
}

function filled(text: string, { clip }: CaptionRequest, brand: Brand, lang: Lang): string {
  const sentence = text
    .replace('{seconds}', secondsOf(clip.durationMs, lang))
    .replace('{brand}', brand.name)
    .replace('{place}', PLACES[lang](clip.ordinal, clip.of))
  // A place or a name may stand at the start of any sentence of the phrase.
  return sentence.replace(
    /(^|[.!?]\s+)(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )
}

const asSentence = (phrase: string): string => {
  const text = phrase.trim()
  if (text === '') return ''
  const start = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(start) ? start : `${start}.`
}

/** When every wording holds a word the brand avoids: only its name and the measured length. */
const plainest = ({ clip, language }: CaptionRequest, brand: Brand): string =>
  [`${brand.name} · ${secondsOf(clip.durationMs, language)}.`, brand.voice.signOff].filter(Boolean).join(' ')

const rotate = <T>(list: readonly T[], by: number): T[] => {
  const at = list.length === 0 ? 0 : ((by % list.length) + list.length) % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}

const unique = (sentences: readonly string[]): string[] => [...new Set(sentences)]
