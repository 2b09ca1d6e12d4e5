/** The day: "today", "pasado mañana", "next Friday", "5 de diciembre", "12/5", "in three days". */
import type { DateTime, WeekdayNumbers } from 'luxon'
import type { Lang } from '../../words/language.ts'
import type { Field, Mention } from './field.ts'
import type { HourReading } from './hours.ts'
import { NUMBER, readNumber } from './numbers.ts'

/** What is worth telling about how a time was read. */
export type MomentNote =
  | 'moved-to-evening'
  | 'moved-a-week'
  | 'hour-assumed'
  | 'hour-does-not-exist'
  | 'day-first'
  | 'month-first'

export type DayReading = { part?: HourReading } & (
  | { kind: 'shift'; days: number }
  | { kind: 'weekday'; weekday: WeekdayNumbers }
  | { kind: 'date'; day: number; month: number; year?: number; note?: MomentNote }
)

const WEEKDAYS: readonly RegExp[] = [
  /^(?:mon|lun)/,
  /^(?:tue|mar)/,
  /^(?:wed|mie)/,
  /^(?:thu|jue)/,
  /^(?:fri|vie)/,
  /^(?:sat|sab)/,
  /^(?:sun|dom)/,
]
const WEEKDAY =
  '(mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)'
const MONTHS: readonly RegExp[] = [
  /^(?:jan|ene)/,
  /^feb/,
  /^mar/,
  /^(?:apr|abr)/,
  /^may/,
  /^jun/,
  /^jul/,
  /^(?:aug|ago)/,
  /^sep/,
  /^oct/,
  /^nov/,
  /^(?:dec|dic)/,
]
const MONTH =
  '(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|ene|abr|ago|dic)'

const late = (hour: number): HourReading => ({ hour, minute: 0, isVague: true, isTwelveHour: false })
const SHIFTS: readonly (readonly [RegExp, number, HourReading?])[] = [
  [/\b(?:the )?day after tomorrow\b|\bpasado manana\b/g, 2],
  [/\b(?:the )?day before yesterday\b|\banteayer\b|\bantes de ayer\b/g, -2],
  [/\btonight\b|\besta noche\b|\bhoy por la noche\b/g, 0, late(20)],
  [/\bthis evening\b/g, 0, late(19)],
  [/\bthis afternoon\b|\besta tarde\b/g, 0, late(16)],
  [/\bthis morning\b|\besta manana\b/g, 0, late(9)],
  [/\b(?:today|hoy|later today|hoy mismo)\b/g, 0],
  // "de la mañana", "por la mañana" are hours; only the bare word is tomorrow.
  [/(?<!\b(?:la|esta|una|de) )\bmanana\b|\b(?:tomorrow|tmrw|tmr)\b/g, 1],
  [/\b(?:yesterday|ayer)\b/g, -1],
  [/\b(?:next week|la semana que viene|la proxima semana)\b/g, 7],
]

const indexOf = (rows: readonly RegExp[], word: string): number => rows.findIndex((row) => row.test(word)) + 1

export function takeDays(field: Field, now: DateTime, language: Lang): Mention<DayReading>[] {
  const weekday = (word: string): DayReading => ({
    kind: 'weekday',
    weekday: indexOf(WEEKDAYS, word) as WeekdayNumbers,
  })
  return [
    ...field.take<DayReading>(/(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])/g, (match) =>
      dated(Number(match[3]), Number(match[2]), Number(match[1])),
    ),
    ...field.take<DayReading>(
      new RegExp(
        `\\b(?:on |el |the )?(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of| de)? ${MONTH}\\.?(?:,? (?:de |del )?(\\d{4}))?\\b`,
        'g',
      ),
      (match) =>
        dated(Number(match[1]), indexOf(MONTHS, match[2] ?? ''), match[3] ? Number(match[3]) : undefined),
    ),
    ...field.take<DayReading>(
      new RegExp(`\\b(?:on )?${MONTH}\\.? (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?\\b(?!:)`, 'g'),
      (match) =>
        dated(Number(match[2]), indexOf(MONTHS, match[1] ?? ''), match[3] ? Number(match[3]) : undefined),
    ),
    ...field.take<DayReading>(
      /(?<![\d/:.])(?:\b(?:on |el ))?(\d{1,2})\/(\d{1,2})(?:\/(\d{4}|\d{2}))?(?![\d/:])/g,
      (match) => slashed(Number(match[1]), Number(match[2]), match[3], language, now),
    ),
    ...field.take<DayReading>(
      new RegExp(`\\b(?:in|dentro de|en) (${NUMBER}) (days?|dias?|weeks?|semanas?)\\b`, 'g'),
      (match) => {
        const amount = readNumber(match[1] ?? '', language)
        return amount === undefined
          ? undefined
          : { kind: 'shift', days: amount * (/^(?:week|sem)/.test(match[2] ?? '') ? 7 : 1) }
      },
    ),
    ...SHIFTS.slice(0, 6).flatMap(([pattern, days, part]) =>
      field.take<DayReading>(pattern, () => ({ kind: 'shift', days, part })),
    ),
    ...field.take<DayReading>(
      new RegExp(
        `\\b(?:on |el |este |this |next |(?:el )?proximo |for |para el )?${WEEKDAY}(?: (que viene|proximo|next|siguiente))?\\b`,
        'g',
      ),
      (match) => weekday(match[1] ?? ''),
    ),
    ...SHIFTS.slice(6).flatMap(([pattern, days, part]) =>
      field.take<DayReading>(pattern, () => ({ kind: 'shift', days, part })),
    ),
    ...field.take<DayReading>(/\b(?:this|the|on the|at the|el|este) (?:weekend|fin de semana|finde)\b/g, () =>
      weekday('saturday'),
    ),
  ]
}

function dated(day: number, month: number, year?: number, note?: MomentNote): DayReading | undefined {
  const isDay = day >= 1 && day <= 31 && month >= 1 && month <= 12
  return isDay ? { kind: 'date', day, month, year, note } : undefined
}

/** Day first everywhere but in English under an American sky; where both readings hold, a note says which was taken. */
function slashed(first: number, second: number, year: string | undefined, language: Lang, now: DateTime) {
  const full = year === undefined ? undefined : Number(year.length === 2 ? `20${year}` : year)
  if (first > 12) return dated(first, second, full)
  if (second > 12) return dated(second, first, full)
  const isMonthFirst = language === 'en' && /^America\//.test(now.zoneName ?? '')
  if (first === second) return dated(first, second, full)
  return isMonthFirst ? dated(second, first, full, 'month-first') : dated(first, second, full, 'day-first')
}

/** The local midnight a reading means; a date of this year that is over means next year's; 31 February means none. */
export function readDay(
  now: DateTime,
  reading: DayReading,
): { day: DateTime; notes: MomentNote[] } | undefined {
  const today = now.startOf('day')
  if (reading.kind === 'shift') return { day: today.plus({ days: reading.days }), notes: [] }
  if (reading.kind === 'weekday') {
    const ahead = (reading.weekday - today.weekday + 7) % 7
    return { day: today.plus({ days: ahead }), notes: [] }
  }
  const notes = reading.note ? [reading.note] : []
  const day = today.set({ year: reading.year ?? today.year, month: reading.month, day: reading.day })
  if (day.day !== reading.day) return undefined
  const isOver = reading.year === undefined && day < today
  return { day: isOver ? day.plus({ years: 1 }) : day, notes }
}
