/**
 * Text as recall compares it: lower case, without accents, without the words that say nothing, cut to their stem. One
 * reading for what is stored and what is asked, so that `campanas` finds `campañas` and `approval` finds `approved`.
 */

/** English and Spanish function words; what is asked in another language is weighed by rarity alone. */
const SILENT = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have he her him his how i if in into is it its ' +
    'may me might must my no not of on or our she should so than that the their them then there these they this to up us was we were what ' +
    'when where which who whom whose why will with would shall you your about any ' +
    'al algo como con cual cuales cuando cuanto cuanta cuantos cuantas de del desde donde el ella ellos en entre era es esa ese eso esta este esto ' +
    'fue ha han hay la las le les lo los mas me mi muy no nos o os para pero por que quien quienes se ser si sin sobre su sus ' +
    'te tu un una uno unos unas y ya son'
  ).split(' '),
)

/**
 * Endings of both languages once the plural is off. A light stemmer: it only has to give inflections of one word one
 * form, and may join neighbours (`hour`, `hora`), which rarity then outweighs.
 */
const ENDINGS = (
  'amiento imiento acione ucione acion ucion cione cion mente iendo ieron ando aron ado ada ido ida ment edly ing ' +
  'ed ie al er ar ir an en e a i o y'
)
  .split(' ')
  .sort((a, b) => b.length - a.length)

const STEM_CHARS_MIN = 3

function stem(word: string): string {
  if (/\d/.test(word)) return word
  const single = word.length > STEM_CHARS_MIN && /[^s]s$/.test(word) ? word.slice(0, -1) : word
  const ending = ENDINGS.find((one) => single.length - one.length >= STEM_CHARS_MIN && single.endsWith(one))
  const cut = ending ? single.slice(0, -ending.length) : single
  // "planned" and "plan" meet only when the doubled consonant goes, too.
  return /([bdgklmnprt])\1$/.test(cut) ? cut.slice(0, -1) : cut
}

const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Scripts without spaces are cut into overlapping pairs, which find a word wherever it stands. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+$/u

function cutUnspaced(word: string): string[] {
  const chars = [...word]
  return chars.length < 2 ? chars : chars.slice(1).map((char, index) => `${chars[index]}${char}`)
}

/** Longer runs of letters are hashes or base64, and tsvector refuses words above 2 kB. */
const WORD_CHARS_MAX = 64

/** The stems of a text in order, repeats included. */
export function toWords(text: string): string[] {
  const found = plain(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return found.flatMap((word) => {
    if (SILENT.has(word) || word.length > WORD_CHARS_MAX) return []
    return UNSPACED.test(word) ? cutUnspaced(word) : [stem(word)]
  })
}

/** A name as a key: `Señal FM` and `senal  fm` are one subject. */
export const toKey = (name: string): string => plain(name).replaceAll(/\s+/g, ' ').trim()
