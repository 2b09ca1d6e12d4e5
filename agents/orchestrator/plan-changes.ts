/** Follow-ups on clips that exist: another length, other words, another shape, another time, or none at all. */
import { acceptedRules } from '../brand-voice/accepted-rules.ts'
import { pick } from '../words/language.ts'
import { momentOf } from '../words/moment.ts'
import { listOf } from '../words/units.ts'
import type { ThreadClip } from './brief.ts'
import { GONE, LIVE, lastLive, publicationsOf, WAITING } from './choose-clips.ts'
import { planAskingAgain, toClipRef } from './plan-publishing.ts'
import type { Planning } from './planning.ts'
import type { Ask, Scope, TrimChange, When } from './understand/understanding.ts'

type Of<D extends Ask['do']> = Extract<Ask, { do: D }>

const names = (clips: readonly ThreadClip[], language: string): string =>
  listOf(
    clips.map((clip) => `clip ${clip.ordinal}`),
    language,
  )

/** A post that is out cannot change any more; the others can. */
function changeable(plan: Planning, clips: readonly ThreadClip[]): ThreadClip[] {
  return clips.filter((clip) => {
    const publications = publicationsOf([clip])
    const isGone = publications.some(({ state }) => GONE.has(state))
    if (isGone) plan.refuse(`clip ${clip.ordinal}`, 'already-live')
    return !isGone
  })
}

export function planTrimming(plan: Planning, ask: Of<'trim'>): void {
  const clips = changeable(plan, plan.clips(ask.scope, 'asked-trim'))
  if (clips.length === 0) return
  const step = plan.add('trim', 'content-creator', {
    job: 'trim',
    language: plan.language,
    clips: clips.map((clip) => ({ ...toClipRef(clip), ...newSpan(clip, ask.change) })),
  })
  plan.doing.push(
    pick(plan.language, {
      en: `change the length of ${names(clips, 'en')}`,
      es: `cambiar la duración de ${names(clips, 'es')}`,
    }),
  )
  planAskingAgain(plan, step, clips, [])
}

/** Without a number: a third off, or a third on. */
const SHORTER = 2 / 3
const LONGER = 4 / 3
const LEAST_MS = 1_000

function newSpan(clip: ThreadClip, change: TrimChange): Record<string, number> {
  const length = clip.endMs - clip.startMs
  const to = (ms: number) => ({ targetMs: Math.max(LEAST_MS, Math.round(ms)) })
  switch (change.kind) {
    case 'target':
      return to(change.ms)
    case 'by':
      return to(length + change.ms)
    case 'shorter':
      return to(length * SHORTER)
    case 'longer':
      return to(length * LONGER)
    case 'drop-start':
      return { newStartMs: Math.round(Math.min(clip.startMs + change.ms, clip.endMs - LEAST_MS)) }
    case 'drop-end':
      return { newEndMs: Math.round(Math.max(clip.endMs - change.ms, clip.startMs + LEAST_MS)) }
  }
}

export function planCaptions(plan: Planning, ask: Of<'caption'>): void {
  const clips = changeable(plan, plan.clips(ask.scope, 'asked-caption'))
  const postIds = clips.flatMap((clip) => clip.posts.map((post) => post.postId))
  if (postIds.length === 0) return
  const language = ask.wish.language
  const isWritten = language === undefined || language === 'en' || language === 'es'
  const wish = isWritten ? ask.wish : { ...ask.wish, language: undefined }
  const step = plan.add('revise', 'content-creator', {
    job: 'revise',
    language: plan.language,
    postIds,
    wish,
  })
  plan.doing.push(
    pick(plan.language, {
      en: `write new words for ${names(clips, 'en')}`,
      es: `cambiar el texto de ${names(clips, 'es')}`,
    }),
  )
  const brand = plan.brief.brand.language
  planAskingAgain(
    plan,
    step,
    clips,
    acceptedRules({ wish, wantsCaptions: true }, { brand, caption: wish.language ?? brand }),
  )
}

export function planReshaping(plan: Planning, ask: Of<'reformat'>): void {
  const clips = plan.clips(ask.scope, 'asked-format')
  if (clips.length === 0) return
  plan.add('reformat', 'content-creator', {
    job: 'reformat',
    language: plan.language,
    clips: clips.map(toClipRef),
    formats: ask.formats,
  })
  plan.doing.push(
    pick(plan.language, {
      en: `render ${names(clips, 'en')} as ${listOf(ask.formats, 'en')}`,
      es: `generar ${names(clips, 'es')} en ${listOf(ask.formats, 'es')}`,
    }),
  )
}

/** Cancelling, undoing, moving and remembering wait for nobody, so one act step does them all. */
export function planActs(plan: Planning, asks: readonly Ask[]): void {
  const actions = asks.flatMap((ask): Record<string, unknown>[] => {
    if (ask.do === 'remember') return [remembering(plan, ask.text)]
    if (ask.do === 'cancel') return cancelling(plan, ask.scope)
    if (ask.do === 'undo') return undoing(plan, ask.scope)
    if (ask.do === 'move') return moving(plan, ask.scope, ask.when)
    return []
  })
  if (actions.length > 0) plan.add('act', 'orchestrator', { stage: 'act', language: plan.language, actions })
}

function remembering(plan: Planning, text: string): Record<string, unknown> {
  plan.doing.push(pick(plan.language, { en: 'remember that', es: 'recordarlo' }))
  return { do: 'remember', subject: plan.brief.brand.name, predicate: 'fact', text: text.slice(0, 1_000) }
}

function cancelling(plan: Planning, scope: Scope): Record<string, unknown>[] {
  const clips = plan.clips(scope, 'asked-cancel')
  const publicationIds = publicationsOf(clips)
    .filter(({ state }) => WAITING.has(state))
    .map((one) => one.publicationId)
  if (publicationIds.length === 0) {
    if (clips.length > 0) plan.refuse('asked-cancel', 'nothing-waits')
    return []
  }
  plan.doing.push(
    pick(plan.language, { en: `call back ${names(clips, 'en')}`, es: `retirar ${names(clips, 'es')}` }),
  )
  return [{ do: 'cancel', publicationIds, because: plan.brief.message.slice(0, 300) }]
}

function undoing(plan: Planning, scope: Scope): Record<string, unknown>[] {
  const isNamed = scope.only !== undefined
  const clips = plan.clips(scope, 'asked-undo')
  const live = isNamed
    ? publicationsOf(clips).filter(({ state }) => LIVE.has(state))
    : lastLive(plan.brief.thread)
  if (live.length === 0) {
    if (clips.length > 0) plan.refuse('asked-undo', 'nothing-live')
    return []
  }
  plan.doing.push(pick(plan.language, { en: 'take the post back', es: 'retirar la publicación' }))
  return [{ do: 'undo', publicationIds: live.map((one) => one.publicationId) }]
}

function moving(plan: Planning, scope: Scope, when: When): Record<string, unknown>[] {
  const clips = plan.clips(scope, 'asked-move')
  const publicationIds = publicationsOf(clips)
    .filter(({ state }) => WAITING.has(state))
    .map((one) => one.publicationId)
  if (publicationIds.length === 0 || when.kind !== 'at') {
    if (clips.length > 0) plan.refuse('asked-move', 'nothing-waits')
    return []
  }
  const local = momentOf(when.at, plan.brief.brand.zone, plan.language)
  plan.doing.push(
    pick(plan.language, {
      en: `move ${names(clips, 'en')} to ${local}`,
      es: `pasar ${names(clips, 'es')} al ${local}`,
    }),
  )
  return [{ do: 'move', publicationIds, at: when.at }]
}
