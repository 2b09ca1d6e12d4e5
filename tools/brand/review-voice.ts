/**
 * How far a text sounds like its brand: each rule takes off points, and what is left is the score. Every field of the
 * voice has its rule, so that changing the brand changes the verdict.
 */
import type { Brand, Post, Review } from '../../runtime/core/entities.ts'
import { countEmoji, countPhrase, findPhrases, fold, listSentences, listWords } from '../words.ts'
import { readAddress } from './address.ts'
import { nearest } from './likeness.ts'
import { opposedTones, readTones, toTone } from './tones.ts'

/** Below it the text goes back to its writer. */
const PASS_SCORE = 0.8

type Draft = Pick<Post, 'caption' | 'hashtags' | 'language'>
interface Penalty {
  readonly points: number
  readonly finding: Review['findings'][number]
}

const penalty = (points: number, rule: string, value: string, limit: string, fix: string): Penalty => ({
  points,
  finding: { rule, value, limit, fix },
})

/** Pure. `written` is the language the caption was found to be in, undefined when it cannot be told. */
export function reviewVoice(draft: Draft, brand: Brand, written: string | undefined): Review {
  const banned = findPhrases(`${draft.caption}\n${draft.hashtags.join(' ')}`, brand.voice.avoids)
  const penalties = [
    ...banned.map((word) =>
      penalty(0.5, 'avoided-word', word, 'never', `Say it without "${word}": the brand never uses it.`),
    ),
    ...checkEmpty(draft),
    ...checkPreferred(draft, brand),
    ...checkTone(draft, brand),
    ...checkAddress(draft, brand),
    ...checkEmoji(draft, brand),
    ...checkSentences(draft, brand),
    ...checkHashtags(draft, brand),
    ...checkLanguage(draft, brand, written),
    ...checkExamples(draft, brand),
    ...checkSignOff(draft, brand),
  ]
  const score = Math.max(0, 1 - penalties.reduce((sum, { points }) => sum + points, 0))
  return {
    by: 'brand-voice',
    verdict: banned.length > 0 ? 'block' : score >= PASS_SCORE ? 'pass' : 'revise',
    score: Math.round(score * 1000) / 1000,
    findings: penalties.map(({ finding }) => finding),
  }
}

const checkEmpty = ({ caption }: Draft): Penalty[] =>
  listWords(caption).length > 0
    ? []
    : [penalty(1, 'empty', 'no words', 'a caption', 'Write at least one sentence.')]

function checkPreferred({ caption, hashtags }: Draft, { voice }: Brand): Penalty[] {
  if (voice.uses.length === 0) return []
  const used = findPhrases(`${caption}\n${hashtags.join(' ')}`, voice.uses)
  if (used.length > 0) return []
  const some = voice.uses.slice(0, 5).join(', ')
  return [penalty(0.1, 'preferred-words', 'none used', 'one or more', `Use a word the brand likes: ${some}.`)]
}

function checkTone({ caption }: Draft, { voice }: Brand): Penalty[] {
  const wanted = [...new Set(voice.tone.map(toTone).filter((tone) => tone !== undefined))]
  if (wanted.length === 0) return []
  const { marks } = readTones(caption)
  const silent = wanted.filter((tone) => marks[tone] < 0.5)
  const against = opposedTones(wanted).filter((tone) => marks[tone] >= 1)
  return [
    ...silent.map((tone) =>
      penalty(
        0.15 / wanted.length,
        'tone',
        `nothing ${tone}`,
        voice.tone.join(', '),
        `Make it sound more ${tone}: its words, its rhythm.`,
      ),
    ),
    ...against.map((tone) =>
      penalty(0.12, 'tone', tone, voice.tone.join(', '), `It sounds ${tone}, which this brand is not.`),
    ),
  ]
}

function checkAddress({ caption, language }: Draft, { voice }: Brand): Penalty[] {
  const { formal, informal, words } = readAddress(caption, language)
  const isFormal = voice.address === 'formal'
  const [right, wrong] = isFormal ? [formal, informal] : [informal, formal]
  if (wrong < 1 || wrong <= right) return []
  const form = language.startsWith('es') ? (isFormal ? 'usted' : 'tú') : voice.address
  return [penalty(0.25, 'address', words.join(', '), form, `Address the reader as ${form} throughout.`)]
}

/** What "few" and "many" mean to an owner who chooses between them. */
const EMOJI_LIMITS = { none: [0, 0], few: [0, 3], many: [1, 12] } as const

function checkEmoji({ caption }: Draft, { voice }: Brand): Penalty[] {
  const count = countEmoji(caption)
  const [least, most] = EMOJI_LIMITS[voice.emoji]
  if (count > most) {
    const points = voice.emoji === 'none' ? 0.22 : Math.min(0.2, 0.05 * (count - most))
    return [penalty(points, 'emoji', `${count}`, `at most ${most}`, `Take ${count - most} emoji out.`)]
  }
  return count < least ? [penalty(0.05, 'emoji', `${count}`, `at least ${least}`, 'Add an emoji.')] : []
}

function checkSentences({ caption }: Draft, { voice }: Brand): Penalty[] {
  const limit = voice.maxSentenceWords
  const lengths = listSentences(caption).map((sentence) => listWords(sentence).length)
  const long = lengths.filter((length) => length > limit)
  if (long.length === 0) return []
  const excess = Math.max(...long) / limit - 1
  return [
    penalty(
      Math.min(0.25, 0.08 * long.length + 0.1 * excess),
      'sentence-length',
      `${Math.max(...long)} words`,
      `${limit} words`,
      long.length === 1 ? 'Cut the long sentence in two.' : `Shorten ${long.length} sentences.`,
    ),
  ]
}

const HASHTAGS_MAX = 10

function checkHashtags({ caption, hashtags }: Draft, { voice }: Brand): Penalty[] {
  const used = [...(caption.match(/#[\p{L}\p{N}_]+/gu) ?? []), ...hashtags].map(bare)
  const distinct = new Set(used.filter(Boolean))
  const own = voice.hashtags.map(bare).filter(Boolean)
  const isOwnMissing = own.length > 0 && !own.some((tag) => distinct.has(tag))
  const most = Math.max(HASHTAGS_MAX, own.length)
  return [
    ...(isOwnMissing
      ? [
          penalty(
            0.1,
            'own-hashtag',
            'none used',
            voice.hashtags.join(' '),
            `Add one of the brand's own hashtags: ${voice.hashtags.slice(0, 3).join(' ')}.`,
          ),
        ]
      : []),
    ...(distinct.size > most
      ? [penalty(0.1, 'hashtag-count', `${distinct.size}`, `${most}`, 'Keep the hashtags that fit best.')]
      : []),
  ]
}

const bare = (tag: string): string => fold(tag).replace(/^#/, '').replace(/\s/g, '')

function checkLanguage({ language }: Draft, brand: Brand, written: string | undefined): Penalty[] {
  const wanted = language.slice(0, 2)
  return [
    ...(written !== undefined && written !== wanted
      ? [penalty(0.4, 'language', written, wanted, `Write the caption in ${wanted}.`)]
      : []),
    ...(wanted === brand.language.slice(0, 2)
      ? []
      : [
          penalty(
            0.15,
            'brand-language',
            wanted,
            brand.language,
            `The brand speaks ${brand.language}; keep ${wanted} only where somebody asked for it.`,
          ),
        ]),
  ]
}

/** From here on two captions share most of their wording. */
const LIKE_REJECTED = 0.5
const UNLIKE_APPROVED = 0.08

function checkExamples({ caption }: Draft, { voice }: Brand): Penalty[] {
  const approved = nearest(caption, voice.approved)
  const rejected = nearest(caption, voice.rejected)
  const percent = (value: number) => `${Math.round(value * 100)} %`
  const isNearRejected = rejected >= LIKE_REJECTED && rejected > approved
  return [
    ...(isNearRejected
      ? [
          penalty(
            0.1 + 0.4 * rejected,
            'like-rejected',
            percent(rejected),
            `below ${percent(LIKE_REJECTED)}`,
            'The owner rejected a caption worded like this; write it anew.',
          ),
        ]
      : []),
    ...(voice.approved.length > 0 && approved < UNLIKE_APPROVED
      ? [
          penalty(
            0.05,
            'unlike-approved',
            percent(approved),
            `${percent(UNLIKE_APPROVED)} or more`,
            'Come closer to the wording of the captions the owner approved.',
          ),
        ]
      : []),
  ]
}

function checkSignOff({ caption }: Draft, { voice }: Brand): Penalty[] {
  if (!voice.signOff || countPhrase(fold(caption), voice.signOff) > 0) return []
  return [penalty(0.1, 'sign-off', 'missing', voice.signOff, `End with "${voice.signOff}".`)]
}
