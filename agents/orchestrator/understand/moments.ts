/**
 * When: "tomorrow at 6pm", "el viernes a las 9", "dentro de dos horas", "2026-12-05 18:00", in the brand's zone.
 *
 * Own rules on Luxon's calendar: the libraries that read dates in free text were tried and read "pasado mañana a las 10"
 * as tomorrow and "a las 6 de la tarde" as six in the morning, which here would publish at the wrong hour.
 */
import { DateTime, type DurationLikeObject } from 'luxon'
import type { Lang } from '../../words/language.ts'
import { type DayReading, type MomentNote, readDay, takeDays } from './days.ts'
import type { Field, Mention } from './field.ts'
import { type HourReading, takeHours } from './hours.ts'
import { NUMBER, readNumber } from './numbers.ts'

export type Moment =
  | { kind: 'now' }
  | { kind: 'best' }
  | { kind: 'at'; at: string; notes: MomentNote[] }
  | { kind: 'past'; at: string }
  | { kind: 'no-such-day' }

export interface MomentContext {
  /** Business instant, ISO. */
  now: string
  zone: string
  language: Lang
}

/** A day without an hour; posting before people are up helps nobody. */
const DEFAULT_HOUR = 10
/** Words that may stand between a day and its hour. */
const GLUE = /^[ ,]*(?:at|a|around|about|sobre|hacia|on|el|,)?[ ,]*$/

const NOW =
  /\b(?:right now|right away|immediately|straight away|asap|now|ahora mismo|ahora|ya mismo|ya(?! no)|de inmediato|inmediatamente|cuanto antes|enseguida|lo antes posible)\b/g
const BEST =
  /\b(?:at|a|en|for|para) (?:the |la |el |its |su |their )?(?:best|mejor|optimal|ideal|peak) (?:time|times|hour|moment|hora|momento|horario)(?: possible| posible)?\b|\bwhen(?:ever)? (?:it|they) (?:works?|performs?) best\b|\bcuando mejor (?:funcione|rinda)\b/g

export function takeMoments(field: Field, context: MomentContext): Mention<Moment>[] {
  const now = DateTime.fromISO(context.now, { zone: context.zone })
  const best = field.take<Moment>(BEST, () => ({ kind: 'best' }))
  const relative = takeRelative(field, now, context.language)
  const exact = takeExact(field, now)
  const days = takeDays(field, now, context.language)
  const hours = takeHours(field, context.language)
  const paired = pairUp(field.rest(), days, hours).map(({ day, hour, at, end, text }) => ({
    value: resolve(now, day, hour),
    at,
    end,
    text,
  }))
  const soon = field.take<Moment>(NOW, () => ({ kind: 'now' }))
  return [...best, ...relative, ...exact, ...paired, ...soon].sort((a, b) => a.at - b.at)
}

const at = (moment: DateTime, notes: MomentNote[] = []): Moment => ({ kind: 'at', at: iso(moment), notes })
const iso = (moment: DateTime): string => moment.toUTC().toISO() ?? ''

const HALF_HOUR = /\b(?:in|dentro de|en) (?:half an hour|media hora)\b/g
const HOUR_AND_HALF =
  /\b(?:in an hour and a half|in one and a half hours|(?:dentro de|en) (?:una )?hora y media)\b/g
const UNITS: readonly (readonly [RegExp, (amount: number) => DurationLikeObject])[] = [
  [/^(?:minut|min)/, (minutes) => ({ minutes })],
  [/^(?:hour|hora|hr|h)/, (hours) => ({ minutes: hours * 60 })],
  [/^(?:day|dia)/, (days) => ({ days })],
  [/^(?:week|semana)/, (weeks) => ({ weeks })],
]

function takeRelative(field: Field, now: DateTime, language: Lang): Mention<Moment>[] {
  const halves = field.take<Moment>(HALF_HOUR, () => at(now.plus({ minutes: 30 })))
  const more = field.take<Moment>(HOUR_AND_HALF, () => at(now.plus({ minutes: 90 })))
  // "in two days at 9" is a day with an hour: days.ts reads it.
  const rest = field.take<Moment>(
    new RegExp(
      `\\b(?:in|dentro de|en|within) (${NUMBER}) (minutes?|minutos?|mins?|hours?|horas?|hrs?|h)\\b|\\b(${NUMBER}) (minutes?|hours?) from now\\b`,
      'g',
    ),
    (match) => {
      const amount = readNumber(match[1] ?? match[3] ?? '', language)
      const unit = UNITS.find(([name]) => name.test(match[2] ?? match[4] ?? ''))
      return amount === undefined || !unit ? undefined : at(now.plus(unit[1](amount)))
    },
  )
  return [...halves, ...more, ...rest]
}

/** ISO dates with a time: with an offset as said, without one in the brand's zone. */
function takeExact(field: Field, now: DateTime): Mention<Moment>[] {
  return field.take<Moment>(
    /\b(\d{4}-\d{2}-\d{2})(?:t| at | a las | )(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(z|[+-]\d{2}:?\d{2})?(?![\w:])/g,
    (match) => {
      const text = `${match[1]}T${match[2]}${(match[3] ?? '').toUpperCase()}`
      const moment = DateTime.fromISO(text, { zone: now.zone })
      if (!moment.isValid) return undefined
      if (moment < now) return { kind: 'past', at: iso(moment) }
      return at(
        moment,
        match[3] || moment.hour === Number(match[2]?.slice(0, 2)) ? [] : ['hour-does-not-exist'],
      )
    },
  )
}

interface Pair {
  day?: DayReading
  hour?: HourReading
  at: number
  end: number
  text: string
}

/** Each day takes the nearest hour that only glue words part from it; an hour alone means its next occurrence. */
function pairUp(
  text: string,
  days: readonly Mention<DayReading>[],
  hours: readonly Mention<HourReading>[],
): Pair[] {
  const free = new Set(hours)
  const pairs = days.map((day): Pair => {
    const hour = hours.find((one) => {
      const between = one.at >= day.end ? text.slice(day.end, one.at) : text.slice(one.end, day.at)
      return free.has(one) && GLUE.test(between)
    })
    if (!hour) return { day: day.value, at: day.at, end: day.end, text: day.text }
    free.delete(hour)
    return {
      day: day.value,
      hour: hour.value,
      at: Math.min(day.at, hour.at),
      end: Math.max(day.end, hour.end),
      text: `${day.text} ${hour.text}`,
    }
  })
  return [
    ...pairs,
    ...[...free].map((one) => ({ hour: one.value, at: one.at, end: one.end, text: one.text })),
  ]
}

function resolve(now: DateTime, day: DayReading | undefined, hour: HourReading | undefined): Moment {
  const date = day ? readDay(now, day) : { day: now.startOf('day'), notes: [] }
  if (!date) return { kind: 'no-such-day' }
  const notes: MomentNote[] = [...date.notes]
  const isToday = date.day.hasSame(now, 'day')
  const part = hour ?? day?.part
  if (!part && isToday) return { kind: 'now' }
  if (!part && date.day < now.startOf('day')) return { kind: 'past', at: iso(date.day) }
  if (!part || part.isVague) notes.push('hour-assumed')
  const clock = part ?? { hour: DEFAULT_HOUR, minute: 0, isVague: true, isTwelveHour: false }
  const wanted = date.day.set({ hour: evening(clock, day?.part), minute: clock.minute })
  // A local time the clocks jump over comes back one hour later.
  if (wanted.hour !== evening(clock, day?.part)) notes.push('hour-does-not-exist')
  if (wanted > now) return at(wanted, notes)
  if (clock.isVague && isToday) return { kind: 'now' }
  const later = clock.isTwelveHour && clock.hour < 12 ? wanted.plus({ hours: 12 }) : wanted
  if (later > now && isToday && day?.kind !== 'weekday') return at(later, [...notes, 'moved-to-evening'])
  if (!day) return at(date.day.plus({ days: 1 }).set({ hour: clock.hour, minute: clock.minute }), notes)
  if (day.kind === 'weekday') {
    return at(date.day.plus({ days: 7 }).set({ hour: clock.hour, minute: clock.minute }), [
      ...notes,
      'moved-a-week',
    ])
  }
  return { kind: 'past', at: iso(wanted) }
}

/** "tonight at 8", "esta tarde a las 6": the day's part says which half the clock is in. */
function evening(clock: HourReading, part: HourReading | undefined): number {
  const isLate = part !== undefined && part !== clock && part.hour >= 12
  return isLate && clock.isTwelveHour && clock.hour < 12 ? clock.hour + 12 : clock.hour
}
