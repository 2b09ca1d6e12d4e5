/** What is worth saying about how a message was read. */
import { DateTime } from 'luxon'
import type { Lang } from '../../words/language.ts'
import { MAX_CLIPS } from './clips.ts'
import type { Moment } from './moments.ts'
import type { Reading } from './reading.ts'
import type { Refusal } from './refused.ts'
import { say } from './sentences.ts'
import type { UnderstandContext } from './understanding.ts'

export function noteMoments(reading: Reading, context: UnderstandContext): string[] {
  return reading.moments.flatMap(({ value }) => {
    if (value.kind !== 'at') return []
    const local = DateTime.fromISO(value.at, { zone: context.zone })
      .setLocale(reading.language)
      .toFormat('cccc d LLLL, HH:mm')
    return value.notes.map((note) => say(note, reading.language, local))
  })
}

export const momentRefusal = (moment: Moment | undefined, language: Lang): Refusal => ({
  asked: say('asked-time', language),
  because: say(moment?.kind === 'no-such-day' ? 'no-such-day' : 'past', language),
})

export const noteLinks = (reading: Reading): string[] =>
  reading.hasLinks ? [say('links', reading.language)] : []

export function noteCut(reading: Reading): string[] {
  const notes = reading.isCut ? [say('cut', reading.language)] : []
  const most = Math.max(0, ...reading.counts.map((mention) => mention.value.count))
  return most > MAX_CLIPS ? [...notes, say('count', reading.language, String(MAX_CLIPS))] : notes
}
