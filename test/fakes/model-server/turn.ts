/**
 * What a fake model says, free of any vendor's wire format. A script or a brain hands out turns; the wire files turn
 * each into the bytes that OpenAI, Anthropic or Google would send.
 */
export type Provider = 'openai' | 'anthropic' | 'google'

export interface FakeCall {
  name: string
  args: Record<string, unknown>
  /** Sent instead of `args`, byte for byte: broken JSON where the vendor sends arguments as text. */
  rawArgs?: string
}

export interface FakeUsage {
  input: number
  output: number
  /** Part of `input` that came from the provider's prompt cache. */
  cached?: number
}

export interface SayTurn {
  kind: 'say'
  text: string
  calls: FakeCall[]
  stop?: 'length' | 'refusal'
  usage?: FakeUsage
  /** Thought before speaking: Anthropic wants the signed block back, Google the signature of each call. */
  thinking?: string
  /** Real milliseconds before the first byte. */
  firstByteMs?: number
  /** The connection is destroyed after so many stream frames (or half-way through a body that is no stream). */
  cutAfterFrames?: number
  /** Stream frames stop coming after so many, the connection stays open. */
  stallAfterFrames?: number
}

export type FaultName =
  | 'bad-request'
  | 'auth'
  | 'not-found'
  | 'rate-limit'
  | 'server-error'
  | 'overloaded'
  | 'context-too-long'

export interface FaultTurn {
  kind: 'fault'
  fault: FaultName
  retryAfterMs?: number
}

/** The socket is closed without a byte, or the request is never answered at all. */
export interface SilenceTurn {
  kind: 'silence'
  how: 'drop' | 'hang'
}

export type Turn = SayTurn | FaultTurn | SilenceTurn

type SayOptions = Partial<Omit<SayTurn, 'kind'>>

export const say = (text: string, options: SayOptions = {}): SayTurn => ({
  kind: 'say',
  text,
  calls: [],
  ...options,
})

export const call = (name: string, args: Record<string, unknown> = {}): FakeCall => ({ name, args })

/** One answer with one or several parallel tool calls. */
export const callTools = (calls: FakeCall | FakeCall[], options: SayOptions = {}): SayTurn => ({
  ...say('', options),
  calls: Array.isArray(calls) ? calls : [calls],
})

/** Arguments that are no JSON; Google, whose arguments are objects, says MALFORMED_FUNCTION_CALL instead. */
export const callMalformed = (name: string, rawArgs = '{"text": "half a str'): SayTurn =>
  callTools({ name, args: {}, rawArgs })

export const refuse = (text = 'I cannot help with that.'): SayTurn => say(text, { stop: 'refusal' })

export const fail = (fault: FaultName, retryAfterMs?: number): FaultTurn => ({
  kind: 'fault',
  fault,
  retryAfterMs,
})

export const dropConnection = (): SilenceTurn => ({ kind: 'silence', how: 'drop' })

export const hang = (): SilenceTurn => ({ kind: 'silence', how: 'hang' })

export interface NormalisedImage {
  mimeType: string
  base64: string
}

export type NormalisedMessage =
  | { role: 'user'; text: string; images: NormalisedImage[]; audio: NormalisedImage[] }
  | { role: 'assistant'; text: string; calls: { id: string; name: string; args: unknown }[] }
  | { role: 'tool'; callId: string; name: string; text: string }

export interface NormalisedTool {
  name: string
  description: string
  schema: Record<string, unknown>
}

/** One chat request, whatever vendor it was meant for. */
export interface NormalisedRequest {
  provider: Provider
  api: 'chat-completions' | 'responses' | 'messages' | 'generate-content'
  model: string
  system: string
  messages: NormalisedMessage[]
  tools: NormalisedTool[]
  /** `auto`, `any`, `none` or the name of the one tool that must be called. */
  toolChoice: string
  stream: boolean
  headers: Record<string, string>
  /** The body as it came. */
  body: Record<string, unknown>
}

export type Brain = (request: NormalisedRequest) => Turn | Promise<Turn>

/** Text in pieces of a few characters, so that a stream really streams. */
export function splitText(text: string, size = 12): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size))
  return pieces
}

/** Four characters a token; a turn may state its own figures. */
export function usageOf(turn: SayTurn, request: NormalisedRequest): Required<FakeUsage> {
  const input = Math.ceil(JSON.stringify([request.system, request.messages, request.tools]).length / 4)
  const output = Math.ceil((turn.text.length + JSON.stringify(turn.calls).length) / 4)
  return { input, output, cached: 0, ...turn.usage }
}

/** The request a vendor would answer with 400: thrown by the wire files while reading a body. */
export class WireRefusal extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.name = 'WireRefusal'
    this.reason = reason
  }
}

export function demand(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new WireRefusal(reason)
}

/** Every tool call is answered, in the next message, by a result of its id; no result comes uncalled. */
export function demandAnsweredCalls(messages: readonly NormalisedMessage[]): void {
  let open: string[] = []
  for (const message of messages) {
    if (message.role === 'tool') {
      demand(
        open.includes(message.callId),
        `a tool result answers ${message.callId}, which no preceding message called`,
      )
      open = open.filter((id) => id !== message.callId)
      continue
    }
    demand(open.length === 0, `tool calls without a result: ${open.join(', ')}`)
    if (message.role === 'assistant') open = message.calls.map(({ id }) => id)
  }
  demand(open.length === 0, `tool calls without a result: ${open.join(', ')}`)
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
