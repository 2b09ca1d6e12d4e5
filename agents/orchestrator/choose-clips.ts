/** Which earlier clips a person means by "clip 2", "it" or "the last post". */
import type { ThreadClip } from './brief.ts'
import type { Scope } from './understand/understanding.ts'

type Thread = readonly { clips: ThreadClip[] }[]
export type ThreadPublication = ThreadClip['posts'][number]['publications'][number]

export interface Choice {
  clips: ThreadClip[]
  /** Numbers nobody made. */
  unknown: number[]
}

/** Numbers mean the newest clip that has them; without a number, all clips of the batch at hand. */
export function chooseClips(thread: Thread, scope: Scope): Choice {
  const newest = currentBatch(thread)
  const except = new Set(scope.except ?? [])
  if (scope.only === undefined) {
    const clips = newest.filter((clip) => !except.has(clip.ordinal))
    return { clips: scope.isLast ? clips.slice(-1) : clips, unknown: [] }
  }
  const found = scope.only.map((ordinal) => ({
    ordinal,
    clip: thread.flatMap((task) => task.clips).find((clip) => clip.ordinal === ordinal),
  }))
  return {
    clips: found.flatMap(({ clip }) => clip ?? []),
    unknown: found.filter(({ clip }) => clip === undefined).map(({ ordinal }) => ordinal),
  }
}

/**
 * A follow-up that trims clip 2 holds clip 2 alone, its siblings stay with the task before: together they are one batch. A
 * number that comes up twice begins an older batch, of another film or another wish.
 */
function currentBatch(thread: Thread): ThreadClip[] {
  const batch = new Map<number, ThreadClip>()
  for (const { clips } of thread) {
    if (clips.some((clip) => batch.has(clip.ordinal))) break
    for (const clip of clips) batch.set(clip.ordinal, clip)
  }
  return [...batch.values()].sort((a, b) => a.ordinal - b.ordinal)
}

export const listOrdinals = (thread: Thread): number[] => [
  ...new Set(thread.flatMap((task) => task.clips.map((clip) => clip.ordinal)).sort((a, b) => a - b)),
]

export const publicationsOf = (clips: readonly ThreadClip[]): ThreadPublication[] =>
  clips.flatMap((clip) => clip.posts.flatMap((post) => post.publications))

/** Not out yet: may still be called back, moved or changed. */
export const WAITING: ReadonlySet<string> = new Set(['draft', 'awaiting-approval', 'scheduled', 'held'])
/** Somebody asked for it to go out, and it has not. */
export const ASKED_FOR: ReadonlySet<string> = new Set(['awaiting-approval', 'scheduled', 'held'])
/** Out, or on its way past recall. */
export const GONE: ReadonlySet<string> = new Set([
  'claimed',
  'armed',
  'sent',
  'accepted',
  'verified',
  'unknown',
])
export const LIVE: ReadonlySet<string> = new Set(['verified', 'accepted'])

/** The newest live publication of the conversation; of a scope, the last clip's. */
export function lastLive(thread: Thread): ThreadPublication[] {
  for (const task of thread) {
    const last = publicationsOf(task.clips).findLast((publication) => LIVE.has(publication.state))
    if (last) return [last]
  }
  return []
}
