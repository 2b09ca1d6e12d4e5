/** `GET /{ig-id}/insights`: an account's days, summed from its publications, and who its followers are. */
import { DAY, HOUR } from '../../../core/clock.ts'
import { seededRandom } from '../../../core/random.ts'
import type { Account } from '../../accounts.ts'
import { attentionAt, followersAt, hourIn, type Tally } from '../../audience.ts'
import type { PublicationKind } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import { parseParameters } from '../graph/parameters.ts'
import { refuseParameter } from '../graph/refusal.ts'
import { type Call, ok } from './context.ts'
import { type AccountMetric, PARAMETERS } from './contract.ts'
import { graphTimestamp } from './nodes.ts'

/** A post earns next to nothing after four weeks; older ones are left out of the sums. */
const EARNING_MS = 28 * DAY
const RANGE_MAX_MS = 30 * DAY

type Sum = Record<keyof Tally, number>

const TOTALS: Partial<Record<AccountMetric, (sum: Sum) => number>> = {
  views: ({ views }) => views,
  reach: ({ reach }) => reach,
  likes: ({ likes }) => likes,
  comments: ({ comments }) => comments,
  saves: ({ saves }) => saves,
  shares: ({ shares }) => shares,
  replies: () => 0,
  reposts: ({ shares }) => Math.floor(shares * 0.2),
  total_interactions: ({ likes, comments, saves, shares }) => likes + comments + saves + shares,
  accounts_engaged: ({ likes, comments, saves }) => Math.floor((likes + comments + saves) * 0.9),
  profile_views: ({ profileVisits }) => profileVisits,
  profile_links_taps: ({ profileVisits }) => Math.floor(profileVisits * 0.05),
  website_clicks: ({ profileVisits }) => Math.floor(profileVisits * 0.04),
  follows_and_unfollows: ({ follows }) => follows,
}

const DEMOGRAPHICS: readonly AccountMetric[] = [
  'follower_demographics',
  'engaged_audience_demographics',
  'reached_audience_demographics',
]

type Parameters = ReturnType<typeof readParameters>

export function readAccountInsights(call: Call): WireReply {
  const parameters = readParameters(call)
  return ok({ data: parameters.metric.flatMap((name) => readMetric(call, name, parameters)) })
}

function readParameters(call: Call) {
  const parameters = parseParameters(PARAMETERS.accountInsights, call.parameters)
  const now = call.ig.world.clock.nowMs()
  const until = Math.min(now, parameters.until ?? now)
  const since = parameters.since ?? until - DAY
  if (since >= until) throw refuseParameter('since must be earlier than until')
  if (until - since > RANGE_MAX_MS)
    throw refuseParameter('There cannot be more than 30 days between since and until')
  return { ...parameters, since, until }
}

function readMetric(call: Call, name: AccountMetric, parameters: Parameters): unknown[] {
  if (DEMOGRAPHICS.includes(name)) return [demographics(call.account, name, parameters)]
  if (name === 'online_followers') return [onlineFollowers(call.account, parameters)]
  if (name === 'follower_count') return [followerSeries(call.account, parameters)]
  const total = TOTALS[name]
  if (!total) throw refuseParameter(`The ${name} metric is not available for this account`)
  if (parameters.period !== 'day')
    throw refuseParameter(`Incompatible period (${parameters.period}) for metric ${name}`)
  const isSeries = parameters.metric_type === 'time_series' || parameters.metric_type === undefined
  if (isSeries && name !== 'reach') {
    throw refuseParameter(
      `The following metrics (${name}) should be specified with parameter metric_type=total_value`,
    )
  }
  return isSeries ? reachSeries(call, parameters) : totalOf(call, name, total, parameters)
}

/** No publication in reach of the range means no data at all, not a zero. */
function totalOf(
  call: Call,
  name: AccountMetric,
  total: (sum: Sum) => number,
  parameters: Parameters,
): unknown[] {
  const sums = earned(call, parameters.since, parameters.until)
  if (sums.size === 0) return []
  const value = [...sums.values()].reduce((whole, sum) => whole + total(sum), 0)
  return [
    {
      name,
      period: 'day',
      title: name,
      description: `${name} of the account in the range.`,
      total_value: { value, ...breakdownOf(parameters, sums, total, value) },
      id: `${call.account.id}/insights/${name}/day`,
    },
  ]
}

function breakdownOf(
  { breakdown }: Parameters,
  sums: Map<PublicationKind, Sum>,
  total: (sum: Sum) => number,
  value: number,
) {
  if (breakdown === undefined) return {}
  const results =
    breakdown === 'media_product_type'
      ? [...sums].map(([kind, sum]) => ({ dimension_values: [PRODUCTS[kind]], value: total(sum) }))
      : breakdown === 'follow_type'
        ? followTypes(value)
        : undefined
  if (!results) throw refuseParameter(`The breakdown ${breakdown} is not available for this metric`)
  return { breakdowns: [{ dimension_keys: [breakdown], results }] }
}

const PRODUCTS: Record<PublicationKind, string> = {
  reel: 'REEL',
  video: 'POST',
  image: 'POST',
  carousel: 'CAROUSEL_CONTAINER',
  story: 'STORY',
}

const followTypes = (value: number) => {
  const followers = Math.floor(value * 0.42)
  return [
    { dimension_values: ['FOLLOWER'], value: followers },
    { dimension_values: ['NON_FOLLOWER'], value: value - followers },
  ]
}

/** What each kind of publication earned between two instants. */
function earned({ ig, account }: Call, since: number, until: number): Map<PublicationKind, Sum> {
  const { engagement, publications } = ig.world
  const sums = new Map<PublicationKind, Sum>()
  for (const publication of publications.liveBetween(account, since - EARNING_MS, until)) {
    const [before, after] = [engagement.tallyAt(publication, since), engagement.tallyAt(publication, until)]
    const sum = sums.get(publication.kind) ?? {
      views: 0,
      reach: 0,
      likes: 0,
      comments: 0,
      saves: 0,
      shares: 0,
      follows: 0,
      profileVisits: 0,
    }
    for (const key of Object.keys(sum) as (keyof Sum)[]) sum[key] += after[key] - before[key]
    sums.set(publication.kind, sum)
  }
  return sums
}

function* daysOf({ since, until }: Parameters): Generator<{ from: number; to: number }> {
  for (let from = since; from < until; from += DAY) yield { from, to: Math.min(until, from + DAY) }
}

function reachSeries(call: Call, parameters: Parameters): unknown[] {
  const values = [...daysOf(parameters)].flatMap(({ from, to }) => {
    const sums = earned(call, from, to)
    const value = [...sums.values()].reduce((whole, { reach }) => whole + reach, 0)
    return sums.size === 0 ? [] : [{ value, end_time: graphTimestamp(to) }]
  })
  if (values.length === 0) return []
  return [
    {
      name: 'reach',
      period: 'day',
      title: 'Reach',
      description: 'Accounts reached.',
      values,
      id: `${call.account.id}/insights/reach/day`,
    },
  ]
}

function followerSeries(account: Account, parameters: Parameters): unknown {
  if (parameters.period !== 'day') throw refuseParameter('Incompatible period for metric follower_count')
  const at = (ms: number) => followersAt(account, ms - account.createdBusinessMs)
  const values = [...daysOf(parameters)].map(({ from, to }) => ({
    value: at(to) - at(from),
    end_time: graphTimestamp(to),
  }))
  return {
    name: 'follower_count',
    period: 'day',
    title: 'New followers',
    description: 'New followers a day.',
    values,
    id: `${account.id}/insights/follower_count/day`,
  }
}

function onlineFollowers(account: Account, parameters: Parameters): unknown {
  if (parameters.period !== 'lifetime')
    throw refuseParameter('Incompatible period for metric online_followers')
  // keyed by hour of the day in the platform's own zone, as Instagram answers it
  const values = [...daysOf(parameters)].map(({ from, to }) => ({
    value: Object.fromEntries(
      Array.from({ length: 24 }, (_none, hour) => {
        const there = hourIn(account.zone, Math.floor(from / DAY) * DAY + hour * HOUR)
        return [hour, Math.floor(account.followers * 0.12 * attentionAt(there, account.seed))]
      }),
    ),
    end_time: graphTimestamp(to),
  }))
  return {
    name: 'online_followers',
    period: 'lifetime',
    title: 'Online followers',
    description: 'Followers online by hour.',
    values,
    id: `${account.id}/insights/online_followers/lifetime`,
  }
}

const GROUPS: Partial<Record<string, readonly string[]>> = {
  age: ['13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'],
  gender: ['F', 'M', 'U'],
  country: ['ES', 'MX', 'US', 'AR', 'GB', 'CO'],
  city: [
    'Madrid, Madrid',
    'Barcelona, Cataluña',
    'Sevilla, Andalucía',
    'London, England',
    'Ciudad de México',
  ],
}

function demographics(
  account: Account,
  name: AccountMetric,
  { period, metric_type, breakdown, timeframe }: Parameters,
): unknown {
  const groups = GROUPS[breakdown ?? '']
  if (period !== 'lifetime' || metric_type !== 'total_value')
    throw refuseParameter(`${name} needs period=lifetime and metric_type=total_value`)
  if (!groups || breakdown === undefined)
    throw refuseParameter(`${name} needs a breakdown, one of {age, city, country, gender}`)
  if (name !== 'follower_demographics' && timeframe === undefined)
    throw refuseParameter(`${name} needs a timeframe`)
  const random = seededRandom(account.seed ^ groups.length)
  const weights = groups.map(() => 0.2 + random.next())
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const results = groups.map((group, index) => ({
    dimension_values: [group],
    value: Math.floor((account.followers * (weights[index] ?? 0)) / whole),
  }))
  return {
    name,
    period: 'lifetime',
    title: name,
    description: 'Who they are.',
    // fewer than 100 followers: Meta shows nothing
    total_value: {
      breakdowns: [{ dimension_keys: [breakdown], results: account.followers < 100 ? [] : results }],
    },
    id: `${account.id}/insights/${name}/lifetime`,
  }
}
