/** POST /v1/responses: the API that OpenAI's newer models (gpt-5.6, codex, pro) are asked through. */
import { openaiFault, openaiRefusal, parseArguments, readImageUrl, readTool } from './openai-wire.ts'
import {
  demand,
  demandAnsweredCalls,
  list,
  type NormalisedMessage,
  type NormalisedRequest,
  record,
  type SayTurn,
  splitText,
  text,
  usageOf,
} from './turn.ts'
import { event, nextId, type Wire } from './wire.ts'

const PARTS = ['input_text', 'output_text', 'input_image', 'refusal']

function readParts(content: unknown) {
  if (typeof content === 'string') return { plain: content, images: [] }
  const parts = list(content).map(record)
  for (const { type } of parts)
    demand(PARTS.includes(text(type)), `content part '${text(type)}' does not exist`)
  return {
    plain: parts.map((part) => text(part.text)).join(''),
    images: parts
      .filter(({ type }) => type === 'input_image')
      .map((part) => readImageUrl(text(part.image_url))),
  }
}

/** Calls are items of their own here; neighbours are gathered into one assistant message. */
function gatherCall(messages: NormalisedMessage[], item: Record<string, unknown>): void {
  const called = { id: text(item.call_id), name: text(item.name), args: parseArguments(item.arguments) }
  const last = messages.at(-1)
  if (last?.role === 'assistant') last.calls.push(called)
  else messages.push({ role: 'assistant', text: '', calls: [called] })
}

function readInput(input: unknown): { system: string; messages: NormalisedMessage[] } {
  const system: string[] = []
  const messages: NormalisedMessage[] = []
  for (const item of list(input).map(record)) {
    const { plain, images } = readParts(item.content)
    if (item.role === 'system' || item.role === 'developer') system.push(plain)
    else if (item.role === 'user') messages.push({ role: 'user', text: plain, images, audio: [] })
    else if (item.role === 'assistant') messages.push({ role: 'assistant', text: plain, calls: [] })
    else if (item.type === 'function_call') gatherCall(messages, item)
    else if (item.type === 'function_call_output') {
      const callId = text(item.call_id)
      const name = messages
        .flatMap((each) => (each.role === 'assistant' ? each.calls : []))
        .find(({ id }) => id === callId)?.name
      messages.push({ role: 'tool', callId, name: name ?? '', text: text(item.output) })
    } else demand(false, `input item '${text(item.type)}' does not exist`)
  }
  demandAnsweredCalls(messages)
  return { system: system.join('\n\n'), messages }
}

function outputOf(turn: SayTurn) {
  const calls = turn.calls.map(({ name, args, rawArgs }) => ({
    type: 'function_call',
    id: nextId('fc_'),
    call_id: nextId('call_'),
    name,
    arguments: rawArgs ?? JSON.stringify(args),
    status: 'completed',
  }))
  const part =
    turn.stop === 'refusal'
      ? { type: 'refusal', refusal: turn.text }
      : { type: 'output_text', text: turn.text, annotations: [] }
  const message = {
    type: 'message',
    id: nextId('msg_'),
    role: 'assistant',
    status: 'completed',
    content: [part],
  }
  return turn.text ? [message, ...calls] : calls
}

function responseOf(turn: SayTurn, request: NormalisedRequest, output: unknown[], status: string) {
  const { input, output: out, cached } = usageOf(turn, request)
  return {
    id: nextId('resp_'),
    object: 'response',
    created_at: 1,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    model: request.model,
    output,
    parallel_tool_calls: true,
    tools: [],
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: out,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + out,
    },
  }
}

type Item = ReturnType<typeof outputOf>[number]

function itemFrames(item: Item, index: number, emit: (type: string, fields: object) => string): string[] {
  const where = { output_index: index, item_id: item.id }
  if (item.type === 'function_call' && 'arguments' in item) {
    return [
      emit('response.output_item.added', {
        output_index: index,
        item: { ...item, arguments: '', status: 'in_progress' },
      }),
      ...splitText(item.arguments).map((delta) =>
        emit('response.function_call_arguments.delta', { ...where, delta }),
      ),
      emit('response.function_call_arguments.done', { ...where, arguments: item.arguments }),
      emit('response.output_item.done', { output_index: index, item }),
    ]
  }
  const part = record('content' in item ? item.content[0] : {})
  const kind = part.type === 'refusal' ? 'refusal' : 'output_text'
  const spoken = text(part.text) || text(part.refusal)
  return [
    emit('response.output_item.added', {
      output_index: index,
      item: { ...item, content: [], status: 'in_progress' },
    }),
    ...splitText(spoken).map((delta) =>
      emit(`response.${kind}.delta`, { ...where, content_index: 0, delta }),
    ),
    emit(`response.${kind}.done`, {
      ...where,
      content_index: 0,
      [kind === 'refusal' ? 'refusal' : 'text']: spoken,
    }),
    emit('response.output_item.done', { output_index: index, item }),
  ]
}

export const openaiResponsesWire: Wire = {
  read(_path, body, headers) {
    demand(text(body.model), 'you must provide a model parameter')
    demand(/^Bearer .+/.test(headers.authorization ?? ''), 'no API key')
    const choice = body.tool_choice
    return {
      provider: 'openai',
      api: 'responses',
      model: text(body.model),
      ...readInput(body.input),
      tools: list(body.tools).map((tool) => readTool(record(tool))),
      toolChoice: typeof choice === 'string' ? choice : text(record(choice).name) || 'auto',
      stream: body.stream === true,
      headers,
      body,
    }
  },
  whole: (turn, request) =>
    responseOf(turn, request, outputOf(turn), turn.stop === 'length' ? 'incomplete' : 'completed'),
  frames(turn, request) {
    let sequence = 0
    const emit = (type: string, fields: object) =>
      event({ type, sequence_number: sequence++, ...fields }, type)
    const output = outputOf(turn)
    const end = turn.stop === 'length' ? 'incomplete' : 'completed'
    return [
      emit('response.created', {
        response: { ...responseOf(turn, request, [], 'in_progress'), usage: null },
      }),
      ...output.flatMap((item, index) => itemFrames(item, index, emit)),
      emit(`response.${end}`, { response: responseOf(turn, request, output, end) }),
    ]
  },
  fault: openaiFault,
  refusal: openaiRefusal,
}
