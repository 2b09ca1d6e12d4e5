import { countPhrase, fold } from '../words.ts'

const INFORMAL = {
  es: [
    'tú',
    'te',
    'ti',
    'tu',
    'tus',
    'contigo',
    'tuyo',
    'tuya',
    'vosotros',
    'vosotras',
    'os',
    'vuestro',
    'vuestra',
    'vuestros',
    'vuestras',
    'ven',
    'mira',
    'escucha',
    'dale',
    'descubre',
    'disfruta',
    'síguenos',
    'cuéntanos',
    'dinos',
    'sabes',
    'quieres',
    'puedes',
    'tienes',
    'venid',
    'mirad',
  ],
  en: [
    "don't",
    "can't",
    "won't",
    "you're",
    "we're",
    "it's",
    "let's",
    "y'all",
    'gonna',
    'wanna',
    'gotta',
    'hey',
    'guys',
    'folks',
    'yeah',
    'cool',
    'check out',
    "c'mon",
  ],
} as const
const FORMAL = {
  es: [
    'usted',
    'ustedes',
    'su',
    'sus',
    'le',
    'les',
    'consigo',
    'suyo',
    'suya',
    'venga',
    'mire',
    'escuche',
    'descubra',
    'disfrute',
    'síganos',
    'cuéntenos',
    'díganos',
    'sabe',
    'quiere',
    'puede',
    'tiene',
    'acompáñenos',
    'consulte',
    'visite',
  ],
  en: [
    'kindly',
    'we invite you',
    'please be advised',
    'do not',
    'cannot',
    'you are',
    'we are',
    'it is',
    'you are',
    'do not',
    'we would',
    'we are pleased',
    'dear',
  ],
} as const

/**
 * Words that only address: `su`, `le`, `sabe`, `puede` also speak of third persons, so alone they weigh little.
 */
const WEAK = new Set([
  'su',
  'sus',
  'le',
  'les',
  'sabe',
  'quiere',
  'puede',
  'tiene',
  'it is',
  'you are',
  'do not',
  'we are',
  'te',
  'tu',
  'tus',
])

export interface AddressReading {
  readonly formal: number
  readonly informal: number
  /** Words that spoke, in their own spelling. */
  readonly words: readonly string[]
}

/** Pure: how a text speaks to its reader; languages other than Spanish and English give zero for both. */
export function readAddress(text: string, language: string): AddressReading {
  const key = language.slice(0, 2)
  if (key !== 'es' && key !== 'en') return { formal: 0, informal: 0, words: [] }
  const folded = fold(text)
  const weigh = (words: readonly string[]) =>
    words
      .map((word) => ({ word, weight: countPhrase(folded, word) * (WEAK.has(word) ? 0.3 : 1) }))
      .filter(({ weight }) => weight > 0)
  const informal = weigh(INFORMAL[key])
  const formal = weigh(FORMAL[key])
  const total = (found: typeof informal) => found.reduce((sum, { weight }) => sum + weight, 0)
  return {
    formal: total(formal),
    informal: total(informal),
    words: [...formal, ...informal].map(({ word }) => word),
  }
}
