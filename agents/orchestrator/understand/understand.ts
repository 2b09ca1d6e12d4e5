/** Free wording in English and Spanish to what is asked. Only the message speaks: quoted words are payload, never a wish. */
import type { Mention } from './field.ts'
import { followUpAsks } from './follow-up-asks.ts'
import { makeAsk } from './make-ask.ts'
import { measureAsk } from './measure-ask.ts'
import { noteCut, noteLinks, noteMoments } from './notes.ts'
import { type Publishing, publishAsks } from './publish-asks.ts'
import { type Reading, readAll } from './reading.ts'
import { refusePlaces } from './refuse-places.ts'
import type { Ask, UnderstandContext, Understanding } from './understanding.ts'

export function understand(message: string, context: UnderstandContext): Understanding {
  const reading = readAll(message, context)
  const making = makeAsk(reading, context)
  const publishing = publishAsks(reading, making !== undefined)
  const looking = measureAsk(reading, publishing.asks.length > 0 || making !== undefined)
  const followUps = followUpAsks(reading, { hasMake: making !== undefined, hasThread: context.hasThread })
  const remembered = reading.remembered.map((text): Ask => ({ do: 'remember', text }))
  const asks: Ask[] = [
    ...remembered,
    ...(making ? [wholeOrNot(making, reading, publishing.asks.length > 0)] : []),
    ...followUps,
    ...publishing.asks,
    ...heldBack(publishing, making !== undefined, context.hasThread),
    ...(looking ? [looking] : []),
  ]
  const refusals = [...reading.refusals, ...refusePlaces(reading, context), ...publishing.refusals]
  return {
    language: reading.language,
    asks: asks.length > 0 ? asks : refusals.length > 0 ? [] : smallTalk(reading),
    refusals,
    notes: [
      ...noteMoments(reading, context),
      ...noteLinks(reading),
      ...noteCut(reading),
      ...publishing.notes,
    ],
    isDraftOnly: publishing.isDraftOnly,
  }
}

/** "don't publish clip 2" about earlier clips takes back what waits. */
function heldBack(publishing: Publishing, hasMake: boolean, hasThread: boolean): Ask[] {
  if (hasMake || !hasThread || publishing.asks.length > 0 || publishing.refusals.length > 0) return []
  if (publishing.kept.length > 0) return [{ do: 'cancel', scope: { only: publishing.kept } }]
  return publishing.isDraftOnly ? [{ do: 'cancel', scope: {} }] : []
}

const wholeOrNot = (making: Ask, reading: Reading, isPublished: boolean): Ask =>
  making.do === 'make' && isPublished && !hasCutWord(reading)
    ? { ...making, isWhole: true, count: 1 }
    : making

const hasCutWord = (reading: Reading): boolean =>
  reading.counts.length > 0 ||
  reading.lengths.length > 0 ||
  reading.acts.some(({ value }) => value.act === 'cut' && !value.isDenied) ||
  /\b(?:clips?|reels|highlights?|momentos)\b/.test(reading.text)

function smallTalk(reading: Reading): Ask[] {
  const said = (act: Mention<Reading['acts'][number]['value']>['value']['act']) =>
    reading.acts.some(({ value }) => value.act === act)
  if (said('status')) return [{ do: 'status' }]
  if (said('help')) return [{ do: 'help' }]
  if (said('greet')) return [{ do: 'greet' }]
  if (said('thank')) return [{ do: 'thank' }]
  return []
}
