/** From stored measurements to "when were people there". Pure. */
import { HOUR } from '../../runtime/core/clock.ts'
import { isRunningTotal, type Sample, type Series, toIncrements } from './increments.ts'

/** Metrics that grow when people are there, whatever the network calls them. */
export const ACTIVITY = [
  'online_followers',
  'views',
  'plays',
  'video_views',
  'reach',
  'impressions',
  'total_interactions',
  'engagement',
  'likes',
  'comments',
  'mentions',
] as const

/** Readings further apart than this cannot say which hour it was. */
const STEP_MS_MAX = 2 * HOUR
/** A day of hourly readings; with less of it the account itself says nothing yet. */
const SAMPLES_MIN = 24

/**
 * The best-measured metric speaks alone: metrics differ by orders of magnitude and would drown each other. An account's
 * own figures come before those of its posts, which tell as much about when we published.
 */
export function listActivity(series: readonly Series[]): Sample[] {
  const ofAccount = longest(series.filter((each) => each.publicationId === null).map(toActivity))
  if (ofAccount.length >= SAMPLES_MIN) return ofAccount
  const ofPosts = longest(
    ACTIVITY.map((metric) =>
      withoutAge(series.filter((each) => each.publicationId !== null && each.metric === metric)),
    ),
  )
  return longest([ofPosts, ofAccount])
}

const longest = (candidates: readonly (readonly Sample[])[]): Sample[] => [
  ...candidates.reduce((best, each) => (each.length > best.length ? each : best), []),
]

/** What came in within each hour or so; levels (people online) are taken as they are. */
function toActivity({ samples }: Series): Sample[] {
  if (!isRunningTotal(samples)) return [...samples]
  return toIncrements(samples).filter(({ atMs }, index) => atMs - (samples[index]?.atMs ?? 0) <= STEP_MS_MAX)
}

/**
 * A post earns most in its first hours, whenever those are. So an increment counts by how it compares with other posts
 * of the same age; what is left is the hour. Posts always published at six in the evening then say nothing, as they should.
 */
function withoutAge(posts: readonly Series[]): Sample[] {
  const aged = posts.flatMap((post) => {
    const bornMs = post.samples[0]?.atMs ?? 0
    return toActivity(post).map((sample) => ({ ...sample, age: ageOf(sample.atMs - bornMs) }))
  })
  const byAge = Map.groupBy(aged, (sample) => sample.age)
  const usual = new Map(
    [...byAge].map(([age, samples]) => [
      age,
      samples.reduce((sum, sample) => sum + sample.value, 0) / samples.length,
    ]),
  )
  return aged.flatMap(({ atMs, value, age }) => {
    const mean = usual.get(age) ?? 0
    return mean > 0 ? [{ atMs, value: value / mean }] : []
  })
}

/** Doubling steps: one hour, two, four … */
const ageOf = (ageMs: number): number => Math.max(0, Math.ceil(Math.log2(ageMs / HOUR)))
