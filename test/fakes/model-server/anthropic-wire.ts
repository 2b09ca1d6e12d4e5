/** POST /v1/messages as Anthropic speaks it. */
import {
  demand,
  demandAnsweredCalls,
  type FaultTurn,
  list,
  type NormalisedMessage,
  type NormalisedRequest,
  record,
  type SayTurn,
  splitText,
  text,
  usageOf,
} from './turn.ts'
import { event, nextId, retryAfterHeaders, TOOL_NAME, type Wire, type WireFault } from './wire.ts'

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

const blocks = (content: unknown): Record<string, unknown>[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(record)

const plainText = (content: unknown): string =>
  blocks(content)
    .map((block) => text(block.text))
    .join('')

function readUser(content: unknown, names: Map<string, string>): NormalisedMessage[] {
  const parts = blocks(content)
  const results = parts.filter(({ type }) => type === 'tool_result')
  const others = parts.filter(({ type }) => type !== 'tool_result')
  demand(
    parts.findLastIndex(({ type }) => type === 'tool_result') < results.length,
    'tool_result blocks must come first in the content of a user message',
  )
  const images = others.filter(({ type }) => type === 'image').map(({ source }) => record(source))
  for (const image of images)
    demand(
      IMAGE_TYPES.includes(text(image.media_type)),
      `media type ${text(image.media_type)} is not supported`,
    )
  const answered = results.map((part): NormalisedMessage => {
    const callId = text(part.tool_use_id)
    return { role: 'tool', callId, name: names.get(callId) ?? '', text: plainText(part.content) }
  })
  if (others.length === 0) return answered
  for (const part of others)
    demand(part.type !== 'text' || text(part.text), 'text content blocks must be non-empty')
  const spoken: NormalisedMessage = {
    role: 'user',
    text: others.map((part) => text(part.text)).join(''),
    images: images.map((image) => ({ mimeType: text(image.media_type), base64: text(image.data) })),
    audio: [],
  }
  return [...answered, spoken]
}

/** A signature covers the thought: a changed block is refused. */
const signatureOf = (thinking: string): string => Buffer.from(thinking).toString('base64')

function demandSignatures(content: unknown): void {
  for (const block of blocks(content).filter(({ type }) => type === 'thinking')) {
    demand(block.signature === signatureOf(text(block.thinking)), 'invalid signature in thinking block')
  }
}

function readMessages(raw: unknown): NormalisedMessage[] {
  const messages: NormalisedMessage[] = []
  const names = new Map<string, string>()
  let previous = ''
  for (const message of list(raw).map(record)) {
    const role = text(message.role)
    demand(role === 'user' || role === 'assistant', `role '${role}' does not exist`)
    demand(previous || role === 'user', 'the first message must be a user message')
    demand(role !== previous, 'roles must alternate')
    demand(blocks(message.content).length > 0, 'a message has no content')
    previous = role
    if (role === 'user') {
      messages.push(...readUser(message.content, names))
      continue
    }
    demandSignatures(message.content)
    const calls = blocks(message.content)
      .filter(({ type }) => type === 'tool_use')
      .map((block) => ({ id: text(block.id), name: text(block.name), args: block.input }))
    for (const { id, name } of calls) {
      demand(/^[a-zA-Z0-9_-]+$/.test(id), `tool_use id '${id}' is malformed`)
      names.set(id, name)
    }
    messages.push({ role: 'assistant', text: plainText(message.content), calls })
  }
  demand(previous === 'user', 'the conversation must end with a user message')
  demandAnsweredCalls(messages)
  return messages
}

function readTools(raw: unknown) {
  return list(raw)
    .map(record)
    .map((tool) => {
      const name = text(tool.name)
      demand(TOOL_NAME.test(name), `tools.name: '${name}' does not match ${TOOL_NAME.source}`)
      const schema = record(tool.input_schema)
      demand(schema.type === 'object', `tools.${name}.input_schema.type: Field required`)
      return { name, description: text(tool.description), schema }
    })
}

const stopReason = (turn: SayTurn): string => {
  if (turn.stop === 'length') return 'max_tokens'
  if (turn.stop === 'refusal') return 'refusal'
  return turn.calls.length > 0 ? 'tool_use' : 'end_turn'
}

/** input_tokens counts what was neither read from nor written to the cache. */
function usageBody(turn: SayTurn, request: NormalisedRequest) {
  const { input, output, cached } = usageOf(turn, request)
  return {
    input_tokens: input - cached,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
    output_tokens: output,
  }
}

const messageHead = (request: NormalisedRequest) => ({
  id: nextId('msg_'),
  type: 'message',
  role: 'assistant',
  model: request.model,
})

function frames(turn: SayTurn, request: NormalisedRequest): string[] {
  const emit = (type: string, fields: object = {}) => event({ type, ...fields }, type)
  const usage = usageBody(turn, request)
  const start = { ...messageHead(request), content: [], stop_reason: null, stop_sequence: null }
  const out = [
    emit('message_start', { message: { ...start, usage: { ...usage, output_tokens: 1 } } }),
    emit('ping'),
  ]
  let index = 0
  const block = (content_block: object, deltas: object[]) => {
    out.push(emit('content_block_start', { index, content_block }))
    for (const delta of deltas) out.push(emit('content_block_delta', { index, delta }))
    out.push(emit('content_block_stop', { index }))
    index += 1
  }
  if (turn.thinking) {
    block({ type: 'thinking', thinking: '', signature: '' }, [
      ...splitText(turn.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: signatureOf(turn.thinking) },
    ])
  }
  if (turn.text) {
    block(
      { type: 'text', text: '' },
      splitText(turn.text).map((piece) => ({ type: 'text_delta', text: piece })),
    )
  }
  for (const called of turn.calls) {
    const pieces = splitText(called.rawArgs ?? JSON.stringify(called.args))
    block(
      { type: 'tool_use', id: nextId('toolu_'), name: called.name, input: {} },
      pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    )
  }
  out.push(
    emit('message_delta', {
      delta: { stop_reason: stopReason(turn), stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
  )
  return [...out, emit('message_stop')]
}

const FAULTS: Record<FaultTurn['fault'], [number, string, string]> = {
  'bad-request': [400, 'invalid_request_error', 'max_tokens: must be greater than 0'],
  auth: [401, 'authentication_error', 'invalid x-api-key'],
  'not-found': [404, 'not_found_error', 'model: no-such-model'],
  'rate-limit': [429, 'rate_limit_error', 'This request would exceed your rate limit.'],
  'server-error': [500, 'api_error', 'Internal server error'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  'context-too-long': [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'],
}

const errorBody = (type: string, message: string) => ({
  type: 'error',
  error: { type, message },
  request_id: nextId('req_'),
})

export const anthropicWire: Wire = {
  read(_path, body, headers) {
    demand(text(body.model), 'model: Field required')
    demand(Number(body.max_tokens) > 0, 'max_tokens: Field required')
    demand(headers['x-api-key'], 'x-api-key header is required')
    demand(headers['anthropic-version'], 'anthropic-version: header is required')
    const choice = record(body.tool_choice)
    return {
      provider: 'anthropic',
      api: 'messages',
      model: text(body.model),
      system: plainText(body.system),
      messages: readMessages(body.messages),
      tools: readTools(body.tools),
      toolChoice: text(choice.name) || text(choice.type) || 'auto',
      stream: body.stream === true,
      headers,
      body,
    }
  },
  whole(turn, request) {
    const spoken = turn.text ? [{ type: 'text', text: turn.text }] : []
    const calls = turn.calls.map(({ name, args }) => ({
      type: 'tool_use',
      id: nextId('toolu_'),
      name,
      input: args,
    }))
    return {
      ...messageHead(request),
      content: [...spoken, ...calls],
      stop_reason: stopReason(turn),
      stop_sequence: null,
      usage: usageBody(turn, request),
    }
  },
  frames,
  fault(turn): WireFault {
    const [status, type, message] = FAULTS[turn.fault]
    return { status, headers: retryAfterHeaders(turn), body: errorBody(type, message) }
  },
  refusal: (reason) => ({ status: 400, headers: {}, body: errorBody('invalid_request_error', reason) }),
}
