/** From drafts to the gate: both reviewers look, then the act step asks, for those posts every reviewer passed. */
import { fromStep } from '../step-reference.ts'
import { pick } from '../words/language.ts'
import { momentOf } from '../words/moment.ts'
import type { ThreadClip } from './brief.ts'
import { ASKED_FOR, GONE, publicationsOf } from './choose-clips.ts'
import type { Planning } from './planning.ts'
import type { Ask, Scope, When } from './understand/understanding.ts'

type Publish = Extract<Ask, { do: 'publish' }>

/** Posts: a reference to the step that drafts them, or those of an earlier task. */
export function planReviews(
  plan: Planning,
  posts: unknown,
  needs: readonly string[],
  accepts: readonly string[],
): string[] {
  const brief = { language: plan.language, posts, ...(accepts.length > 0 ? { accepts: [...accepts] } : {}) }
  return [plan.add('voice', 'brand-voice', brief, needs), plan.add('compliance', 'compliance', brief, needs)]
}

export interface Wanted {
  scope: Scope
  when: When
  publicationIds?: string[]
}

export function planActing(
  plan: Planning,
  posts: unknown,
  from: readonly string[],
  reviews: readonly string[],
  wanted: readonly Wanted[],
): void {
  const needs = [...from, ...reviews]
  const actions = wanted.map(({ scope, when, publicationIds }) => ({
    do: 'publish',
    posts,
    ...(when.kind === 'now' ? {} : { isTimed: true }),
    ...(when.kind === 'at' ? { at: when.at } : {}),
    ...(when.kind === 'best' ? { at: fromStep(bestTime(plan, needs), 'nextBestAt') } : {}),
    ...(scope.only ? { only: scope.only } : {}),
    ...(scope.except ? { except: scope.except } : {}),
    ...(publicationIds ? { publicationIds } : {}),
    reviews: reviews.map((key) => fromStep(key, 'reviews')),
  }))
  plan.add('publish', 'orchestrator', { stage: 'act', language: plan.language, actions }, needs)
  for (const { when } of wanted) plan.doing.push(sayWhen(plan, when))
}

function bestTime(plan: Planning, needs: string[]): string {
  const { now, brand } = plan.brief
  const known = plan.steps.find((step) => step.key === 'times')?.key
  const key =
    known ??
    plan.add('times', 'analytics', { language: plan.language, now, zone: brand.zone, wants: ['best-times'] })
  if (!needs.includes(key)) needs.push(key)
  return key
}

function sayWhen({ brief, language }: Planning, when: When): string {
  if (when.kind === 'now') return pick(language, { en: 'publish them', es: 'publicarlos' })
  if (when.kind === 'best') {
    return pick(language, {
      en: 'publish them at the next best hour',
      es: 'publicarlos a la próxima mejor hora',
    })
  }
  const local = momentOf(when.at, brief.brand.zone, language)
  return pick(language, { en: `publish them on ${local}`, es: `publicarlos el ${local}` })
}

/** "publish clip 2 now" about clips of an earlier task. */
export function planLatePublishing(plan: Planning, ask: Publish): void {
  const clips = plan.clips(ask.scope, 'asked-publish')
  if (clips.length === 0) return
  const isWanted = ({ accountId }: { accountId: string }) => ask.accountIds?.includes(accountId) ?? true
  const drafted = clips.filter((clip) => publicationsOf([clip]).some(isWanted))
  const ready = drafted.flatMap((clip) =>
    toActPosts(clip, ({ state, accountId }) => isWanted({ accountId }) && !GONE.has(state)),
  )
  const bare = clips.filter((clip) => !drafted.includes(clip))
  const wanted = [{ scope: {}, when: ask.when }]
  if (ready.length > 0) planActing(plan, ready, [], planReviews(plan, ready, [], []), wanted)
  for (const clip of drafted) {
    if (!ready.some((post) => post.ordinal === clip.ordinal))
      plan.refuse(`clip ${clip.ordinal}`, 'already-live')
  }
  if (bare.length > 0) planPlacing(plan, bare, ask)
}

/** Clips made while no account was connected get their drafts now. */
function planPlacing(plan: Planning, clips: readonly ThreadClip[], ask: Publish): void {
  const accountIds = activeAccounts(plan, ask.accountIds)
  if (accountIds.length === 0) {
    plan.refuse('asked-publish', 'no-account')
    return
  }
  const key = plan.add('place', 'content-creator', {
    job: 'place',
    language: plan.language,
    clips: clips.map(toClipRef),
    accountIds,
  })
  const reviews = planReviews(plan, fromStep(key, 'posts'), [key], [])
  planActing(plan, fromStep(key, 'posts'), [key], reviews, [{ scope: {}, when: ask.when }])
}

export const activeAccounts = ({ brief }: Planning, wanted: readonly string[] | undefined): string[] =>
  brief.accounts
    .filter(({ accountId, status }) => status === 'active' && (wanted?.includes(accountId) ?? true))
    .map(({ accountId }) => accountId)

export const toClipRef = ({ clipId, ordinal, startMs, endMs }: ThreadClip) => ({
  clipId,
  ordinal,
  startMs,
  endMs,
})

type Publication = ThreadClip['posts'][number]['publications'][number]

const toActPosts = (clip: ThreadClip, keep: (publication: Publication) => boolean) =>
  clip.posts.flatMap((post) => {
    const publicationIds = post.publications.filter(keep).map((one) => one.publicationId)
    return publicationIds.length > 0
      ? [{ postId: post.postId, ordinal: clip.ordinal, caption: post.caption, publicationIds }]
      : []
  })

/**
 * A changed post needs a new yes: what was asked to go out before the change is asked for again at its time, the rest
 * stays a draft.
 */
export function planAskingAgain(
  plan: Planning,
  step: string,
  clips: readonly ThreadClip[],
  accepts: readonly string[],
): void {
  const posts = fromStep(step, 'posts')
  const reviews = planReviews(plan, posts, [step], accepts)
  const asked = publicationsOf(clips).filter(({ state }) => ASKED_FOR.has(state))
  if (asked.length === 0) return
  const byTime = Map.groupBy(asked, ({ dueAt }) => (dueAt && dueAt > plan.brief.now ? dueAt : ''))
  const wanted = [...byTime].map(([at, publications]) => ({
    scope: {},
    when: at ? ({ kind: 'at', at } as const) : ({ kind: 'now' } as const),
    publicationIds: publications.map((one) => one.publicationId),
  }))
  planActing(plan, posts, [step], reviews, wanted)
}
