/** Counts, lengths and film times as people read them, in both languages. */
import { SECOND } from '../../runtime/core/clock.ts'
import { type Lang, pick } from './language.ts'

export const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`

export const clipsOf = (count: number, language: string): string =>
  pick(language, { en: plural(count, 'clip', 'clips'), es: plural(count, 'clip', 'clips') })

const wholeSeconds = (ms: number): number => Math.max(1, Math.round(ms / SECOND))

/** "20 seconds", "1 segundo". */
export function secondsOf(ms: number, language: string): string {
  const seconds = wholeSeconds(ms)
  return pick(language, {
    en: plural(seconds, 'second', 'seconds'),
    es: plural(seconds, 'segundo', 'segundos'),
  })
}

/** Place in a film: 75_000 → "1:15". */
export function filmTime(ms: number): string {
  const seconds = Math.round(ms / SECOND)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** 12_345.6 → "12,345.6" or "12.345,6". */
export const figure = (value: number, language: string): string =>
  new Intl.NumberFormat(pick<string>(language, { en: 'en-GB', es: 'es-ES' }), {
    maximumFractionDigits: 1,
  }).format(value)

export const listOf = (items: readonly string[], language: Lang | string): string =>
  new Intl.ListFormat(pick<string>(language, { en: 'en-GB', es: 'es-ES' }), { type: 'conjunction' }).format(
    items,
  )
