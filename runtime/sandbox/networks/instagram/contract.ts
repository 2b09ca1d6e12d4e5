/**
 * Instagram's contract as data: hosts, parameters, enums and limits. Names are those of Meta's codegen specs
 * (`IGUser`, `IGMedia`, `IGComment`); what the documentation adds beyond them is listed in `NEWER_THAN_THE_SPEC`.
 */
import { z } from 'zod'
import { DAY, MINUTE, SECOND } from '../../../core/clock.ts'
import { PAGING_PARAMETERS } from '../graph/paging.ts'
import {
  graphBool,
  graphEnum,
  graphEnumList,
  graphId,
  graphInt,
  graphList,
  graphMap,
  graphMapList,
  graphString,
  graphTime,
} from '../graph/parameters.ts'

export const INSTAGRAM_LOGIN_HOST = 'graph.instagram.com'
export const FACEBOOK_LOGIN_HOST = 'graph.facebook.com'
export const UPLOAD_HOST = 'rupload.facebook.com'
export const PAGE_HOST = 'www.instagram.com'
export const MEDIA_HOST = 'scontent.cdninstagram.com'

export const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'REELS', 'STORIES', 'CAROUSEL'] as const
export type MediaType = (typeof MEDIA_TYPES)[number]

export const LIMITS = {
  postsPerDay: 50,
  containersPerDay: 400,
  quotaWindowMs: DAY,
  containerLifeMs: DAY,
  captionChars: 2_200,
  hashtags: 30,
  mentions: 20,
  altTextChars: 1_000,
  collaborators: 3,
  userTags: 20,
  carouselMin: 2,
  carouselMax: 10,
  commentChars: 300,
  commentHashtags: 4,
  commentLinks: 1,
  imageBytes: 8 * 1024 * 1024,
  imageRatioMin: 4 / 5,
  imageRatioMax: 1.91,
  videoWidth: 1_920,
  videoBitsPerSecond: 25_000_000,
  framesPerSecondMin: 23,
  framesPerSecondMax: 60,
  audioHertz: 48_000,
  reel: { bytes: 300 * 1024 * 1024, minMs: 3 * SECOND, maxMs: 15 * MINUTE },
  story: { bytes: 100 * 1024 * 1024, minMs: 3 * SECOND, maxMs: MINUTE },
} as const

const FIELDS = { fields: graphString.optional() }

/** Parameters by operation, as `IGUser.json`, `IGMedia.json` and `IGComment.json` name them. */
export const PARAMETERS = {
  createContainer: z.object({
    media_type: graphString.optional(),
    image_url: graphString.optional(),
    video_url: graphString.optional(),
    upload_type: graphEnum(['resumable']).optional(),
    caption: graphString.optional(),
    alt_text: graphString.optional(),
    children: graphList.optional(),
    is_carousel_item: graphBool.optional(),
    cover_url: graphString.optional(),
    thumb_offset: graphString.optional(),
    share_to_feed: graphBool.optional(),
    audio_name: graphString.optional(),
    collaborators: graphList.optional(),
    user_tags: graphMapList.optional(),
    location_id: graphId.optional(),
    product_tags: graphMapList.optional(),
    trial_params: graphMap.optional(),
    is_ai_generated: graphBool.optional(),
  }),
  publishContainer: z.object({ creation_id: graphId }),
  listMedia: z.object({
    ...FIELDS,
    ...PAGING_PARAMETERS,
    since: graphTime.optional(),
    until: graphTime.optional(),
  }),
  listStories: z.object({ ...FIELDS, ...PAGING_PARAMETERS }),
  publishingLimit: z.object({ ...FIELDS, since: graphTime.optional() }),
  readNode: z.object(FIELDS),
  editMedia: z.object({ comment_enabled: graphBool }),
  nothing: z.object({}),
  listComments: z.object({ ...FIELDS, ...PAGING_PARAMETERS }),
  writeComment: z.object({ message: graphString }),
  editComment: z.object({ hide: graphBool }),
  mediaInsights: z.object({
    metric: graphEnumList([
      'clips_replays_count',
      'comments',
      'content_views',
      'crossposted_views',
      'facebook_views',
      'follows',
      'ig_reels_aggregated_all_plays_count',
      'ig_reels_avg_watch_time',
      'ig_reels_video_view_total_time',
      'impressions',
      'likes',
      'navigation',
      'plays',
      'profile_activity',
      'profile_visits',
      'reach',
      'reels_skip_rate',
      'replies',
      'reposts',
      'saved',
      'shares',
      'total_comments',
      'total_interactions',
      'total_likes',
      'total_views',
      'video_views',
      'views',
    ]),
    period: graphEnum(['day', 'days_28', 'lifetime', 'month', 'total_over_range', 'week']).optional(),
  }),
  accountInsights: z.object({
    metric: graphEnumList([
      'accounts_engaged',
      'comments',
      'content_views',
      'engaged_audience_demographics',
      'follower_count',
      'follower_demographics',
      'follows_and_unfollows',
      'likes',
      'online_followers',
      'profile_links_taps',
      'profile_views',
      'quotes',
      'reach',
      'reached_audience_demographics',
      'replies',
      'reposts',
      'saves',
      'shares',
      'threads_clicks',
      'threads_follower_demographics',
      'threads_followers',
      'threads_likes',
      'threads_replies',
      'threads_reposts',
      'threads_views',
      'total_interactions',
      'views',
      'website_clicks',
    ]),
    period: graphEnum(['day', 'days_28', 'lifetime', 'month', 'total_over_range', 'week']),
    metric_type: graphEnum(['default', 'time_series', 'total_value']).optional(),
    breakdown: graphEnum([
      'age',
      'city',
      'contact_button_type',
      'country',
      'follow_type',
      'gender',
      'media_product_type',
    ]).optional(),
    timeframe: graphEnum([
      'last_14_days',
      'last_30_days',
      'last_90_days',
      'prev_month',
      'this_month',
      'this_week',
    ]).optional(),
    since: graphTime.optional(),
    until: graphTime.optional(),
  }),
  refreshToken: z.object({ grant_type: graphEnum(['ig_refresh_token']) }),
} as const

export type ContainerParameters = z.infer<typeof PARAMETERS.createContainer>
export type MediaMetric = z.infer<typeof PARAMETERS.mediaInsights>['metric'][number]
export type AccountMetric = z.infer<typeof PARAMETERS.accountInsights>['metric'][number]

/** Documented, but younger than the spec set of 2026-04 or absent from it. */
export const NEWER_THAN_THE_SPEC = {
  createContainer: ['is_ai_generated', 'image_url'],
} as const

/** In the enum still, refused for new media. */
export const RETIRED_METRICS: readonly MediaMetric[] = [
  'impressions',
  'plays',
  'video_views',
  'clips_replays_count',
  'ig_reels_aggregated_all_plays_count',
]

export const thumbOffset = graphInt
