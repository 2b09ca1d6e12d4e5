/** How long a clip shall be: "15 seconds", "de 20 segundos", "menos de medio minuto", "between 10 and 20 s". */
import { SECOND } from '../../../runtime/core/clock.ts'
import type { Lang } from '../../words/language.ts'
import type { Field, Mention } from './field.ts'
import { NUMBER, readNumber } from './numbers.ts'

export interface Length {
  bound: 'target' | 'at-most' | 'at-least' | 'between' | 'less-by' | 'more-by' | 'drop-start' | 'drop-end'
  ms: number
  /** Upper end of a range. */
  toMs?: number
}

const UNIT = '(?:seconds?|secs?|seg(?:undos?|s)?|s|minutes?|minutos?|mins?|min)'
const HALVES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:half a minute|half[- ]minute|medio minuto)\b/g, 30 * SECOND],
  [/\b(?:a minute and a half|one and a half minutes?|minuto y medio|un minuto y medio)\b/g, 90 * SECOND],
]

const AT_MOST =
  /(?:under|less than|at most|no more than|no longer than|not longer than|up to|max(?:imum)?(?: of)?|shorter than|below|menos de|como mucho|como maximo|maximo(?: de)?|hasta|no mas de|por debajo de|a lo sumo) $/
const AT_LEAST =
  /(?:at least|more than|over|longer than|min(?:imum)?(?: of)?|no less than|al menos|mas de|como minimo|minimo(?: de)?|por lo menos) $/
const FROM_START = /(?:(?:the )?first|(?:los |las )?primer[oa]s?) $/
const FROM_END = /(?:(?:the )?last|(?:los |las )?ultim[oa]s?) $/
const TAKEN_OFF = /\b(?:recorta\w*|quita\w*|trim|cut|remove|shave|take|drop|elimina\w*|borra\w*) (?:off )?$/
const BY = /\bby $|\b(?:le|lo|quitale|recortale|bajale) $/

function boundOf(before: string, after: string, text: string): Length['bound'] {
  if (
    AT_MOST.test(before) ||
    /^,? (?:max(?:imum)?|at most|tops|como mucho|maximo|or less|o menos)\b/.test(after)
  )
    return 'at-most'
  if (AT_LEAST.test(before) || /^,? (?:min(?:imum)?|at least|como minimo|minimo|or more|o mas)\b/.test(after))
    return 'at-least'
  if (TAKEN_OFF.test(before) && /^ (?:del?|off|from|of|al?)\b/.test(after)) return 'less-by'
  if (FROM_START.test(before)) return 'drop-start'
  if (FROM_END.test(before)) return 'drop-end'
  if (/^ (?:shorter|less|menos|mas cort[oa]s?)\b/.test(after)) return 'less-by'
  if (/^ (?:longer|more|mas(?: larg[oa]s?)?)\b/.test(after)) return 'more-by'
  if (BY.test(before)) return /\b(?:lengthen|extend|alarga|longer)\b/.test(text) ? 'more-by' : 'less-by'
  return 'target'
}

export function takeLengths(field: Field, language: Lang): Mention<Length>[] {
  const toMs = (amount: string, unit: string): number | undefined => {
    const value = readNumber(amount, language)
    if (value === undefined || value <= 0) return undefined
    return Math.round(value * (unit.startsWith('m') ? 60 : 1) * SECOND)
  }
  const whole = field.rest()
  const bound = (at: number, end: number) => boundOf(whole.slice(0, at), whole.slice(end), whole)
  const ranges = field.take<Length>(
    new RegExp(
      `\\b(?:between |entre |from |de )?(${NUMBER})(?: ?${UNIT})? ?(?:-|to|and|a|y) ?(${NUMBER})[ -]?(${UNIT})\\b`,
      'g',
    ),
    (match) => {
      const [from, to] = [toMs(match[1] ?? '', match[3] ?? ''), toMs(match[2] ?? '', match[3] ?? '')]
      return from !== undefined && to !== undefined && from < to
        ? { bound: 'between', ms: from, toMs: to }
        : undefined
    },
  )
  const halves = HALVES.flatMap(([pattern, ms]) =>
    field.take<Length>(pattern, (match, at) => ({ bound: bound(at, at + match[0].length), ms })),
  )
  const plain = field.take<Length>(
    new RegExp(`(?<![\\w:.,])(${NUMBER})(?:(?<=\\d)|[ -])[ -]?(${UNIT})(?![\\w])`, 'g'),
    (match, at) => {
      const ms = toMs(match[1] ?? '', match[2] ?? '')
      return ms === undefined ? undefined : { bound: bound(at, at + match[0].length), ms }
    },
  )
  return [...ranges, ...halves, ...plain]
}
