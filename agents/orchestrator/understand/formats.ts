import type { Format } from '../../../runtime/core/entities.ts'
import type { Field, Mention } from './field.ts'

/** Names of shapes in both languages; a network's habit ("TikTok style") names a shape too, not the network. */
const SHAPES: readonly (readonly [Format, RegExp])[] = [
  ['9:16', /(?<!\b(?:at|las?) )\b9 ?[:x/] ?16\b|\b1080 ?x ?1920\b/g],
  ['16:9', /(?<!\b(?:at|las?) )\b16 ?[:x/] ?9\b|\b1920 ?x ?1080\b/g],
  ['4:5', /(?<!\b(?:at|las?) )\b4 ?[:x/] ?5\b|\b1080 ?x ?1350\b/g],
  ['1:1', /(?<!\b(?:at|las?) )\b1 ?[:x/] ?1\b|\b1080 ?x ?1080\b/g],
  [
    '9:16',
    /\b(?:tik ?tok|shorts?|reels?)[- ](?:style|like|format)\b|\b(?:estilo|formato|tipo) (?:tik ?tok|shorts?|reels?)\b/g,
  ],
  ['4:5', /\b(?:portrait 4 ?to ?5|feed portrait|retrato 4 a 5|vertical de feed)\b/g],
  [
    '9:16',
    /\b(?:verticals?|verticales|upright|portraits?|retratos?|full[- ]?screen|pantalla completa|en vertical)\b/g,
  ],
  ['1:1', /\b(?:squared?|squares|cuadrad[oa]s?|en cuadrado)\b/g],
  ['16:9', /\b(?:horizontal(?:es|ly)?|landscape|wide ?screen|panoramic[oa]s?|apaisad[oa]s?)\b/g],
]

export const takeFormats = (field: Field): Mention<Format>[] =>
  SHAPES.flatMap(([format, pattern]) => field.take(pattern, () => format))

/** Reels are vertical by nature; the word also counts clips, so it is looked at, not taken. */
export const speaksOfReels = (text: string): boolean => /\breels?\b/.test(text)
