/** Small numbers as people write them. `once` is eleven in Spanish and an adverb in English, so the language decides. */
import type { Lang } from '../../words/language.ts'

const EN: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  'forty five': 45,
  'forty-five': 45,
  fifty: 50,
  sixty: 60,
  ninety: 90,
}
const ES: Record<string, number> = {
  un: 1,
  uno: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  once: 11,
  doce: 12,
  quince: 15,
  veinte: 20,
  treinta: 30,
  cuarenta: 40,
  'cuarenta y cinco': 45,
  cincuenta: 50,
  sesenta: 60,
  noventa: 90,
}

const words = [...Object.keys(EN), ...Object.keys(ES)].sort((a, b) => b.length - a.length)
/** Source of a pattern that reads a number in digits or words, to be placed between word borders. */
export const NUMBER = `(?:\\d{1,4}(?:[.,]\\d{1,2})?|${words.join('|')})`

export function readNumber(text: string, language: Lang): number | undefined {
  const word = text.trim()
  if (/^\d/.test(word)) return Number(word.replace(',', '.'))
  if (word === 'once' && language === 'en') return undefined
  return EN[word] ?? ES[word]
}

const ORDINALS: readonly (readonly string[])[] = [
  ['first', '1st', 'primer', 'primero', 'primera'],
  ['second', '2nd', 'segundo', 'segunda'],
  ['third', '3rd', 'tercer', 'tercero', 'tercera'],
  ['fourth', '4th', 'cuarto', 'cuarta'],
  ['fifth', '5th', 'quinto', 'quinta'],
  ['sixth', '6th', 'sexto', 'sexta'],
  ['seventh', '7th', 'septimo', 'septima'],
  ['eighth', '8th', 'octavo', 'octava'],
  ['ninth', '9th', 'noveno', 'novena'],
  ['tenth', '10th', 'decimo', 'decima'],
]
export const ORDINAL = `(?:${ORDINALS.flat().join('|')})`

export const readOrdinal = (word: string): number | undefined => {
  const place = ORDINALS.findIndex((row) => row.includes(word))
  return place < 0 ? undefined : place + 1
}
