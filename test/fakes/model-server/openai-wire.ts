/** POST /v1/chat/completions as OpenAI and its many compatible servers speak it. */
import {
  demand,
  demandAnsweredCalls,
  type FaultTurn,
  list,
  type NormalisedImage,
  type NormalisedMessage,
  type NormalisedRequest,
  type NormalisedTool,
  record,
  type SayTurn,
  splitText,
  text,
  usageOf,
} from './turn.ts'
import { event, nextId, retryAfterHeaders, TOOL_NAME, type Wire, type WireFault } from './wire.ts'

export function readImageUrl(url: string): NormalisedImage {
  const match = /^data:([\w/+.-]+);base64,([A-Za-z0-9+/=]+)$/.exec(url)
  demand(match?.[1] && match[2], 'an image is neither a data URL nor fetchable from here')
  return { mimeType: match[1], base64: match[2] }
}

export function parseArguments(raw: unknown): unknown {
  try {
    return JSON.parse(text(raw))
  } catch {
    demand(false, 'arguments of an assistant tool call are no JSON')
  }
}

export function readTool(definition: Record<string, unknown>): NormalisedTool {
  const name = text(definition.name)
  demand(TOOL_NAME.test(name), `tool name '${name}' does not match ${TOOL_NAME.source}`)
  const schema = record(definition.parameters)
  demand(schema.type === 'object', `parameters of ${name} are no object schema`)
  return { name, description: text(definition.description), schema }
}

function readUser(content: unknown): NormalisedMessage {
  if (typeof content === 'string') return { role: 'user', text: content, images: [], audio: [] }
  const parts = list(content).map(record)
  for (const { type } of parts) {
    demand(
      ['text', 'image_url', 'input_audio'].includes(text(type)),
      `content part '${text(type)}' does not exist`,
    )
  }
  return {
    role: 'user',
    text: parts.map((part) => text(part.text)).join(''),
    images: parts
      .filter(({ type }) => type === 'image_url')
      .map((part) => readImageUrl(text(record(part.image_url).url))),
    audio: parts
      .filter(({ type }) => type === 'input_audio')
      .map((part) => ({
        mimeType: text(record(part.input_audio).format),
        base64: text(record(part.input_audio).data),
      })),
  }
}

function readAssistant(message: Record<string, unknown>): NormalisedMessage {
  const content = message.content
  const calls = list(message.tool_calls).map((call) => {
    const { id, function: called } = record(call)
    return { id: text(id), name: text(record(called).name), args: parseArguments(record(called).arguments) }
  })
  demand(content || calls.length > 0, 'an assistant message has neither content nor tool calls')
  const plain =
    typeof content === 'string'
      ? content
      : list(content)
          .map((part) => text(record(part).text))
          .join('')
  return { role: 'assistant', text: plain, calls }
}

function readMessages(raw: unknown): { system: string; messages: NormalisedMessage[] } {
  const system: string[] = []
  const messages: NormalisedMessage[] = []
  const names = new Map<string, string>()
  for (const message of list(raw).map(record)) {
    if (message.role === 'system' || message.role === 'developer') {
      system.push(
        typeof message.content === 'string'
          ? message.content
          : list(message.content)
              .map((part) => text(record(part).text))
              .join(''),
      )
    } else if (message.role === 'user') messages.push(readUser(message.content))
    else if (message.role === 'assistant') {
      const read = readAssistant(message)
      if (read.role === 'assistant') for (const { id, name } of read.calls) names.set(id, name)
      messages.push(read)
    } else if (message.role === 'tool') {
      const callId = text(message.tool_call_id)
      const plain =
        typeof message.content === 'string'
          ? message.content
          : list(message.content)
              .map((part) => text(record(part).text))
              .join('')
      messages.push({ role: 'tool', callId, name: names.get(callId) ?? '', text: plain })
    } else demand(false, `role '${text(message.role)}' does not exist`)
  }
  demand(messages.length > 0, 'messages is empty')
  demandAnsweredCalls(messages)
  return { system: system.join('\n\n'), messages }
}

function readToolChoice(choice: unknown): string {
  if (choice === undefined) return 'auto'
  if (choice === 'required') return 'any'
  if (typeof choice === 'string') return choice
  return text(record(record(choice).function).name)
}

const finish = (turn: SayTurn): string => {
  if (turn.stop === 'length') return 'length'
  return turn.calls.length > 0 ? 'tool_calls' : 'stop'
}

function usageBody(turn: SayTurn, request: NormalisedRequest) {
  const { input, output, cached } = usageOf(turn, request)
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}

function frames(turn: SayTurn, request: NormalisedRequest): string[] {
  const id = nextId('chatcmpl-')
  const chunk = (delta: unknown, finishReason: string | null = null) =>
    event({
      id,
      object: 'chat.completion.chunk',
      created: 1,
      model: request.model,
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    })
  const spoken = turn.stop === 'refusal' ? 'refusal' : 'content'
  const out = [chunk({ role: 'assistant', content: spoken === 'content' ? '' : null })]
  for (const piece of splitText(turn.text)) out.push(chunk({ [spoken]: piece }))
  for (const [index, called] of turn.calls.entries()) {
    const head = {
      index,
      id: nextId('call_'),
      type: 'function',
      function: { name: called.name, arguments: '' },
    }
    out.push(chunk({ tool_calls: [head] }))
    for (const piece of splitText(called.rawArgs ?? JSON.stringify(called.args))) {
      out.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }))
    }
  }
  out.push(chunk({}, finish(turn)))
  if (record(request.body.stream_options).include_usage) {
    out.push(
      event({
        id,
        object: 'chat.completion.chunk',
        created: 1,
        model: request.model,
        choices: [],
        usage: usageBody(turn, request),
      }),
    )
  }
  return [...out, event('[DONE]')]
}

const FAULTS: Record<FaultTurn['fault'], [number, Record<string, unknown>]> = {
  'bad-request': [
    400,
    { message: "Invalid value for 'temperature'.", type: 'invalid_request_error', code: 'invalid_value' },
  ],
  auth: [
    401,
    {
      message: 'Incorrect API key provided: sk-*****.',
      type: 'invalid_request_error',
      code: 'invalid_api_key',
    },
  ],
  'not-found': [
    404,
    {
      message: 'The model does not exist or you do not have access to it.',
      type: 'invalid_request_error',
      code: 'model_not_found',
    },
  ],
  'rate-limit': [
    429,
    { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' },
  ],
  'server-error': [
    500,
    { message: 'The server had an error while processing your request.', type: 'server_error', code: null },
  ],
  overloaded: [
    503,
    {
      message: 'The engine is currently overloaded, please try again later.',
      type: 'server_error',
      code: null,
    },
  ],
  'context-too-long': [
    400,
    {
      message:
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
    },
  ],
}

export function openaiFault(turn: FaultTurn): WireFault {
  const [status, error] = FAULTS[turn.fault]
  return { status, headers: retryAfterHeaders(turn), body: { error: { param: null, ...error } } }
}

export const openaiRefusal = (reason: string): WireFault => ({
  status: 400,
  headers: {},
  body: { error: { message: reason, type: 'invalid_request_error', param: null, code: null } },
})

export const openaiWire: Wire = {
  read(_path, body, headers) {
    demand(text(body.model), 'you must provide a model parameter')
    demand(/^Bearer .+/.test(headers.authorization ?? ''), 'no API key')
    return {
      provider: 'openai',
      api: 'chat-completions',
      model: text(body.model),
      ...readMessages(body.messages),
      tools: list(body.tools).map((tool) => readTool(record(record(tool).function))),
      toolChoice: readToolChoice(body.tool_choice),
      stream: body.stream === true,
      headers,
      body,
    }
  },
  whole(turn, request) {
    const toolCalls = turn.calls.map(({ name, args, rawArgs }) => ({
      id: nextId('call_'),
      type: 'function',
      function: { name, arguments: rawArgs ?? JSON.stringify(args) },
    }))
    const isRefusal = turn.stop === 'refusal'
    const message = {
      role: 'assistant',
      content: isRefusal ? null : turn.text,
      refusal: isRefusal ? turn.text : null,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    }
    return {
      id: nextId('chatcmpl-'),
      object: 'chat.completion',
      created: 1,
      model: request.model,
      choices: [{ index: 0, message, finish_reason: finish(turn) }],
      usage: usageBody(turn, request),
    }
  },
  frames,
  fault: openaiFault,
  refusal: openaiRefusal,
}
