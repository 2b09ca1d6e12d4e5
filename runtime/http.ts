/**
 * The one door to the web. A wire reaches only the origins it was opened for, repeats only calls that declared
 * themselves `safe`, and tells apart what was provably not sent from what may have arrived.
 */
import { Readable } from 'node:stream'
import { type Clock, SECOND, systemClock } from './core/clock.ts'
import { StakazoError } from './core/errors.ts'
import type { Wire, WireAnswer, WireRequest } from './core/ports/wire.ts'
import { type Random, systemRandom } from './core/random.ts'

/** Where a declared origin really goes. Absent means: there. */
export type OriginMap = (origin: string) => string

/** What is told of one attempt: never a query, a header or a body, because tokens live there. */
export interface CallRecord {
  method: string
  origin: string
  path: string
  call: WireRequest['call']
  attempt: number
  wallMs: number
  status?: number
  failure?: string
}

export interface WireOptions {
  /** Exact origins this wire may reach, as the platform names them. */
  origins: readonly string[]
  mapping?: OriginMap
  timeoutMs?: number
  maxAnswerBytes?: number
  clock?: Pick<Clock, 'elapsedMs' | 'sleep'>
  random?: Pick<Random, 'next'>
  onCall?: (record: CallRecord) => void
}

/** Names the origin a caller meant, where the request was mapped to another one. */
export const ORIGIN_HEADER = 'x-stakazo-origin'

const SAFE_ATTEMPTS = 3
const BACKOFF_MS = 250
/** A platform that asks for more patience than this is answered by the queue, not by a waiting worker. */
const LONGEST_PATIENCE_MS = 5 * SECOND
const TIMEOUT_MS = 30 * SECOND
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

/** `STAKAZO_ORIGINS` wins over the sandbox's own mapping; in live mode nothing is mapped. */
export function mapOrigins(options: {
  sandboxUrl?: string | undefined
  origins?: Readonly<Record<string, string>> | undefined
}): OriginMap {
  const chosen = new Map(
    Object.entries(options.origins ?? {}).map(([from, to]) => [originOf(from), originOf(to)]),
  )
  const rest = options.sandboxUrl === undefined ? undefined : originOf(options.sandboxUrl)
  return (origin) => chosen.get(origin) ?? rest ?? origin
}

export function openWire(options: WireOptions): Wire {
  const door: Door = {
    origins: new Set(options.origins.map(originOf)),
    mapping: options.mapping ?? ((origin) => origin),
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    onCall: options.onCall ?? (() => {}),
  }
  return { send: (request) => sendPatiently(door, request) }
}

interface Door {
  origins: ReadonlySet<string>
  mapping: OriginMap
  timeoutMs: number
  maxAnswerBytes: number
  clock: Pick<Clock, 'elapsedMs' | 'sleep'>
  random: Pick<Random, 'next'>
  onCall: (record: CallRecord) => void
}

async function sendPatiently(door: Door, request: WireRequest): Promise<WireAnswer> {
  const attempts = request.call === 'safe' ? SAFE_ATTEMPTS : 1
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === attempts
    let patienceMs = BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + door.random.next())
    try {
      const answer = await sendOnce(door, request, attempt)
      if (isLast || !isPassing(answer)) return answer
      const wantedMs = retryAfterMs(answer)
      if (wantedMs > LONGEST_PATIENCE_MS) return answer
      patienceMs = Math.max(patienceMs, wantedMs)
    } catch (error) {
      if (isLast || !(error instanceof StakazoError) || error.row.retry !== 'later') throw error
    }
    await door.clock.sleep(patienceMs, request.signal)
  }
}

async function sendOnce(door: Door, request: WireRequest, attempt: number): Promise<WireAnswer> {
  const url = new URL(request.url)
  if (!door.origins.has(url.origin)) {
    throw new StakazoError(
      'egress-refused',
      `${url.origin} is not declared; this wire reaches ${[...door.origins].join(', ')}`,
    )
  }
  for (const [name, value] of given(request.query)) url.searchParams.set(name, value)
  const target = new URL(`${url.pathname}${url.search}`, door.mapping(url.origin))
  const record = {
    method: request.method,
    origin: url.origin,
    path: url.pathname,
    call: request.call,
    attempt,
  }
  const startedMs = door.clock.elapsedMs()
  const since = () => Math.round(door.clock.elapsedMs() - startedMs)
  try {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? door.timeoutMs)
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
    const response = await fetch(target, await toFetch(request, url.origin, target.origin, signal))
    const answer = await readAnswer(response, door.maxAnswerBytes)
    door.onCall({ ...record, wallMs: since(), status: answer.status })
    return answer
  } catch (error) {
    const failure = toFailure(error, request, url)
    door.onCall({ ...record, wallMs: since(), failure: failure.code })
    throw failure
  }
}

async function toFetch(
  request: WireRequest,
  meant: string,
  real: string,
  signal: AbortSignal,
): Promise<RequestInit> {
  const headers = new Headers(request.headers)
  if (request.bearer !== undefined) headers.set('authorization', `Bearer ${request.bearer}`)
  if (meant !== real) headers.set(ORIGIN_HEADER, meant)
  headers.set('accept', 'application/json')
  // A redirect could lead to an origin nobody declared: it is an answer like any other.
  const init: RequestInit = { method: request.method, headers, signal, redirect: 'manual' }
  if (request.form) init.body = new URLSearchParams([...given(request.form)])
  if (request.json !== undefined) {
    headers.set('content-type', 'application/json')
    init.body = JSON.stringify(request.json)
  }
  if (request.body) {
    // Graph's upload host refuses chunked bodies: the length is said before the first byte.
    headers.set('content-length', String(request.body.bytes))
    if (!headers.has('content-type')) headers.set('content-type', 'application/octet-stream')
    init.body = Readable.toWeb(await request.body.stream()) as RequestInit['body']
    init.duplex = 'half'
  }
  return init
}

async function readAnswer(response: Response, maxBytes: number): Promise<WireAnswer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new StakazoError('outcome-unknown', `the answer exceeds ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    json: parseJson(text),
    text,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** 408, 429 and the gateway's own 5xx pass by themselves; any other answer is the platform's word. */
const isPassing = ({ status }: WireAnswer) =>
  status === 408 || status === 429 || (status >= 500 && status !== 501)

function retryAfterMs({ headers }: WireAnswer): number {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) ? seconds * SECOND : 0
}

/** System calls and client errors that happen before the first byte of a request leaves. */
const BEFORE_SENDING = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

function toFailure(error: unknown, request: WireRequest, url: URL): StakazoError {
  if (error instanceof StakazoError) return error
  const what = `${request.method} ${url.origin}${url.pathname}`
  const causes = chainOf(error)
  const ours = causes.find((cause) => cause instanceof StakazoError)
  if (ours instanceof StakazoError) return ours
  const details = { reason: reasonOf(causes) }
  if (request.signal?.aborted) {
    const told = request.signal.reason
    return told instanceof StakazoError
      ? told
      : new StakazoError('cancelled', `${what} was given up`, { cause: told })
  }
  // The causes stay out: undici's carry request headers, and with them the token.
  if (causes.some(isBeforeSending))
    return new StakazoError('platform-unreachable', `no connection for ${what}`, { details })
  return new StakazoError('outcome-unknown', `the answer of ${what} was lost`, { details })
}

function chainOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [error]
  const inner =
    error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause]
  return [error, ...inner.flatMap(chainOf)]
}

const field = (error: unknown, name: 'code' | 'syscall'): string | undefined => {
  const value = error instanceof Error ? (error as { code?: unknown; syscall?: unknown })[name] : undefined
  return typeof value === 'string' ? value : undefined
}

const isBeforeSending = (error: unknown) =>
  BEFORE_SENDING.has(field(error, 'code') ?? '') ||
  ['connect', 'getaddrinfo'].includes(field(error, 'syscall') ?? '')

const reasonOf = (causes: unknown[]): string =>
  causes.map((cause) => field(cause, 'code')).find((code) => code !== undefined) ??
  causes.map((cause) => (cause instanceof Error ? cause.name : '')).findLast((name) => name !== '') ??
  'unknown'

const given = (fields: WireRequest['query']): [string, string][] =>
  Object.entries(fields ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )

function originOf(url: string): string {
  const { origin, protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new StakazoError('config-invalid', `${url} is no web address`)
  return origin
}
