/** A person's names as one pattern that JavaScript and Postgres read alike. */
import { StakazoError } from '../runtime/core/errors.ts'
import { toKey } from './words.ts'

export interface Subject {
  /** Everything the person is called: name, handle, address, id at a network. */
  readonly names: readonly string[]
}

/** "Al" would erase half a dictionary. */
const NAME_CHARS_MIN = 3
/** Where a word begins, inside JSON as well: there a line ends with the two characters `\\n`. */
const BEGINS = String.raw`(?:(?<![[:alnum:]_])|(?<=\\[nrtbf]))`
const ENDS = '(?![[:alnum:]_])'

export interface SubjectPattern {
  /** For `~*`; whole words only, so that erasing "ana" leaves "banana". */
  readonly sql: string
  /** The same names anywhere in bytes that `encode(…, 'escape')` spells out. */
  readonly bytes: string
  test(text: string): boolean
}

export function toSubjectPattern({ names }: Subject): SubjectPattern {
  const asked = [...new Set(names.map((name) => name.trim()))]
  const short = asked.find((name) => [...name].length < NAME_CHARS_MIN)
  if (asked.length === 0 || short !== undefined) {
    throw new StakazoError(
      'bad-input',
      `a name of ${NAME_CHARS_MIN} characters or more is needed, not "${short ?? ''}"`,
    )
  }
  const spellings = [...new Set(asked.flatMap(toSpellings))]
  const whole = spellings.sort((a, b) => b.length - a.length).map(escapePattern)
  const begins = String.raw`(?:(?<![\p{L}\p{N}_])|(?<=\\[nrtbf]))`
  const javascript = new RegExp(`${begins}(?:${whole.join('|')})(?![\\p{L}\\p{N}_])`, 'iu')
  return {
    sql: `${BEGINS}(?:${whole.join('|')})${ENDS}`,
    bytes: whole.map(spellOut).join('|'),
    test: (text) => javascript.test(text),
  }
}

/** As typed, with accents in one or two characters, as memory's keys have it, and each as it stands inside JSON. */
const toSpellings = (name: string): string[] =>
  [name.normalize('NFC'), name.normalize('NFD'), toKey(name)].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
  ])

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** What is not ASCII stands there as one backslash and three octal digits a byte. */
const spellOut = (pattern: string): string =>
  pattern.replaceAll(/\P{ASCII}+/gu, (text) =>
    [...Buffer.from(text, 'utf8')].map((byte) => `\\\\${byte.toString(8)}`).join(''),
  )
