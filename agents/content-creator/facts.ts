/** The owner's facts as sentences: labelled, never embroidered. */
import type { Brand } from '../../runtime/core/entities.ts'
import { findPhrases, fold, listWords } from '../../tools/words.ts'
import type { Lang } from '../words/language.ts'

/** Labels owners use, in both languages, so that a Spanish label does not stand in an English caption. */
const LABELS: readonly (readonly [string, string])[] = [
  ['artist', 'artista'],
  ['release', 'lanzamiento'],
  ['release date', 'fecha de lanzamiento'],
  ['date', 'fecha'],
  ['venue', 'lugar'],
  ['place', 'lugar'],
  ['city', 'ciudad'],
  ['product', 'producto'],
  ['album', 'álbum'],
  ['song', 'canción'],
  ['single', 'sencillo'],
  ['tour', 'gira'],
  ['price', 'precio'],
  ['event', 'evento'],
  ['founded', 'fundación'],
  ['website', 'web'],
  ['slogan', 'lema'],
  ['designer', 'diseño'],
  ['collection', 'colección'],
  ['opening hours', 'horario'],
]

function labelOf(key: string, language: Lang | undefined): string {
  const plain = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
  const known = LABELS.find((names) => names.some((name) => fold(name) === fold(plain)))
  const label = known && language ? known[language === 'en' ? 0 : 1] : plain.toLowerCase()
  return label.charAt(0).toUpperCase() + label.slice(1)
}

const WORKS = ['title', 'song', 'single', 'album', 'título', 'canción', 'sencillo', 'álbum']
const MAKERS = ['artist', 'band', 'artista', 'banda', 'grupo']
const RELEASES = ['release', 'lanzamiento']

/** Sentences of facts short enough for the brand's rhythm and free of words it avoids, in the owner's order. */
export function factSentences(brand: Pick<Brand, 'facts' | 'voice'>, language: Lang | undefined): string[] {
  const facts = Object.entries(brand.facts).map(([key, value]) => ({ key, value: value.trim() }))
  const work = language && findFact(facts, WORKS)
  const maker = language && findFact(facts, MAKERS)
  const pair =
    work && maker ? { first: facts.find((fact) => fact === work || fact === maker), work, maker } : undefined
  return facts
    .flatMap((fact) => {
      if (pair && fact === pair.first) return [creditOf(pair.work.value, pair.maker.value, language)]
      return pair && (fact === pair.work || fact === pair.maker) ? [] : [sentenceOf(fact, language)]
    })
    .filter((sentence) => listWords(sentence).length > 0)
    .filter((sentence) => listWords(sentence).length <= brand.voice.maxSentenceWords)
    .filter((sentence) => findPhrases(sentence, brand.voice.avoids).length === 0)
}

interface Fact {
  readonly key: string
  readonly value: string
}

const findFact = (facts: readonly Fact[], names: readonly string[]): Fact | undefined =>
  facts.find(({ key, value }) => value !== '' && names.some((name) => fold(name) === fold(key)))

/** Who made what, as people write it. */
const creditOf = (work: string, maker: string, language: Lang | undefined): string =>
  language === 'es' ? `«${work}», de ${maker}.` : `“${work}” by ${maker}.`

/** A release told in words ("out now") speaks for itself; everything else keeps its label. */
function sentenceOf({ key, value }: Fact, language: Lang | undefined): string {
  if (/[.!?…]$/.test(value)) return value
  const isSaying = RELEASES.some((name) => fold(name) === fold(key)) && !/\d/.test(value) && value !== ''
  return isSaying
    ? `${value.charAt(0).toUpperCase()}${value.slice(1)}.`
    : `${labelOf(key, language)}: ${value}.`
}
