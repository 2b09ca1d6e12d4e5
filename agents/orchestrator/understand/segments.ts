/** Which words belong to which verb: a verb owns what follows it, and what leads up to it in its sentence. */
import type { Act, ActMention } from './acts.ts'
import type { Mention } from './field.ts'
import type { Reading } from './reading.ts'

/** Verbs that own objects; "write", "captions" and small talk own none. */
const OWNERS: ReadonlySet<Act> = new Set([
  'undo',
  'cancel',
  'move',
  'trim',
  'check',
  'schedule',
  'publish',
  'cut',
  'caption',
])
const CLITIC = /(?:l[oae]s?)$/

export interface Segment {
  act: Act
  isDenied: boolean
  at: number
  /** The verb as it was written. */
  verb: string
  owns: <Value>(mentions: readonly Mention<Value>[]) => Mention<Value>[]
}

export function segmentsOf(reading: Reading): Segment[] {
  const owners = reading.acts.filter(({ value }) => OWNERS.has(value.act))
  return owners.map((owner) => ({
    act: owner.value.act,
    isDenied: owner.value.isDenied,
    at: owner.at,
    verb: owner.text,
    owns: (mentions) => mentions.filter((mention) => ownerOf(reading.text, owners, mention) === owner),
  }))
}

function ownerOf(
  text: string,
  owners: readonly Mention<ActMention>[],
  mention: Mention<unknown>,
): Mention<ActMention> | undefined {
  const before = owners.findLast((owner) => owner.at <= mention.at)
  const after = owners.find((owner) => owner.at >= mention.end)
  // "…y el clip 3 cancélalo": a verb with its object attached takes what stands right before it.
  if (
    after &&
    CLITIC.test(after.text) &&
    /^ ?(?:ya |no |por favor )?$/.test(text.slice(mention.end, after.at))
  )
    return after
  const isSameSentence = (from: number, to: number) => !/[.;!?]/.test(text.slice(from, to))
  if (before && isSameSentence(before.end, mention.at)) return before
  if (after && isSameSentence(mention.end, after.at)) return after
  return before ?? after
}
