/** Which stretch of time a question looks back on. */
import { DateTime } from 'luxon'
import type { Lang } from '../../words/language.ts'
import type { Field, Mention } from './field.ts'
import { NUMBER, readNumber } from './numbers.ts'

export interface Period {
  from: string
  to: string
}

type Span = (now: DateTime) => readonly [DateTime, DateTime]

const NAMED: readonly (readonly [RegExp, Span])[] = [
  [
    /\b(?:last week|the past week|previous week|la semana pasada|la ultima semana)\b/g,
    (now) => [now.minus({ days: 7 }), now],
  ],
  [
    /\b(?:this week|the week|our week|esta semana|la semana|de la semana)\b/g,
    (now) => [now.startOf('week'), now],
  ],
  [
    /\b(?:last month|the past month|previous month|el mes pasado|el ultimo mes)\b/g,
    (now) => [now.minus({ days: 30 }), now],
  ],
  [/\b(?:this month|the month|este mes|el mes)\b/g, (now) => [now.startOf('month'), now]],
  [/\b(?:weekly|semanal)\b/g, (now) => [now.minus({ days: 7 }), now]],
  [/\b(?:monthly|mensual)\b/g, (now) => [now.minus({ days: 30 }), now]],
  [/\b(?:daily|diario)\b/g, (now) => [now.minus({ hours: 24 }), now]],
  [/\b(?:this year|este ano)\b/g, (now) => [now.startOf('year'), now]],
  [/\b(?:yesterday|ayer)\b/g, (now) => [now.startOf('day').minus({ days: 1 }), now.startOf('day')]],
  [/\b(?:today|hoy)\b/g, (now) => [now.startOf('day'), now]],
  [
    /\b(?:last|past|previous|ultimas?) (?:24 hours|24 horas|day|dia)\b/g,
    (now) => [now.minus({ hours: 24 }), now],
  ],
]
const DAYS: readonly (readonly [RegExp, number])[] = [
  [/^(?:days?|dias?)/, 1],
  [/^(?:weeks?|semanas?)/, 7],
  [/^(?:months?|mes(?:es)?)/, 30],
]
const WEEKDAYS = [
  'monday|lunes',
  'tuesday|martes',
  'wednesday|miercoles',
  'thursday|jueves',
  'friday|viernes',
  'saturday|sabado',
  'sunday|domingo',
]

export function takePeriods(
  field: Field,
  context: { now: string; zone: string; language: Lang },
): Mention<Period>[] {
  const now = DateTime.fromISO(context.now, { zone: context.zone })
  const period = (from: DateTime, to: DateTime): Period => ({
    from: from.toUTC().toISO() ?? '',
    to: to.toUTC().toISO() ?? '',
  })
  return [
    ...field.take<Period>(
      new RegExp(
        `\\b(?:the |los |las |en los |in the )?(?:last|past|previous|ultim[oa]s|pasad[oa]s) (${NUMBER}) (days?|dias?|weeks?|semanas?|months?|mes(?:es)?)\\b`,
        'g',
      ),
      (match) => {
        const amount = readNumber(match[1] ?? '', context.language)
        const days = DAYS.find(([name]) => name.test(match[2] ?? ''))?.[1]
        return amount === undefined || days === undefined
          ? undefined
          : period(now.minus({ days: amount * days }), now)
      },
    ),
    ...field.take<Period>(
      new RegExp(`\\b(?:since|desde)(?: el)? (${WEEKDAYS.join('|')})\\b`, 'g'),
      (match) => {
        const weekday = WEEKDAYS.findIndex((names) => names.split('|').includes(match[1] ?? '')) + 1
        const back = (now.weekday - weekday + 7) % 7
        return period(now.startOf('day').minus({ days: back }), now)
      },
    ),
    ...field.take<Period>(/\b(?:since|desde)(?: el)? (\d{4}-\d{2}-\d{2})\b/g, (match) => {
      const from = DateTime.fromISO(match[1] ?? '', { zone: context.zone })
      return from.isValid && from < now ? period(from, now) : undefined
    }),
    ...NAMED.flatMap(([pattern, span]) => field.take<Period>(pattern, () => period(...span(now)))),
  ]
}
