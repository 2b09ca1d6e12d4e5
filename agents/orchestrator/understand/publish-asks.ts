/** Publishing: what, where, when, and above all what was ruled out. */
import type { Mention } from './field.ts'
import type { Moment } from './moments.ts'
import { momentRefusal } from './notes.ts'
import type { Reading } from './reading.ts'
import type { Refusal } from './refused.ts'
import { type Segment, segmentsOf } from './segments.ts'
import { say } from './sentences.ts'
import type { Ask, Scope, When } from './understanding.ts'

type Publish = Extract<Ask, { do: 'publish' }>

export interface Publishing {
  asks: Publish[]
  refusals: Refusal[]
  notes: string[]
  isDraftOnly: boolean
  /** Clips that were named only to keep them from going out. */
  kept: number[]
}

/** "don't publish until 6pm" wants it published, later. */
const NOT_BEFORE = /\b(?:until|till|before|hasta|antes de)\b/
/** "publish clip 1, the rest as drafts": only then do drafts leave a named clip free to go. */
const SPARES_SOME = /\b(?:rest|others?|remaining|resto|demas|otr[oa]s)\b/
const NOTHING = /^\S*(?: it| them)? ?(?:nothing|none|nada|ningun[oa]?)\b/

export function publishAsks(reading: Reading, hasMake: boolean): Publishing {
  const segments = segmentsOf(reading).filter(({ act }) => act === 'publish' || act === 'schedule')
  const drafts = reading.acts.some(({ value }) => value.act === 'draft' && !value.isDenied)
  const refusals: Refusal[] = []
  const asks: Publish[] = []
  const except: number[] = []
  let isDraftOnly = drafts
  for (const segment of segments) {
    const moments = segment.owns(reading.moments)
    const denied = segment.isDenied || NOTHING.test(reading.text.slice(segment.at))
    const isLater = denied && moments.length > 0 && NOT_BEFORE.test(between(reading, segment, moments))
    if (denied && !isLater) {
      const named = ordinalsOf(segment.owns(reading.choices))
      if (named.length > 0) except.push(...named)
      else isDraftOnly = true
      continue
    }
    asks.push(...groups(reading, segment, segments.length === 1, refusals))
  }
  const places = accountsOf(reading)
  const kept = asks
    .filter(
      (ask) => !isDraftOnly || (ask.scope.only !== undefined && (!drafts || SPARES_SOME.test(reading.text))),
    )
    .map((ask) => withRest(ask, except, places))
    .filter((ask) => ask.scope.only === undefined || ask.scope.only.length > 0)
  const contradicts = isDraftOnly && asks.length > kept.length
  return {
    asks: isNetworkless(reading) ? [] : merged(kept),
    refusals,
    notes: contradicts ? [say('contradiction', reading.language)] : [],
    isDraftOnly: isDraftOnly || (hasMake && kept.length === 0),
    kept: except,
  }
}

/** "publish today" and "not before 18:00" are one wish: the exact time wins. */
function merged(asks: readonly Publish[]): Publish[] {
  const byScope = new Map<string, Publish>()
  for (const ask of asks) {
    const key = JSON.stringify(ask.scope)
    const other = byScope.get(key)
    if (!other || other.when.kind === 'now') byScope.set(key, ask)
  }
  return [...byScope.values()]
}

const between = (reading: Reading, segment: Segment, moments: readonly Mention<unknown>[]): string =>
  reading.text.slice(segment.at, (moments[0]?.at ?? 0) + 12)

const ordinalsOf = (choices: readonly Reading['choices'][number][]): number[] =>
  choices.flatMap(({ value }) => ('ordinals' in value.choice ? value.choice.ordinals : []))

/** "publish clip 1 today and clip 2 tomorrow at 9": a clip named after a time begins a new group. */
function groups(reading: Reading, segment: Segment, isOnly: boolean, refusals: Refusal[]): Publish[] {
  const owned = segment.owns(reading.moments)
  const moments = owned.length === 0 && isOnly ? reading.moments : owned
  const items = [
    ...segment
      .owns(reading.choices)
      .map((choice) => ({ at: choice.at, choice: choice.value, moment: undefined })),
    ...moments.map((moment) => ({ at: moment.at, choice: undefined, moment: moment.value })),
  ].sort((a, b) => a.at - b.at)
  const open = (): { scope: Scope; moment?: Moment; hasClip: boolean } => ({ scope: {}, hasClip: false })
  const found = [open()]
  for (const { choice, moment } of items) {
    const last = found.at(-1) ?? open()
    const isNext = choice !== undefined && last.hasClip && last.moment !== undefined && !choice.isDenied
    const group = isNext ? open() : last
    if (isNext) found.push(group)
    if (choice) {
      addChoice(group.scope, choice)
      group.hasClip ||= !choice.isDenied
    }
    if (moment) group.moment ??= moment
  }
  return found.flatMap(({ scope, moment }) => {
    const when = whenOf(moment, segment.act === 'schedule')
    if (when) return [{ do: 'publish' as const, scope, when }]
    refusals.push(momentRefusal(moment, reading.language))
    return []
  })
}

function addChoice(scope: Scope, { choice, isDenied }: Reading['choices'][number]['value']): void {
  if ('last' in choice) scope.isLast = !isDenied
  if (!('ordinals' in choice)) return
  const side = isDenied ? 'except' : 'only'
  scope[side] = [...new Set([...(scope[side] ?? []), ...choice.ordinals])]
}

/** No time said: now, or for "schedule" the best time there is. */
export function whenOf(moment: Moment | undefined, isScheduled: boolean): When | undefined {
  if (!moment) return isScheduled ? { kind: 'best' } : { kind: 'now' }
  if (moment.kind === 'past' || moment.kind === 'no-such-day') return undefined
  return moment.kind === 'at' ? { kind: 'at', at: moment.at } : moment
}

/** Exceptions said anywhere hold everywhere. */
function withRest(ask: Publish, except: readonly number[], accountIds: string[]): Publish {
  const out = new Set([...except, ...(ask.scope.except ?? [])])
  const only = ask.scope.only?.filter((ordinal) => !out.has(ordinal))
  return {
    ...ask,
    scope: { ...ask.scope, only, except: out.size > 0 ? [...out].sort((a, b) => a - b) : undefined },
    ...(accountIds.length > 0 ? { accountIds } : {}),
  }
}

export const accountsOf = (reading: Reading): string[] =>
  reading.accounts.flatMap(({ value }) =>
    !value.isDenied && value.account.accountId ? [value.account.accountId] : [],
  )

/** True when every place that was named is one nobody can publish to: then nothing goes anywhere else instead. */
function isNetworkless(reading: Reading): boolean {
  const networks = reading.networks.filter(({ value }) => !value.isDenied)
  const accounts = reading.accounts.filter(({ value }) => !value.isDenied)
  const hasLive =
    networks.some(({ value }) => value.network.network !== undefined) ||
    accounts.some(({ value }) => value.account.accountId)
  const hasUnknownAccount = accounts.length > 0 && accounts.every(({ value }) => !value.account.accountId)
  if (reading.isInsteadOfPosting && !hasLive) return true
  return (networks.length > 0 && !hasLive) || hasUnknownAccount
}
