import { countEmoji, listWords, toProse } from '../words.ts'

/** In reach of the product; among all sixty, short texts are taken for neighbours of theirs. */
const CANDIDATES = ['en', 'es', 'pt', 'fr', 'it', 'de', 'nl', 'ca', 'pl', 'tr']
const WORDS_MIN = 3

/** Loaded on first use: its table of letter groups takes a second of nobody else's start. */
async function openDetector() {
  const { eld } = await import('eld/small')
  eld.setLanguageSubset(CANDIDATES)
  return eld
}
let detector: ReturnType<typeof openDetector> | undefined

/** Two letters of the language a text is written in; undefined where it is too short or too mixed to tell. */
export async function detectLanguage(text: string): Promise<string | undefined> {
  const prose = toProse(text)
  if (listWords(prose).length < WORDS_MIN || countEmoji(prose) > 0) return undefined
  detector ??= openDetector()
  const answer = (await detector).detect(prose)
  return answer.isReliable() ? answer.language : undefined
}
