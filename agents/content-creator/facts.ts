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

/** Sentences of facts short enough for the brand's rhythm and free of words it avoids, in the owner's order. */
export function factSentences(brand: Pick<Brand, 'facts' | 'voice'>, language: Lang | undefined): string[] {
  return Object.entries(brand.facts)
    .map(([key, value]) => sentenceOf(key, value.trim(), language))
    .filter((sentence) => listWords(sentence).length > 0)
    .filter((sentence) => listWords(sentence).length <= brand.voice.maxSentenceWords)
    .filter((sentence) => findPhrases(sentence, brand.voice.avoids).length === 0)
}

const sentenceOf = (key: string, value: string, language: Lang | undefined): string =>
  /[.!?…]$/.test(value) ? value : `${labelOf(key, language)}: ${value}.`
