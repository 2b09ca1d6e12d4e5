/** Which clips are meant ("clip 2", "the second one", "el 3") and how many are wanted ("three", "un par de"). */
import type { Lang } from '../../words/language.ts'
import type { Field, Mention } from './field.ts'
import { NUMBER, ORDINAL, readNumber, readOrdinal } from './numbers.ts'

export const MAX_CLIPS = 12

const NOUN =
  '(?:clips?|reels?|shorts?|videos?|videoclips?|cortes?|cuts?|pieces?|piezas?|fragmentos?|snippets?|highlights?|momentos?|moments?|extractos?|teasers?|versions?|versiones)'
const LIST = `${NUMBER}(?:(?: ?, ?(?:and |y |& ?)?| and | y | & | e )(?:el |the |clips? )?${NUMBER}(?!\\w| no\\b))*`

const numbersOf = (list: string, language: Lang): number[] =>
  list
    .split(/ ?, ?(?:and |y |& ?)?| and | y | & | e /)
    .map((part) => readNumber(part.replace(/^(?:el|the|clips?) /, ''), language))
    .filter((value): value is number => value !== undefined && Number.isInteger(value) && value > 0)

export type ClipChoice = { ordinals: number[] } | { every: true } | { last: true }

const listed =
  (language: Lang) =>
  (match: RegExpMatchArray): ClipChoice | undefined => {
    const ordinals = numbersOf(match[1] ?? '', language)
    return ordinals.length > 0 ? { ordinals } : undefined
  }

/** "the first two" */
const upTo = (count: number | undefined): ClipChoice | undefined =>
  count === undefined || !Number.isInteger(count) || count > MAX_CLIPS
    ? undefined
    : { ordinals: Array.from({ length: count }, (_, index) => index + 1) }

function named(match: RegExpMatchArray): ClipChoice | undefined {
  const ordinals = [match[1], match[2]].map((word) => readOrdinal(word ?? '')).filter((n) => n !== undefined)
  return ordinals.length > 0 ? { ordinals } : undefined
}

/** Clips said to be clips: "clip 2", "#3", "the second one". Read early, before their numbers look like times. */
export function takeNamedClips(field: Field, language: Lang): Mention<ClipChoice>[] {
  return [
    ...field.take(
      new RegExp(
        `\\b(?:clips?|reels?|posts?|numbers?|numeros?|n[ºo°]\\.?|no\\.) ?#?(${LIST})(?!\\w|:\\d| ?x\\b)(?! ${NOUN}\\b)`,
        'g',
      ),
      listed(language),
    ),
    ...field.take(/#(\d{1,2})\b/g, listed(language)),
    ...field.take(
      new RegExp(
        `\\b(?:the |los |las )?(?:first|primer[oa]s) (${NUMBER})(?: ${NOUN}| ones)?\\b(?! ?(?:s|secs?|seconds?|mins?|minutes?|seg|segundos?|minutos?)\\b)`,
        'g',
      ),
      (match) => upTo(readNumber(match[1] ?? '', language)),
    ),
    ...field.take(
      new RegExp(
        `\\b(?:the |el |la |del |al )(${ORDINAL})(?: (?:and|y) (?:the |el |la )?(${ORDINAL}))?(?: (?:${NOUN}|one|ones|posts?|publicacion))?(?! (?:\\d|(?:one|two|three|four|five|six|dos|tres|cuatro|cinco|seis)\\b))(?! (?:of|de)\\b)\\b`,
        'g',
      ),
      named,
    ),
    ...field.take(new RegExp(`\\b(${ORDINAL}) (?:${NOUN}|one|post)\\b`, 'g'), named),
    ...field.take(
      /\b(?:the |el |la )?(?:last|latest|ultim[oa]) (?:clip|one|reel|video)\b|\bthe last\b(?! \w)|\bel ultimo\b(?! \w)/g,
      (): ClipChoice => ({ last: true }),
    ),
  ]
}

const LOOSE_AFTER =
  '(?= *(?:$|[.,;!?)]|·|(?:y|and|but|pero|no|a|to|for|para|por|now|ya|ahora|today|hoy|on|en|mas|menos|instead)\\b))'

/** What is left and can only mean clips: "el 1 y el 3", "both", "all of them". */
export function takeLooseClips(field: Field, language: Lang): Mention<ClipChoice>[] {
  return [
    ...field.take(
      new RegExp(`\\b(?:el|del|al|los|the|only|solo|just|menos|except|not) (${LIST})${LOOSE_AFTER}`, 'g'),
      (match) =>
        /\b(?:the|only|just|not) (?:one|ones|a|an)\b/.test(match[0]) ? undefined : listed(language)(match),
    ),
    ...field.take(
      new RegExp(
        `(?<=\\b(?:publish|post|publica|sube|cancel|cancela|undo|shorten|acorta) )(\\d{1,2}(?:(?:, ?| and | y )\\d{1,2})*)${LOOSE_AFTER}`,
        'g',
      ),
      listed(language),
    ),
    ...field.take(
      /\b(?:all(?: of)?(?: them| the clips| clips| three| the posts| posts)?|everything|every (?:clip|one)|each (?:clip|one)|both(?: of them| clips)?|todos(?: los clips)?|todas|todo|ambos|los dos|los tres|cada (?:clip|uno))\b/g,
      (): ClipChoice => ({ every: true }),
    ),
  ]
}

const VAGUE: readonly (readonly [RegExp, number])[] = [
  [new RegExp(`\\b(?:half a dozen|media docena)(?: de)?(?: [\\w·-]+){0,4}? ${NOUN}`, 'g'), 6],
  [new RegExp(`\\b(?:a|una) (?:dozen|docena)(?: of| de)?(?: [\\w·-]+){0,4}? ${NOUN}`, 'g'), 12],
  [new RegExp(`\\b(?:a couple(?: of)?|a pair of|un par(?: de)?)(?: [\\w·-]+){0,4}? ${NOUN}`, 'g'), 2],
  [
    new RegExp(`\\b(?:a few|some|several|unos(?: cuantos)?|algunos|varios)(?: [\\w·-]+){0,4}? ${NOUN}`, 'g'),
    3,
  ],
]

/** Words that end the reach of a number: "a long film into clips" wants no single clip. */
const STOP =
  '(?!(?:and|y|e|the|el|los|las|this|este|esta|into|in|en|from|of the|de los|del|but|pero|por|con|with)\\b)'

export interface Count {
  count: number
  /** "a video" may be the film itself; "three clips" never is. */
  isSure: boolean
}

/** How many are wanted, in the order said; "these two videos" counts films, not clips. */
export function takeCounts(
  field: Field,
  language: Lang,
  /** Where lengths and formats begin: "three 15-second", "3 verticals". */
  starts: ReadonlySet<number>,
): Mention<Count>[] {
  const vague = VAGUE.flatMap(([pattern, count]) =>
    field.take<Count>(pattern, () => ({ count, isSure: true })),
  )
  const counted = field.take<Count>(
    new RegExp(`(?<![\\w·.:])(${NUMBER})(?: ?x)?((?: ${STOP}[\\w·.:-]+){0,5}?) (${NOUN})(?![\\w])`, 'g'),
    (match, at) => {
      const count = readNumber(match[1] ?? '', language)
      const before = field.rest().slice(0, at)
      const isFilm =
        /^videos?$/.test(match[3] ?? '') &&
        /(?:\b(?:these|those|the|my|our|both|estos|esos|los|mis|nuestros|of|de)) $/.test(before)
      return count === undefined || !Number.isInteger(count) || isFilm
        ? undefined
        : { count, isSure: !/^(?:videos?|versions?|versiones)$/.test(match[3] ?? '') }
    },
  )
  const byLength = field.take<Count>(
    new RegExp(`(?<![\\w·.:])(${NUMBER})(?: ?x ?| )(?=·)`, 'g'),
    (match, at) => {
      const count = readNumber(match[1] ?? '', language)
      if (!starts.has(at + match[0].length)) return undefined
      return count !== undefined && Number.isInteger(count) && (match[0].includes('x') || count > 1)
        ? { count, isSure: true }
        : undefined
    },
  )
  const bare = field.take<Count>(
    new RegExp(
      `\\b(?:into|en|in) (${NUMBER})(?= *(?:$|[.,;!?]|and\\b|y\\b))|\\b(${NUMBER}) (?:of them|de ellos)\\b`,
      'g',
    ),
    (match) => {
      const count = readNumber(match[1] ?? match[2] ?? '', language)
      return count !== undefined && Number.isInteger(count) ? { count, isSure: true } : undefined
    },
  )
  const many = field.take<Count>(/\b(?:only one|just one|solo uno|uno solo|one only)\b/g, () => ({
    count: 1,
    isSure: true,
  }))
  return [...vague, ...counted, ...byLength, ...bare, ...many].sort((a, b) => a.at - b.at)
}

export const speaksOfClips = (text: string): boolean => new RegExp(`\\b${NOUN}\\b`).test(text)
