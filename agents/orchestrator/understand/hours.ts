/** The hour in a day: "6pm", "18:00", "a las seis y media de la tarde", "noon", "por la mañana". */
import type { Lang } from '../../words/language.ts'
import type { Field, Mention } from './field.ts'
import { NUMBER, readNumber } from './numbers.ts'

export interface HourReading {
  hour: number
  minute: number
  /** A part of the day rather than a time on the clock. */
  isVague: boolean
  /** Said without am or pm and below 13: either half may be meant. */
  isTwelveHour: boolean
}

const PARTS: readonly (readonly [RegExp, number, boolean])[] = [
  [/\b(?:at |a |al )?(?:the )?(?:noon|midday|mediodia)\b/g, 12, false],
  [/\b(?:at |a )?(?:midnight|medianoche)\b/g, 0, false],
  [/\b(?:first thing(?: in the morning)?|a primera hora)\b/g, 8, true],
  [/\b(?:in the |this |por la |de la |esta )(?:morning|manana)\b|(?<=· )morning\b/g, 9, true],
  [/\b(?:in the |this |por la |esta )(?:afternoon|tarde)\b|(?<=· )afternoon\b/g, 16, true],
  [/\b(?:in the |this )evening\b|(?<=· )evening\b/g, 19, true],
  [/\b(?:at night|por la noche|a ultima hora)\b|(?<=· )night\b/g, 21, true],
]

const HALF: Record<string, number> = {
  am: 0,
  pm: 12,
  manana: 0,
  madrugada: 0,
  tarde: 12,
  noche: 12,
  mediodia: 12,
  morning: 0,
  afternoon: 12,
  evening: 12,
  night: 12,
}
const HALF_DAY =
  '(a\\.?m\\.?|p\\.?m\\.?|(?:de|in|por) (?:la |the )?(?:manana|madrugada|tarde|noche|mediodia|morning|afternoon|evening)|at night)'

function reading(hour: number, minute: number, half: string | undefined): HourReading | undefined {
  if (hour > 24 || minute > 59 || !Number.isInteger(hour)) return undefined
  const word = half?.replace(/\./g, '').split(' ').at(-1) ?? ''
  const shift = HALF[word]
  if (shift === undefined)
    return { hour: hour % 24, minute, isVague: false, isTwelveHour: hour >= 1 && hour <= 12 }
  if (hour > 12) return { hour: hour % 24, minute, isVague: false, isTwelveHour: false }
  return { hour: (hour % 12) + shift, minute, isVague: false, isTwelveHour: false }
}

const MINUTES: Record<string, number> = {
  'y media': 30,
  'y cuarto': 15,
  'menos cuarto': -15,
  'half past': 30,
  'quarter past': 15,
  'quarter to': -15,
}

function shifted(hour: number | undefined, by: number, half: string | undefined): HourReading | undefined {
  if (hour === undefined) return undefined
  return by < 0 ? reading(hour === 1 ? 12 : hour - 1, 60 + by, half) : reading(hour, by, half)
}

/** What may follow a bare hour: "at two" is a time, "at two clips" is none. */
const AFTER =
  '(?= *(?:$|[.,;!?)](?!\\d)|·|(?:and|y|but|pero|on|en|in|to|por|for|para|please|then|sharp|local|hora|o)\\b))'

export function takeHours(field: Field, language: Lang): Mention<HourReading>[] {
  const number = (text: string | undefined) => readNumber(text ?? '', language)
  return [
    // a las seis y media (de la tarde)
    ...field.take(
      new RegExp(`\\ba las? (${NUMBER}) (y media|y cuarto|menos cuarto)(?: ${HALF_DAY})?(?!\\w)`, 'g'),
      (match) => shifted(number(match[1]), MINUTES[match[2] ?? ''] ?? 0, match[3]),
    ),
    // half past nine
    ...field.take(
      new RegExp(`\\b(?:at )?(half past|quarter past|quarter to) (${NUMBER})(?: ?${HALF_DAY})?(?!\\w)`, 'g'),
      (match) => shifted(number(match[2]), MINUTES[match[1] ?? ''] ?? 0, match[3]),
    ),
    // at 18:30, a las 18.30, 18h30, 6:30 pm
    ...field.take(
      new RegExp(
        `(?:\\bat |\\b(?:a|para|sobre) las? |\\bby )?(?<![\\d:.])(\\d{1,2})(?::|h|(?<=(?:at|las?) \\d{1,2})\\.)(\\d{2})(?: ?(?:h|hrs|horas|hours))?(?: ?${HALF_DAY})?(?![\\w:])`,
        'g',
      ),
      (match) => reading(Number(match[1]), Number(match[2]), match[3]),
    ),
    // 6pm, 6 p.m., 6 de la tarde
    ...field.take(
      new RegExp(`(?:\\bat |\\ba las? |\\bby )?(?<![\\d:.])\\b(${NUMBER}) ?${HALF_DAY}(?!\\w)`, 'g'),
      (match) => {
        const hour = number(match[1])
        return hour === undefined ? undefined : reading(hour, 0, match[2])
      },
    ),
    // 18h, 18 horas, at 18 hours
    ...field.take(
      /(?:\bat |\ba las? )?(?<![\d:.])\b(\d{1,2}) ?(?:h|hrs|horas|hours|o'clock|en punto)(?!\w)/g,
      (match) => reading(Number(match[1]), 0, undefined),
    ),
    // at 9, a las nueve
    ...field.take(new RegExp(`\\b(?:at|a las?) (${NUMBER})(?: o'clock| en punto)?${AFTER}`, 'g'), (match) => {
      const hour =
        /^(?:a|an|un|una)$/.test(match[1] ?? '') && !/las?/.test(match[0]) ? undefined : number(match[1])
      return hour === undefined ? undefined : reading(hour, 0, undefined)
    }),
    ...PARTS.flatMap(([pattern, hour, isVague]) =>
      field.take<HourReading>(pattern, () => ({ hour, minute: 0, isVague, isTwelveHour: false })),
    ),
  ]
}
