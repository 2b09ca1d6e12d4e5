import { DateTime } from 'luxon'
import { pick } from './language.ts'

/** An instant as the brand's people read it: "Friday 20 November, 18:00". */
export const momentOf = (instant: string, zone: string, language: string): string =>
  DateTime.fromISO(instant, { zone })
    .setLocale(pick<string>(language, { en: 'en-GB', es: 'es' }))
    .toFormat(pick<string>(language, { en: 'cccc d LLLL, HH:mm', es: "cccc d 'de' LLLL, HH:mm" }))
