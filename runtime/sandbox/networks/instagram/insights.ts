/** `GET /{media}/insights`: lifetime figures of one publication, with Instagram's refusals by product type. */
import type { Figures } from '../../engagement.ts'
import type { Publication } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import { parseParameters } from '../graph/parameters.ts'
import { refuseParameter } from '../graph/refusal.ts'
import { type Call, ok } from './context.ts'
import { type MediaMetric, PARAMETERS, RETIRED_METRICS } from './contract.ts'

type Product = 'FEED' | 'REELS' | 'STORY'

interface Metric {
  products: readonly Product[]
  title: string
  read(figures: Figures, publication: Publication): number
}

const ALL: readonly Product[] = ['FEED', 'REELS', 'STORY']
const POSTS: readonly Product[] = ['FEED', 'REELS']

const interactions = ({ likes, commentsStanding, saves, shares }: Figures) =>
  likes + commentsStanding + saves + shares

const watchMs = ({ profile }: Figures, { media }: Publication) =>
  Math.round((media[0]?.durationMs ?? 0) * Math.min(1, profile.watchedShare))

/** Metrics in the enum that are missing here are refused for every product. */
const METRICS: Partial<Record<MediaMetric, Metric>> = {
  views: { products: ALL, title: 'Views', read: ({ views }) => views },
  reach: { products: ALL, title: 'Accounts reached', read: ({ reach }) => reach },
  likes: { products: POSTS, title: 'Likes', read: ({ likes }) => likes },
  comments: { products: POSTS, title: 'Comments', read: ({ commentsStanding }) => commentsStanding },
  saved: { products: POSTS, title: 'Saved', read: ({ saves }) => saves },
  shares: { products: ALL, title: 'Shares', read: ({ shares }) => shares },
  total_interactions: { products: ALL, title: 'Interactions', read: interactions },
  follows: { products: ['FEED', 'STORY'], title: 'Follows', read: ({ follows }) => follows },
  profile_visits: {
    products: ['FEED', 'STORY'],
    title: 'Profile visits',
    read: ({ profileVisits }) => profileVisits,
  },
  profile_activity: {
    products: ['FEED', 'STORY'],
    title: 'Profile activity',
    read: ({ profileVisits }) => Math.floor(profileVisits * 0.15),
  },
  navigation: { products: ['STORY'], title: 'Navigation', read: ({ views }) => Math.floor(views * 0.9) },
  replies: { products: ['STORY'], title: 'Replies', read: ({ views }) => Math.floor(views * 0.004) },
  reposts: { products: POSTS, title: 'Reposts', read: ({ shares }) => Math.floor(shares * 0.2) },
  ig_reels_avg_watch_time: { products: ['REELS'], title: 'Average watch time', read: watchMs },
  ig_reels_video_view_total_time: {
    products: ['REELS'],
    title: 'Watch time',
    read: (figures, publication) => watchMs(figures, publication) * figures.views,
  },
  reels_skip_rate: {
    products: ['REELS'],
    title: 'Skip rate',
    read: ({ profile }) => Math.round(profile.skipRate * 1000) / 10,
  },
  crossposted_views: { products: ['REELS'], title: 'Crossposted views', read: () => 0 },
  facebook_views: { products: ['REELS'], title: 'Facebook views', read: () => 0 },
  total_views: { products: ALL, title: 'Total views', read: ({ views }) => views },
  total_likes: { products: POSTS, title: 'Total likes', read: ({ likes }) => likes },
  total_comments: {
    products: POSTS,
    title: 'Total comments',
    read: ({ commentsStanding }) => commentsStanding,
  },
}

export function readMediaInsights(call: Call, publication: Publication): WireReply {
  const { metric: names, period = 'lifetime' } = parseParameters(PARAMETERS.mediaInsights, call.parameters)
  if (period !== 'lifetime')
    throw refuseParameter(`Incompatible period (${period}), only lifetime is supported for media`)
  const product: Product =
    publication.kind === 'reel' ? 'REELS' : publication.kind === 'story' ? 'STORY' : 'FEED'
  const metrics = names.map((name) => {
    if (RETIRED_METRICS.includes(name)) {
      throw refuseParameter(
        `Starting from version v22.0 and above, the ${name} metric is no longer supported for the queried media.`,
      )
    }
    const metric = METRICS[name]
    if (!metric?.products.includes(product)) {
      throw refuseParameter(
        `The Media Insights API does not support the ${name} metric for this media product type.`,
      )
    }
    return { name, metric }
  })
  const figures = call.ig.world.engagement.figures(publication)
  return ok({
    data: metrics.map(({ name, metric }) => ({
      name,
      period: 'lifetime',
      values: [{ value: metric.read(figures, publication) }],
      title: metric.title,
      description: `${metric.title} of this media over its lifetime.`,
      id: `${publication.id}/insights/${name}/lifetime`,
    })),
  })
}
