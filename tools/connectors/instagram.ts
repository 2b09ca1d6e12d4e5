/**
 * Instagram, by Instagram Login (graph.instagram.com) or Facebook Login (graph.facebook.com): container, bytes, poll,
 * publish. Wire format only: no policy, no budget, no clock of its own.
 */
import { z } from 'zod'
import { DAY, instantMs, MINUTE } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type {
  Connector,
  Handle,
  Lookup,
  PublishDraft,
  Publisher,
  PublisherPorts,
  RemoteComment,
} from '../../runtime/core/ports/publisher.ts'
import { assertGranted, beforeCommit, defineConnector, isCode } from './define-connector.ts'
import {
  graph,
  Id,
  isFacebookToken,
  Media,
  ORIGINS,
  pages,
  read,
  readQuota,
  readStatus,
  textOf,
} from './instagram-calls.ts'
import { prepareReel } from './instagram-prepare.ts'
import { preflightInstagram } from './instagram-rules.ts'

const COMMIT_TIMEOUT_MS = MINUTE
/** The platform's clock and ours may differ by so much when a post is found by its time. */
const CLOCK_SLACK_MS = 2 * MINUTE

const MEDIA_METRICS = [
  'views',
  'reach',
  'likes',
  'comments',
  'saved',
  'shares',
  'total_interactions',
  'ig_reels_avg_watch_time',
]
const ACCOUNT_METRICS = [
  'reach',
  'views',
  'accounts_engaged',
  'total_interactions',
  'likes',
  'comments',
  'shares',
  'saves',
]

export const instagram: Connector = defineConnector({
  network: 'instagram',
  origins: ORIGINS,
  // Meta's pages say 50 and 100; the lower figure is planned with (reference, section 3).
  quota: { publications: 50, perMs: DAY },
  preflight: preflightInstagram,
  whoAmI,
  publisher: openPublisher,
})

const Me = z.object({ user_id: z.coerce.string(), username: z.string() })
const Linked = z.object({
  data: z.array(
    z.object({ instagram_business_account: z.object({ id: z.string(), username: z.string() }).optional() }),
  ),
})

async function whoAmI(ports: Pick<PublisherPorts, 'wire' | 'signal'>, token: string) {
  const caller = { ...ports, account: { token } }
  if (!isFacebookToken(token)) {
    const me = await read(caller, 'me', Me, { fields: 'user_id,username' })
    return { remoteId: me.user_id, username: me.username }
  }
  const fields = 'instagram_business_account{id,username}'
  const { data } = await read(caller, 'me/accounts', Linked, { fields })
  const [only, ...others] = data.flatMap((page) => page.instagram_business_account ?? [])
  if (only && others.length === 0) return { remoteId: only.id, username: only.username }
  const found = only ? others.length + 1 : 0
  throw new StakazoError(
    'bad-input',
    `the token reaches ${found} Instagram accounts; use a token of exactly one`,
  )
}

function openPublisher(ports: PublisherPorts): Publisher {
  const { account } = ports
  return {
    prepare: (draft, saved, save) => beforeCommit(() => prepareReel(ports, draft, saved, save)),
    async commit(grant, handle) {
      assertGranted(grant, account)
      const form = { creation_id: textOf(handle, 'containerId') }
      const call = { method: 'POST', call: 'once', form, timeoutMs: COMMIT_TIMEOUT_MS } as const
      const published = await orUnknown(graph(ports, `${account.remoteId}/media_publish`, Id, call))
      return { remoteId: published.id, answer: published }
    },
    lookup: (handle, draft) => lookup(ports, handle, draft),
    async verify(remoteId) {
      const media = await read(ports, remoteId, Media, { fields: 'id,permalink,timestamp' })
      return { url: media.permalink, publishedAt: media.timestamp }
    },
    async remove(grant, remoteId) {
      assertGranted(grant, account)
      const call = { method: 'DELETE', call: 'once', timeoutMs: COMMIT_TIMEOUT_MS } as const
      await orUnknown(graph(ports, remoteId, z.object({ success: z.literal(true) }), call))
    },
    metrics: (remoteId) => readInsights(ports, remoteId, MEDIA_METRICS, {}),
    accountMetrics: () => readAccount(ports),
    comments: (remoteId) => readComments(ports, remoteId),
  }
}

/** A success we cannot read is one we do not know: the lookup tells which post it is. */
async function orUnknown<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isCode(error, 'platform-surprise')) throw error
    throw new StakazoError('outcome-unknown', error.message, { cause: error })
  }
}

async function lookup(ports: PublisherPorts, handle: Handle, draft: PublishDraft): Promise<Lookup> {
  const status = await readStatus(ports, handle)
  switch (status?.status_code) {
    case 'PUBLISHED':
      return { found: 'live', remoteId: await findByContent(ports, draft) }
    case 'FINISHED':
      return { found: 'not-live', isAuthoritative: true, isHandleUsable: true }
    case 'EXPIRED':
    case 'ERROR':
      return { found: 'not-live', isAuthoritative: true, isHandleUsable: false }
    // 100/33 is also answered for containers that exist, and a container in progress may be about to go live.
    default:
      return { found: 'unsure' }
  }
}

/** The one post with our caption since we armed. None or several is no answer: the newest is never simply adopted. */
async function findByContent(ports: PublisherPorts, draft: PublishDraft): Promise<string | undefined> {
  const sinceMs = (draft.armedAtMs ?? 0) - CLOCK_SLACK_MS
  const matches: string[] = []
  const fields = 'id,caption,timestamp'
  for await (const media of pages(ports, `${ports.account.remoteId}/media`, Media, { fields })) {
    if (media.timestamp !== undefined && instantMs(media.timestamp) < sinceMs) break
    if (media.caption === draft.caption) matches.push(media.id)
  }
  return matches.length === 1 ? matches[0] : undefined
}

const Comment = z.object({
  id: z.string(),
  text: z.string().default(''),
  username: z.string().default(''),
  timestamp: z.string(),
})

async function readComments(ports: PublisherPorts, remoteId: string): Promise<RemoteComment[]> {
  const comments: RemoteComment[] = []
  const query = { fields: 'id,text,username,timestamp' }
  for await (const { id, username, text, timestamp } of pages(
    ports,
    `${remoteId}/comments`,
    Comment,
    query,
  )) {
    comments.push({ remoteId: id, author: username, text, at: timestamp })
  }
  return comments
}

const Profile = z.object({
  followers_count: z.number().optional(),
  follows_count: z.number().optional(),
  media_count: z.number().optional(),
})

async function readAccount(ports: PublisherPorts): Promise<Record<string, number>> {
  const { remoteId } = ports.account
  const profile = await read(ports, remoteId, Profile, {
    fields: 'followers_count,follows_count,media_count',
  })
  const daily = { period: 'day', metric_type: 'total_value' }
  const insights = await readInsights(ports, remoteId, ACCOUNT_METRICS, daily)
  const quota = await readQuota(ports, remoteId)
  return { ...insights, ...numbers({ ...profile, quota_usage: quota?.usage, quota_total: quota?.total }) }
}

const Insights = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.object({ value: z.unknown() })).optional(),
      total_value: z.object({ value: z.unknown() }).optional(),
    }),
  ),
})

/** Metric names come and go: when a list is refused, each is asked for alone and the unknown ones are dropped. */
async function readInsights(
  ports: PublisherPorts,
  id: string,
  metrics: readonly string[],
  query: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  try {
    const { data } = await read(ports, `${id}/insights`, Insights, { ...query, metric: metrics.join(',') })
    return numbers(
      Object.fromEntries(data.map((one) => [one.name, one.total_value?.value ?? one.values?.at(-1)?.value])),
    )
  } catch (error) {
    if (!isCode(error, 'platform-content')) throw error
    if (metrics.length === 1) return {}
    const found: Record<string, number> = {}
    for (const metric of metrics) Object.assign(found, await readInsights(ports, id, [metric], query))
    return found
  }
}

const numbers = (values: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  )
