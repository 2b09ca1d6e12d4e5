/**
 * A local stand-in for OpenAI, Anthropic and Google: real sockets, real wire formats, any fault on request.
 *
 * It answers from a script (`turns`, handed out in order) or from a `brain` (request → turn), refuses what the vendors
 * refuse, keeps every request frozen, and `verify()` complains of unexpected calls and of steps nobody consumed.
 * It listens on 127.0.0.1 only.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { anthropicWire } from './anthropic-wire.ts'
import { googleWire } from './google-wire.ts'
import { openaiResponsesWire } from './openai-responses-wire.ts'
import { openaiWire } from './openai-wire.ts'
import { googleEmbeddings, type Heard, openaiEmbeddings, readTranscription } from './side-routes.ts'
import { type Brain, type NormalisedRequest, record, type SayTurn, type Turn, WireRefusal } from './turn.ts'
import type { Wire, WireFault } from './wire.ts'

export interface ModelServerOptions {
  /** Asked when the script is empty. Without a brain an unscripted call is refused and remembered. */
  brain?: Brain
  turns?: Turn[]
  /** What /v1/audio/transcriptions hears. */
  transcribe?: (heard: Heard) => { text: string; segments?: { start: number; end: number; text: string }[] }
}

interface SideRequest {
  path: string
  body: unknown
}

export interface ModelServer extends AsyncDisposable {
  readonly origin: string
  /** Base URLs as each SDK wants them. */
  readonly baseUrls: { openai: string; anthropic: string; google: string }
  /** Every chat request in order of arrival, deeply frozen. */
  readonly requests: readonly NormalisedRequest[]
  /** Embedding and transcription requests. */
  readonly sideRequests: readonly SideRequest[]
  /** Appends turns to the script. */
  script(...turns: Turn[]): void
  /** Throws when a call came that no step expected, or a step is left over. */
  verify(): void
  close(): Promise<void>
}

interface State {
  options: ModelServerOptions
  turns: Turn[]
  requests: NormalisedRequest[]
  sideRequests: SideRequest[]
  complaints: string[]
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const child of Object.values(value)) deepFreeze(child)
  }
  return value
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

function parseBody(bytes: Buffer): Record<string, unknown> {
  try {
    return record(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw new WireRefusal('the body is not valid JSON')
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
}

function sendJson(response: ServerResponse, { status, headers, body }: WireFault): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function wireOf(path: string): Wire | undefined {
  if (path === '/v1/chat/completions') return openaiWire
  if (path === '/v1/responses') return openaiResponsesWire
  if (path === '/v1/messages') return anthropicWire
  return /:(?:streamG|g)enerateContent$/.test(path) ? googleWire : undefined
}

async function nextTurn(state: State, request: NormalisedRequest): Promise<Turn> {
  const scripted = state.turns.shift()
  if (scripted) return scripted
  if (state.options.brain) return state.options.brain(request)
  const complaint = `unexpected call ${state.requests.length}: ${request.provider} ${request.model}`
  state.complaints.push(complaint)
  throw new WireRefusal(complaint)
}

const yieldToSocket = () => delay(0)

async function sendFrames(response: ServerResponse, turn: SayTurn, frames: string[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  for (const [index, frame] of frames.entries()) {
    if (index === turn.stallAfterFrames) return
    if (index === turn.cutAfterFrames) {
      await yieldToSocket()
      response.destroy()
      return
    }
    response.write(frame)
    await yieldToSocket()
  }
  response.end()
}

async function sendTurn(
  response: ServerResponse,
  turn: Turn,
  wire: Wire,
  request: NormalisedRequest,
): Promise<void> {
  if (turn.kind === 'fault') return sendJson(response, wire.fault(turn))
  if (turn.kind === 'silence') {
    if (turn.how === 'drop') response.destroy()
    return
  }
  if (turn.firstByteMs) await delay(turn.firstByteMs)
  if (response.destroyed) return
  if (request.stream) return sendFrames(response, turn, wire.frames(turn, request))
  const body = JSON.stringify(wire.whole(turn, request))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  if (turn.cutAfterFrames === undefined) response.end(body)
  else response.write(body.slice(0, body.length / 2), () => response.destroy())
}

async function chat(
  state: State,
  wire: Wire,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
) {
  try {
    const request = deepFreeze(wire.read(path, parseBody(await readBody(incoming)), headersOf(incoming)))
    state.requests.push(request)
    await sendTurn(response, await nextTurn(state, request), wire, request)
  } catch (error) {
    if (!(error instanceof WireRefusal)) throw error
    sendJson(response, wire.refusal(error.reason))
  }
}

/** A fault at the head of the script strikes side requests too. */
function takeFault(state: State): Turn | undefined {
  const [head] = state.turns
  return head && head.kind !== 'say' ? state.turns.shift() : undefined
}

async function side(
  state: State,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wire = path.startsWith('/v1beta') ? googleWire : openaiWire
  const bytes = await readBody(incoming)
  const fault = takeFault(state)
  if (fault?.kind === 'fault') return sendJson(response, wire.fault(fault))
  if (fault) {
    response.destroy()
    return
  }
  const ok = (body: unknown) => sendJson(response, { status: 200, headers: {}, body })
  try {
    if (path === '/v1/audio/transcriptions') {
      const heard = await readTranscription(bytes, String(incoming.headers['content-type']))
      state.sideRequests.push({ path, body: heard })
      return ok(state.options.transcribe?.(heard) ?? { text: '' })
    }
    const body = deepFreeze(parseBody(bytes))
    state.sideRequests.push({ path, body })
    return ok(path === '/v1/embeddings' ? openaiEmbeddings(body) : googleEmbeddings(path, body))
  } catch (error) {
    if (!(error instanceof WireRefusal)) throw error
    sendJson(response, wire.refusal(error.reason))
  }
}

async function route(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const wire = incoming.method === 'POST' ? wireOf(pathname) : undefined
  if (wire) return chat(state, wire, pathname, incoming, response)
  const isSide = /^\/v1\/(?:embeddings|audio\/transcriptions)$|:(?:e|batchE)mbedContents?$/.test(pathname)
  if (incoming.method === 'POST' && isSide) return side(state, pathname, incoming, response)
  state.complaints.push(`unexpected path ${incoming.method} ${pathname}`)
  sendJson(response, { status: 404, headers: {}, body: { error: { message: `no route ${pathname}` } } })
}

function verify(state: State): void {
  const left = state.turns.map((turn) => `unconsumed step: ${JSON.stringify(turn)}`)
  const problems = [...state.complaints, ...left]
  if (problems.length > 0) throw new Error(`model server:\n  ${problems.join('\n  ')}`)
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const state: State = {
    options,
    turns: [...(options.turns ?? [])],
    requests: [],
    sideRequests: [],
    complaints: [],
  }
  const server = createServer((incoming, response) => {
    route(state, incoming, response).catch((error: unknown) => {
      state.complaints.push(`the server itself failed: ${String(error)}`)
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    baseUrls: { openai: `${origin}/v1`, anthropic: origin, google: origin },
    requests: state.requests,
    sideRequests: state.sideRequests,
    script: (...turns) => {
      state.turns.push(...turns)
    },
    verify: () => verify(state),
    close: () => close(server),
    [Symbol.asyncDispose]: () => close(server),
  }
}
