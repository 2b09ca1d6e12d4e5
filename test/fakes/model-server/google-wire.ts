/** POST /v1beta/models/{model}:generateContent and :streamGenerateContent as the Gemini API speaks them. */
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
import { event, retryAfterHeaders, TOOL_NAME, type Wire, type WireFault } from './wire.ts'

/** The Gemini schema dialect; the service answers 400 `Unknown name` to anything else. */
const SCHEMA_KEYS = new Set([
  'type', 'format', 'title', 'description', 'nullable', 'enum', 'maxItems', 'minItems', 'properties', 'required',
  'minProperties', 'maxProperties', 'minLength', 'maxLength', 'pattern', 'example', 'anyOf', 'propertyOrdering', 'default',
  'items', 'minimum', 'maximum',
]) // biome-ignore format: a set reads better packed

function demandSchema(schema: Record<string, unknown>, path: string): void {
  for (const key of Object.keys(schema))
    demand(SCHEMA_KEYS.has(key), `Unknown name "${key}" at '${path}': Cannot find field.`)
  demand(
    schema.type === undefined || typeof schema.type === 'string',
    `${path}.type: Proto field is not repeating`,
  )
  if (schema.enum)
    demand(
      list(schema.enum).every((value) => typeof value === 'string'),
      `${path}.enum: only strings`,
    )
  if (schema.type === 'string' && schema.format) {
    demand(
      ['enum', 'date-time'].includes(text(schema.format)),
      `${path}.format: only 'enum' and 'date-time' for STRING`,
    )
  }
  if (schema.type === 'object') {
    demand(
      Object.keys(record(schema.properties)).length > 0,
      `${path}.properties: should be non-empty for OBJECT type`,
    )
  }
  for (const [name, child] of Object.entries(record(schema.properties)))
    demandSchema(record(child), `${path}.${name}`)
  if (schema.items) demandSchema(record(schema.items), `${path}.items`)
  for (const child of list(schema.anyOf)) demandSchema(record(child), `${path}.anyOf`)
}

function readTools(raw: unknown) {
  return list(raw)
    .flatMap((tool) => list(record(tool).functionDeclarations))
    .map(record)
    .map((declared) => {
      const name = text(declared.name)
      demand(TOOL_NAME.test(name), `function name '${name}' is invalid`)
      if (declared.parameters !== undefined) demandSchema(record(declared.parameters), name)
      return { name, description: text(declared.description), schema: record(declared.parameters) }
    })
}

const partsOf = (content: Record<string, unknown>) => list(content.parts).map(record)

/** Gemini's results carry a name and no id: they answer the calls of the preceding turn in order. */
function readContents(raw: unknown): NormalisedMessage[] {
  const messages: NormalisedMessage[] = []
  let open: { id: string; name: string }[] = []
  for (const [turn, content] of list(raw).map(record).entries()) {
    const parts = partsOf(content)
    demand(parts.length > 0, 'contents.parts must not be empty')
    demand(
      ['user', 'model', 'function'].includes(text(content.role)),
      `role '${text(content.role)}' does not exist`,
    )
    if (content.role === 'model') {
      const calls = parts
        .filter((part) => part.functionCall)
        .map((part, index) => ({
          id: `fc_${turn}_${index}`,
          name: text(record(part.functionCall).name),
          args: record(part.functionCall).args,
        }))
      open = calls.map(({ id, name }) => ({ id, name }))
      messages.push({ role: 'assistant', text: parts.map((part) => text(part.text)).join(''), calls })
      continue
    }
    for (const answered of parts
      .filter((part) => part.functionResponse)
      .map((part) => record(part.functionResponse))) {
      const at = open.findIndex(({ name }) => name === answered.name)
      const [taken] = open.splice(at, at < 0 ? 0 : 1)
      demand(
        at >= 0 && taken,
        `function response '${text(answered.name)}' does not follow a function call turn`,
      )
      const { result, error } = record(answered.response)
      const plain = result ?? record(error).details
      messages.push({
        role: 'tool',
        callId: taken.id,
        name: taken.name,
        text: typeof plain === 'string' ? plain : JSON.stringify(plain),
      })
    }
    const isAnswer = parts.some((part) => part.functionResponse)
    demand(
      !isAnswer || open.length === 0,
      'the number of function response parts must equal that of the function call parts',
    )
    const spoken = parts.filter((part) => !part.functionResponse)
    if (spoken.length === 0) continue
    const media = spoken
      .filter((part) => part.inlineData)
      .map((part) => record(part.inlineData))
      .map(({ mimeType, data }) => ({ mimeType: text(mimeType), base64: text(data) }))
    for (const { mimeType } of media)
      demand(/^[a-z]+\/[\w.+-]+$/.test(mimeType), `unsupported MIME type: ${mimeType}`)
    messages.push({
      role: 'user',
      text: spoken.map((part) => text(part.text)).join(''),
      images: media.filter(({ mimeType }) => mimeType.startsWith('image/')),
      audio: media.filter(({ mimeType }) => mimeType.startsWith('audio/')),
    })
  }
  demand(messages.length > 0, 'contents is not specified')
  demandAnsweredCalls(messages)
  return messages
}

function toolChoiceOf(body: Record<string, unknown>): string {
  const config = record(record(body.toolConfig).functionCallingConfig)
  const allowed = list(config.allowedFunctionNames)
  if (allowed.length === 1) return text(allowed[0])
  return (text(config.mode) || 'auto').toLowerCase()
}

const isMalformed = (turn: SayTurn) => turn.calls.some(({ rawArgs }) => rawArgs !== undefined)

function finishReason(turn: SayTurn): string {
  if (turn.stop === 'length') return 'MAX_TOKENS'
  if (turn.stop === 'refusal') return 'SAFETY'
  return isMalformed(turn) ? 'MALFORMED_FUNCTION_CALL' : 'STOP'
}

/** Usage of a stream is cumulative: every chunk repeats what was counted so far. */
function usageMetadata(turn: SayTurn, request: NormalisedRequest) {
  const { input, output, cached } = usageOf(turn, request)
  return {
    promptTokenCount: input,
    candidatesTokenCount: output,
    totalTokenCount: input + output,
    ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
  }
}

const functionParts = (turn: SayTurn) =>
  turn.calls.map(({ name, args }, index) => ({
    functionCall: { name, args },
    ...(turn.thinking && index === 0
      ? { thoughtSignature: Buffer.from(turn.thinking).toString('base64') }
      : {}),
  }))

function body(turn: SayTurn, request: NormalisedRequest, parts: object[], isLast: boolean) {
  const isEmpty = isMalformed(turn) || turn.stop === 'refusal'
  const candidate = {
    index: 0,
    ...(isEmpty ? {} : { content: { role: 'model', parts } }),
    ...(isLast ? { finishReason: finishReason(turn) } : {}),
  }
  return { candidates: [candidate], usageMetadata: usageMetadata(turn, request), modelVersion: request.model }
}

const FAULTS: Record<FaultTurn['fault'], [number, string, string]> = {
  'bad-request': [400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  auth: [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
  'not-found': [404, 'NOT_FOUND', 'models/no-such-model is not found for API version v1beta.'],
  'rate-limit': [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  'server-error': [500, 'INTERNAL', 'An internal error has occurred.'],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  'context-too-long': [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
  ],
}

/** Google names its delay in a RetryInfo detail and says API_KEY_INVALID in an ErrorInfo detail, under status 400. */
function faultDetails(turn: FaultTurn): object[] {
  if (turn.fault === 'auth')
    return [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }]
  if (turn.retryAfterMs === undefined) return []
  return [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${turn.retryAfterMs / 1_000}s` },
  ]
}

const refusal = (reason: string): WireFault => ({
  status: 400,
  headers: {},
  body: { error: { code: 400, message: reason, status: 'INVALID_ARGUMENT' } },
})

export const googleWire: Wire = {
  read(path, requestBody, headers) {
    const match = /^\/v1(?:beta)?\/models\/([^:/]+):(generateContent|streamGenerateContent)$/.exec(path)
    demand(match?.[1], `no method at ${path}`)
    demand(headers['x-goog-api-key'], 'no API key')
    return {
      provider: 'google',
      api: 'generate-content',
      model: decodeURIComponent(match[1]),
      system: partsOf(record(requestBody.systemInstruction))
        .map((part) => text(part.text))
        .join(''),
      messages: readContents(requestBody.contents),
      tools: readTools(requestBody.tools),
      toolChoice: toolChoiceOf(requestBody),
      stream: match[2] === 'streamGenerateContent',
      headers,
      body: requestBody,
    }
  },
  whole(turn, request) {
    const spoken = turn.text ? [{ text: turn.text }] : []
    return body(turn, request, [...spoken, ...functionParts(turn)], true)
  },
  frames(turn, request) {
    const pieces = isMalformed(turn) || turn.stop === 'refusal' ? [] : splitText(turn.text)
    const out = pieces.map((piece) => event(body(turn, request, [{ text: piece }], false)))
    const last = functionParts(turn)
    return [...out, event(body(turn, request, last.length > 0 ? last : [{ text: '' }], true))]
  },
  fault(turn): WireFault {
    const [status, name, message] = FAULTS[turn.fault]
    const details = faultDetails(turn)
    return {
      status,
      headers: retryAfterHeaders(turn),
      body: { error: { code: status, message, status: name, ...(details.length > 0 ? { details } : {}) } },
    }
  },
  refusal,
}
