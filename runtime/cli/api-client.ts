/**
 * The API as commands use it, over node's own HTTP client: uploads and downloads stream, events resume. It talks to the
 * one daemon it was given and to nobody else.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { basename, dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'
import { SECOND, systemClock } from '../core/clock.ts'
import type { Asset } from '../core/entities.ts'
import { ERRORS, type ErrorCode, StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'

export interface ApiEvent {
  /** Place in its stream; send it back to resume. */
  id: number
  type: string
  at: string
  agent: string | null
  stepId: string | null
  subjectId: string | null
  payload: Record<string, unknown>
}

export interface ApiClient {
  readonly url: string
  get<T>(path: string, query?: Query): Promise<T>
  /** A write; repeated by a person it would be another one, so each call has an Idempotency-Key of its own. */
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>
  sendText<T>(
    method: 'POST' | 'PUT',
    path: string,
    text: string,
    mediaType: string,
    query?: Query,
  ): Promise<T>
  upload(file: string, query: Query, onProgress?: (fraction: number) => void): Promise<Asset>
  download(path: string, file: string): Promise<void>
  /** Ends when the stream says so; reconnects where it was when the connection breaks. */
  events(path: string, options: { after?: number; signal?: AbortSignal }): AsyncGenerator<ApiEvent>
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

const Problem = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** The sandbox's control API wraps its problems. */
const ProblemAnswer = z.union([Problem, z.object({ error: Problem }).transform(({ error }) => error)])

/** Reconnections of an event stream before it counts as gone. */
const RECONNECTS_MAX = 20

export function openApiClient({ url, key }: { url: string; key: string }): ApiClient {
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<IncomingMessage> => {
    const target = new URL(path, url)
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) target.searchParams.set(name, String(value))
    const headers = { authorization: `Bearer ${key}`, ...options.headers }
    const answer = await open(target, { method, headers, signal: options.signal }, options.body)
    if ((answer.statusCode ?? 500) < 400) return answer
    throw toError(answer.statusCode ?? 500, await readAll(answer))
  }
  const json = async <T>(answer: Promise<IncomingMessage>): Promise<T> =>
    JSON.parse(await readAll(await answer)) as T
  const sendText = <T>(method: string, path: string, text: string, mediaType: string, query?: Query) => {
    // Said, because node frames a DELETE's body only when its length is known.
    const headers = {
      'content-type': mediaType,
      'content-length': Buffer.byteLength(text),
      'idempotency-key': newId(),
    }
    return json<T>(call(method, path, { headers, body: Readable.from([text]), ...(query ? { query } : {}) }))
  }
  return {
    url,
    get: (path, query) => json(call('GET', path, query ? { query } : {})),
    send: <T>(method: string, path: string, body: unknown = {}) =>
      sendText<T>(method, path, JSON.stringify(body), 'application/json'),
    sendText,
    upload: (file, query, onProgress) => json(uploadFile(call, file, query, onProgress)),
    async download(path, file) {
      await mkdir(dirname(file), { recursive: true })
      await pipeline(await call('GET', path), createWriteStream(file))
    },
    events: (path, options) => readEvents(call, path, options),
  }
}

interface CallOptions {
  query?: Query
  headers?: Record<string, string | number>
  body?: Readable
  signal?: AbortSignal | undefined
}

type Call = (method: string, path: string, options?: CallOptions) => Promise<IncomingMessage>

function open(target: URL, options: RequestOptions, body: Readable | undefined): Promise<IncomingMessage> {
  const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, options)
  return new Promise((resolve, reject) => {
    let answered = false
    request.once('response', (answer) => {
      answered = true
      resolve(answer)
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (!answered) reject(toConnectionError(target, error))
    })
    // A server may answer before it read everything (413): the answer counts, not the broken pipe.
    if (body) body.pipe(request).on('error', () => undefined)
    else request.end()
  })
}

function toConnectionError(target: URL, error: NodeJS.ErrnoException): Error {
  if (error.name === 'AbortError') return error
  const message = `the daemon at ${target.origin} does not answer (${error.code ?? error.message})`
  return new StakazoError('not-running', message, { cause: error })
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Undefined for what is no JSON: a proxy's page, an empty body. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toError(status: number, text: string): StakazoError {
  const problem = ProblemAnswer.safeParse(parseJson(text)).data
  if (!problem || !(problem.code in ERRORS)) {
    return new StakazoError('bug', `the daemon answered ${status} in a shape we do not know`)
  }
  return new StakazoError(problem.code as ErrorCode, problem.message, {
    ...(problem.details ? { details: problem.details } : {}),
  })
}

async function uploadFile(
  call: Call,
  file: string,
  query: Query,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<IncomingMessage> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new StakazoError('bad-input', `${file} cannot be read: ${cause.code ?? cause.message}`, { cause })
  })
  if (!found.isFile()) throw new StakazoError('bad-input', `${file} is no file`)
  let sent = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length
      onProgress(sent / found.size)
      done(null, chunk)
    },
  })
  const headers = { 'content-type': 'application/octet-stream', 'content-length': found.size }
  return await call('POST', '/v1/assets', {
    query: { name: basename(file), ...query },
    headers,
    body: createReadStream(file).pipe(meter),
  })
}

async function* readEvents(
  call: Call,
  path: string,
  { after = 0, signal }: { after?: number; signal?: AbortSignal },
): AsyncGenerator<ApiEvent> {
  let place = after
  for (let attempt = 0; attempt <= RECONNECTS_MAX && !signal?.aborted; attempt++) {
    try {
      const answer = await call('GET', path, { headers: { 'last-event-id': String(place) }, signal })
      const frames = (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>)
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
      for await (const frame of frames) {
        if (frame.event === 'end') return
        place = Number(frame.id)
        attempt = 0
        yield { ...(JSON.parse(frame.data) as Omit<ApiEvent, 'id'>), id: place }
      }
    } catch (error) {
      if (signal?.aborted) return
      const isBroken = !(error instanceof StakazoError) || error.code === 'not-running'
      if (!isBroken) throw error
    }
    await systemClock.sleep(Math.min(5 * SECOND, 200 * 2 ** attempt), signal).catch(() => undefined)
  }
  if (!signal?.aborted) throw new StakazoError('not-running', 'the event stream broke and did not come back')
}
