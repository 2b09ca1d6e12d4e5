import type { Field, Mention } from './field.ts'

/** Languages by name; the tag travels, whoever writes says whether it can. */
const TONGUES: readonly (readonly [string, string, RegExp])[] = [
  [
    'en',
    'English',
    /\b(?:in|en|into|al) (?:english|ingles)\b|\benglish (?=captions?|copy|text)|(?<=captions? |textos? )(?:english|ingles)\b/g,
  ],
  [
    'es',
    'Spanish',
    /\b(?:in|en|into|al) (?:spanish|espanol|castellano)\b|\bspanish (?=captions?|copy|text)|(?<=captions? |textos? )(?:spanish|espanol)\b/g,
  ],
  ['fr', 'French', /\b(?:in|en|into|al) (?:french|frances)\b/g],
  ['pt', 'Portuguese', /\b(?:in|en|into|al) (?:portuguese|portugues)\b/g],
  ['de', 'German', /\b(?:in|en|into|al) (?:german|aleman)\b/g],
  ['it', 'Italian', /\b(?:in|en|into|al) (?:italian|italiano)\b/g],
  ['ca', 'Catalan', /\b(?:in|en|into|al) (?:catalan|catala)\b/g],
]

export interface Tongue {
  tag: string
  name: string
}

export const takeTongues = (field: Field): Mention<Tongue>[] =>
  TONGUES.flatMap(([tag, name, pattern]) => field.take(pattern, () => ({ tag, name })))
