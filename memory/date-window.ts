/** Dates a question names, as a window of time. A boost, never a filter: filtering lost two points of recall. */
import { DateTime, type DurationLike } from 'luxon'
import { type Instant, instantMs, toInstant } from '../runtime/core/clock.ts'
import { toKey } from './words.ts'

export interface DateWindow {
  /** Inclusive lower and exclusive upper bound. */
  readonly from: Instant
  readonly to: Instant
}

const MONTHS = (
  'january enero|february febrero|march marzo|april abril|may mayo|june junio|july julio|august agosto|' +
  'september septiembre|october octubre|november noviembre|december diciembre'
).split('|')

const NAMES = MONTHS.flatMap((names) => names.split(' '))

const DAY = /\b(\d{4})-(\d{2})-(\d{2})\b/
const MONTH = /\b(\d{4})-(\d{2})\b/
/** "may" and "march" are verbs, too: a month stands after a preposition or before a year. */
const NAMED = new RegExp(
  `\\b(?:(?:in|during|since|of|last|en|de|desde|durante)\\s+(${NAMES.join('|')})(?:\\s+(?:de\\s+|of\\s+)?(\\d{4}))?` +
    `|(${NAMES.join('|')})\\s+(?:de\\s+|of\\s+)?(\\d{4}))\\b`,
)
const RELATIVE: readonly [RegExp, (today: DateTime) => DateTime, DurationLike][] = [
  [/\b(yesterday|ayer)\b/, (today) => today.minus({ days: 1 }), { days: 1 }],
  [/\b(last week|semana pasada)\b/, (today) => today.startOf('week').minus({ weeks: 1 }), { weeks: 1 }],
  [/\b(last month|mes pasado)\b/, (today) => today.startOf('month').minus({ months: 1 }), { months: 1 }],
]

export interface DatedQuestion {
  /** Undefined when the question names no date. */
  readonly window: DateWindow | undefined
  /** The question without its date: memories hold the time they were made beside their words, not in them. */
  readonly rest: string
}

export function readDate(query: string, now: string): DatedQuestion {
  const text = toKey(query)
  const window = findWindow(text, now)
  const patterns = [DAY, MONTH, NAMED, ...RELATIVE.map(([pattern]) => pattern)]
  return { window, rest: window ? patterns.reduce((left, one) => left.replace(one, ' '), text) : query }
}

/** A month without a year is the latest one that has begun. */
function findWindow(text: string, now: string): DateWindow | undefined {
  const today = DateTime.fromMillis(instantMs(now), { zone: 'utc' }).startOf('day')
  const day = DAY.exec(text)
  if (day) return toWindow(utc(day[1], day[2], day[3]), { days: 1 })
  const month = MONTH.exec(text)
  if (month) return toWindow(utc(month[1], month[2]), { months: 1 })
  const named = NAMED.exec(text)
  if (named) {
    const name = named[1] ?? named[3] ?? ''
    const number = MONTHS.findIndex((names) => names.split(' ').includes(name)) + 1
    const year = named[2] ?? named[4]
    const start = utc(year ?? String(today.year), String(number))
    return toWindow(year === undefined && start > today ? start.minus({ years: 1 }) : start, { months: 1 })
  }
  const relative = RELATIVE.find(([words]) => words.test(text))
  return relative && toWindow(relative[1](today), relative[2])
}

const utc = (year = '', month = '1', day = '1') => DateTime.utc(Number(year), Number(month), Number(day))

/** The 31st of February names no day. */
const toWindow = (from: DateTime, length: DurationLike): DateWindow | undefined =>
  from.isValid ? { from: toInstant(from.toMillis()), to: toInstant(from.plus(length).toMillis()) } : undefined
