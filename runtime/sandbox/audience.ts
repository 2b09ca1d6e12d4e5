/**
 * The simulated audience: what a publication has earned after a while, as a pure function of its seed, its account,
 * its caption, its film and the time since it went live. No state, no timers: four weeks cost as much as four seconds.
 *
 * Three waves reach a post: followers (half-life of hours), the recommendation feed (a day) and a long tail (days);
 * the first seconds bring a handful of views, so that a demo sees numbers at once. Features move the total modestly:
 * every factor lies between 0.7 and 1.35, the luck of the draw (log-normal, sigma 0.55) outweighs each of them.
 */
import { HOUR, SECOND } from '../core/clock.ts'
import { type Random, seededRandom } from '../core/random.ts'

export interface AudienceSubject {
  seed: number
  followers: number
  zone: string
  kind: 'reel' | 'video' | 'image' | 'carousel' | 'story'
  caption: string
  publishedMs: number
  durationMs: number | undefined
  isVertical: boolean
}

/** What one publication will ever earn, and how eagerly. */
export interface AudienceProfile {
  views: number
  earlyViews: number
  waves: readonly { share: number; scaleMs: number }[]
  reachPerView: number
  likeRate: number
  commentRate: number
  saveRate: number
  shareRate: number
  followRate: number
  visitRate: number
  watchedShare: number
  skipRate: number
}

export interface Tally {
  views: number
  reach: number
  likes: number
  saves: number
  shares: number
  follows: number
  profileVisits: number
  /** Comments of the audience's own accord, before boosts and answers. */
  comments: number
}

/** FNV-1a: one 32-bit seed out of a text. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

export function profileOf(subject: AudienceSubject): AudienceProfile {
  const random = seededRandom(subject.seed)
  const luck = Math.exp(0.55 * normal(random))
  const base = subject.kind === 'story' ? 0.35 * subject.followers : 4 * subject.followers ** 0.82
  const views = Math.max(60, Math.round(base * luck * appeal(subject)))
  const isMoving = subject.kind === 'reel' || subject.kind === 'video' || subject.kind === 'story'
  const between = (low: number, high: number) => low + (high - low) * random.next()
  return {
    views,
    earlyViews: Math.round(between(3, 12)),
    waves: [
      { share: 0.45, scaleMs: 2.5 * HOUR },
      { share: 0.35, scaleMs: 20 * HOUR },
      { share: 0.2, scaleMs: 120 * HOUR },
    ],
    reachPerView: isMoving ? between(0.68, 0.85) : between(0.78, 0.93),
    likeRate: between(0.03, 0.09),
    commentRate: between(0.004, 0.012) * (asksSomething(subject.caption) ? 1.6 : 1),
    saveRate: between(0.004, 0.02),
    shareRate: between(0.003, 0.015),
    followRate: between(0.0005, 0.004),
    visitRate: between(0.01, 0.04),
    watchedShare: watchedShare(subject.durationMs ?? 0) * between(0.85, 1.15),
    skipRate: between(0.22, 0.5),
  }
}

export function tallyAt(profile: AudienceProfile, elapsedMs: number): Tally {
  const views = viewsAt(profile, elapsedMs)
  const share = (rate: number) => Math.floor(views * rate)
  return {
    views,
    reach: Math.min(views, Math.ceil(views * profile.reachPerView)),
    likes: share(profile.likeRate),
    comments: share(profile.commentRate),
    saves: share(profile.saveRate),
    shares: share(profile.shareRate),
    follows: share(profile.followRate),
    profileVisits: share(profile.visitRate),
  }
}

/** Milliseconds after publication at which the `nth` (from 1) comment is written. */
export function commentTimeMs(profile: AudienceProfile, nth: number): number {
  let [low, high] = [0, 1]
  while (Math.floor(viewsAt(profile, high) * profile.commentRate) < nth) {
    high *= 2
    if (high > 2 ** 42) return high
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (Math.floor(viewsAt(profile, middle) * profile.commentRate) < nth) low = middle
    else high = middle
  }
  return high
}

/** Followers come and go by about a tenth of a per cent a day. */
export function followersAt(account: { seed: number; followers: number }, elapsedMs: number): number {
  const random = seededRandom(account.seed ^ 0x5eed)
  const perDay = account.followers * (0.0004 + 0.0016 * random.next())
  return Math.floor(account.followers + (perDay * Math.max(0, elapsedMs)) / (24 * HOUR))
}

/** Relative attention of the hour (0-23) in the account's own zone; its mean over the day is about 1. */
export function attentionAt(hour: number, seed: number): number {
  const noon = Math.exp(-(((hour - 13.5) / 2.2) ** 2))
  const evening = Math.exp(-(((hour - 20.5 - 1.5 * seededRandom(seed).next()) / 2.4) ** 2))
  return 0.55 + 0.8 * noon + 1.3 * evening
}

export function hourIn(zone: string, ms: number): number {
  let format = hourFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })
    hourFormats.set(zone, format)
  }
  return Number(format.format(ms))
}
// building an Intl format costs ~50 us, asking one ~1 us: publish runs through here
const hourFormats = new Map<string, Intl.DateTimeFormat>()

function viewsAt({ views, earlyViews, waves }: AudienceProfile, elapsedMs: number): number {
  if (elapsedMs <= 0) return 0
  const early = Math.min(earlyViews, 1 + (earlyViews * elapsedMs) / (6 * SECOND))
  const grown = waves.reduce((sum, wave) => sum + wave.share * -Math.expm1(-elapsedMs / wave.scaleMs), 0)
  return Math.floor(early + views * grown)
}

function appeal({ seed, caption, publishedMs, zone, kind, durationMs, isVertical }: AudienceSubject): number {
  const hashtags = caption.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0
  const firstLine = caption.split('\n', 1)[0] ?? ''
  const factors = [
    0.7 + 0.65 * Math.min(1, attentionAt(hourIn(zone, publishedMs), seed) / 1.85),
    hashtags === 0 ? 0.9 : hashtags <= 8 ? 1.1 : 0.85,
    firstLine.length > 0 && firstLine.length <= 80 ? 1.1 : 0.95,
    asksSomething(caption) ? 1.08 : 1,
    kind === 'reel' ? 1.25 : kind === 'carousel' ? 1.1 : 1,
    kind === 'reel' && !isVertical ? 0.75 : 1,
    durationMs === undefined ? 1 : durationMs <= 30_000 ? 1.12 : durationMs <= 90_000 ? 1 : 0.8,
  ]
  return factors.reduce((product, factor) => product * factor, 1)
}

const asksSomething = (caption: string) => caption.includes('?')

/** Short films are watched nearly through, long ones are left after a third. */
const watchedShare = (durationMs: number) => 0.3 + 0.55 * Math.exp(-durationMs / 45_000)

/** Box-Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
