/** Instagram's wire: hosts, shapes of its answers, one call. */
import { z } from 'zod'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { Handle, PublisherPorts } from '../../runtime/core/ports/publisher.ts'
import type { WireRequest } from '../../runtime/core/ports/wire.ts'
import { isCode, parseAnswer } from './define-connector.ts'
import { readGraphFailure } from './graph-errors.ts'

/** Graph API version in force since 2026-07-29. */
const VERSION = 'v26.0'
const INSTAGRAM_LOGIN = 'https://graph.instagram.com'
const FACEBOOK_LOGIN = 'https://graph.facebook.com'
export const UPLOAD = 'https://rupload.facebook.com'
export const ORIGINS = [INSTAGRAM_LOGIN, FACEBOOK_LOGIN, UPLOAD]

/** Tokens of Facebook Login begin so; everything else is Instagram Login's. */
export const isFacebookToken = (token: string) => token.startsWith('EAA')

const PAGES_MAX = 20
const PAGE_SIZE = 50

export const Id = z.object({ id: z.string() })
export const Media = z.object({
  id: z.string(),
  permalink: z.url().optional(),
  timestamp: z.string().optional(),
  caption: z.string().optional(),
})
const Status = z.object({
  id: z.string(),
  status_code: z.enum(['IN_PROGRESS', 'FINISHED', 'ERROR', 'EXPIRED', 'PUBLISHED']),
  status: z.string().optional(),
  video_status: z
    .object({ uploading_phase: z.object({ bytes_transferred: z.number().optional() }).optional() })
    .optional(),
})
type Status = z.output<typeof Status>
const Limit = z.object({
  data: z.array(
    z.object({ quota_usage: z.number(), config: z.object({ quota_total: z.number() }).optional() }),
  ),
})

export type Caller = Pick<PublisherPorts, 'wire' | 'signal'> & { account: { token: string } }
type Query = NonNullable<WireRequest['query']>
type Call = Pick<WireRequest, 'method' | 'call' | 'query' | 'form' | 'timeoutMs'>

/** A failure inside the platform leaves a call that changes something unknown; everything else is its word. */
export async function graph<T extends z.ZodType>(
  caller: Caller,
  path: string,
  schema: T,
  call: Call,
): Promise<z.output<T>> {
  const { token } = caller.account
  const host = isFacebookToken(token) ? FACEBOOK_LOGIN : INSTAGRAM_LOGIN
  const what = `${call.method} instagram ${path.replace(/\d+/g, '{id}')}`
  const answer = await caller.wire.send({
    ...call,
    url: `${host}/${VERSION}/${path}`,
    bearer: token,
    signal: caller.signal,
  })
  const failure = readGraphFailure(answer, what, token)
  if (!failure) return parseAnswer(schema, answer.json, what)
  if (call.call === 'safe' || !failure.isInternal) throw failure.error
  const { message, details } = failure.error
  throw new StakazoError('outcome-unknown', message, { cause: failure.error, details: { ...details } })
}

export const read = <T extends z.ZodType>(caller: Caller, path: string, schema: T, query: Query = {}) =>
  graph(caller, path, schema, { method: 'GET', call: 'safe', query })

const Page = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    paging: z
      .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
      .optional(),
  })

/** Every item of a list, newest first; a short page is not the last one, a page without `next` is. */
export async function* pages<T extends z.ZodType>(caller: Caller, path: string, item: T, query: Query) {
  let after: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await read(caller, path, Page(item), { limit: PAGE_SIZE, ...query, after })
    yield* answer.data
    after = answer.paging?.cursors?.after
    if (!answer.paging?.next || after === undefined) return
  }
}

/** Undefined when the platform does not know the container. */
export async function readStatus(caller: Caller, handle: Handle): Promise<Status | undefined> {
  try {
    const fields = 'id,status_code,status,video_status'
    return await read(caller, textOf(handle, 'containerId'), Status, { fields })
  } catch (error) {
    if (isCode(error, 'not-found')) return undefined
    throw error
  }
}

/** The platform's own count of the day's posts; undefined where it is not offered. */
export async function readQuota(
  caller: Caller,
  remoteId: string,
): Promise<{ usage: number; total: number | undefined } | undefined> {
  try {
    const query = { fields: 'config,quota_usage' }
    const [first] = (await read(caller, `${remoteId}/content_publishing_limit`, Limit, query)).data
    return first && { usage: first.quota_usage, total: first.config?.quota_total }
  } catch (error) {
    if (isCode(error, 'platform-content', 'platform-permission', 'not-found')) return undefined
    throw error
  }
}

export function textOf(handle: Handle, name: string): string {
  const value = handle[name]
  if (typeof value === 'string') return value
  throw new StakazoError('bug', `the stored handle has no ${name}`)
}
