/** Claude, on @anthropic-ai/sdk. The stable prefix (tools, then system text) and the history so far are cached. */
import type Anthropic from '@anthropic-ai/sdk'
import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { isAIMessage, isHumanMessage, isSystemMessage, isToolMessage } from '@langchain/core/messages'
import {
  type Answer,
  type AnswerCall,
  callChunk,
  endChunk,
  type ProviderAccess,
  type StopReason,
  textChunk,
  usageMetadata,
} from './link.ts'
import { carryOf, type MediaBlock, textOf } from './plain-messages.ts'

export const ANTHROPIC_URL = 'https://api.anthropic.com'

/** The API demands a bound; no report of ours comes near it. */
const MAX_OUTPUT_TOKENS = 8_192

type Message = Anthropic.MessageParam
type Block = Anthropic.ContentBlockParam

const CACHED = { cache_control: { type: 'ephemeral' as const } }

function mediaBlock({ mimeType, data }: MediaBlock): Block {
  const media_type = mimeType as Anthropic.Base64ImageSource['media_type']
  return { type: 'image', source: { type: 'base64', media_type, data: String(data) } }
}

function humanBlocks(message: BaseMessage): Block[] {
  if (typeof message.content === 'string') return [{ type: 'text', text: message.content }]
  return message.content.map((block) =>
    block.type === 'text' ? { type: 'text', text: String(block.text) } : mediaBlock(block as MediaBlock),
  )
}

/** Thinking goes back first and untouched: a signature covers it. */
function assistantBlocks(message: AIMessage): Block[] {
  const thinking = (carryOf(message, 'anthropic')?.thinking ?? []) as Block[]
  const text = textOf(message)
  const calls = (message.tool_calls ?? []).map(
    ({ id, name, args }): Block => ({ type: 'tool_use', id: id ?? '', name, input: args }),
  )
  return [...thinking, ...(text ? [{ type: 'text' as const, text }] : []), ...calls]
}

function blocksOf(message: BaseMessage): { role: Message['role']; blocks: Block[] } | undefined {
  if (isHumanMessage(message)) return { role: 'user', blocks: humanBlocks(message) }
  if (isAIMessage(message)) return { role: 'assistant', blocks: assistantBlocks(message) }
  if (!isToolMessage(message)) return undefined
  const { tool_call_id, status } = message
  const failed = status === 'error' ? { is_error: true } : {}
  return {
    role: 'user',
    blocks: [{ type: 'tool_result', tool_use_id: tool_call_id, content: textOf(message), ...failed }],
  }
}

/** Roles must alternate, so neighbours of one role become one message; the last block ends the cached prefix. */
function toMessages(messages: readonly BaseMessage[]): Message[] {
  const out: { role: Message['role']; content: Block[] }[] = []
  for (const { role, blocks } of messages.map(blocksOf).filter((each) => each !== undefined)) {
    const last = out.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else out.push({ role, content: blocks })
  }
  const end = out.at(-1)?.content
  const last = end?.pop()
  if (last) end?.push({ ...last, ...CACHED } as Block)
  return out
}

function toolChoiceOf(choice: string): Anthropic.ToolChoice {
  return choice === 'auto' || choice === 'any' || choice === 'none'
    ? { type: choice }
    : { type: 'tool', name: choice }
}

function bodyOf(model: string, messages: readonly BaseMessage[], { tools, toolChoice }: AnswerCall) {
  const system = messages
    .filter((each) => isSystemMessage(each))
    .map(textOf)
    .join('\n\n')
  const offered = tools.map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? '',
    input_schema: parameters as Anthropic.Tool.InputSchema,
  }))
  return {
    model,
    max_tokens: MAX_OUTPUT_TOKENS,
    stream: true as const,
    messages: toMessages(messages),
    ...(system ? { system: [{ type: 'text' as const, text: system, ...CACHED }] } : {}),
    ...(offered.length > 0 ? { tools: offered, tool_choice: toolChoiceOf(toolChoice) } : {}),
  }
}

interface Seen {
  input: number
  cacheRead: number
  cacheCreation: number
  output: number
  stop: StopReason | undefined
  thinking: Record<string, unknown>[]
}

function stopOf(reason: string | null): StopReason {
  if (reason === 'refusal') return 'refused'
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length'
  return reason === 'tool_use' ? 'calls' : 'end'
}

/** Usage and stop reason come spread over three events; thinking is kept to be handed back. */
function note(seen: Seen, event: Anthropic.RawMessageStreamEvent): void {
  if (event.type === 'message_start') {
    const { usage } = event.message
    seen.input = usage.input_tokens
    seen.cacheRead = usage.cache_read_input_tokens ?? 0
    seen.cacheCreation = usage.cache_creation_input_tokens ?? 0
  } else if (event.type === 'message_delta') {
    seen.output = event.usage.output_tokens
    if (event.delta.stop_reason) seen.stop = stopOf(event.delta.stop_reason)
  } else if (event.type === 'content_block_start' && /thinking/.test(event.content_block.type)) {
    seen.thinking.push({ ...event.content_block })
  } else if (event.type === 'content_block_delta') {
    const block = seen.thinking.at(-1)
    if (block && event.delta.type === 'thinking_delta')
      block.thinking = `${block.thinking ?? ''}${event.delta.thinking}`
    if (block && event.delta.type === 'signature_delta') block.signature = event.delta.signature
  }
}

function chunkOf(event: Anthropic.RawMessageStreamEvent) {
  if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
    const { id, name } = event.content_block
    return callChunk([{ type: 'tool_call_chunk', index: event.index, id, name, args: '' }])
  }
  if (event.type !== 'content_block_delta') return undefined
  if (event.delta.type === 'text_delta') return textChunk(event.delta.text)
  if (event.delta.type !== 'input_json_delta') return undefined
  return callChunk([{ type: 'tool_call_chunk', index: event.index, args: event.delta.partial_json }])
}

async function* askAnthropic(
  client: Anthropic,
  model: string,
  messages: readonly BaseMessage[],
  call: AnswerCall,
) {
  const seen: Seen = { input: 0, cacheRead: 0, cacheCreation: 0, output: 0, stop: undefined, thinking: [] }
  const stream = await client.messages.create(bodyOf(model, messages, call), { signal: call.signal })
  let isWhole = false
  for await (const event of stream) {
    note(seen, event)
    isWhole ||= event.type === 'message_stop'
    const chunk = chunkOf(event)
    if (chunk) yield chunk
  }
  call.signal.throwIfAborted()
  if (!isWhole || !seen.stop) return
  // Ours counts cached tokens as input, theirs beside it.
  const input = seen.input + seen.cacheRead + seen.cacheCreation
  const carry = seen.thinking.length > 0 ? { carry: { thinking: seen.thinking } } : {}
  yield endChunk(usageMetadata(input, seen.output, seen.cacheRead, seen.cacheCreation), {
    stop: seen.stop,
    ...carry,
  })
}

export async function openAnthropic(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Answer> {
  const { default: Client } = await import('@anthropic-ai/sdk')
  // `authToken: null` keeps the SDK from looking for credentials in the environment and in files.
  const client = new Client({ apiKey, authToken: null, baseURL: baseUrl, maxRetries: 0, logLevel: 'off' })
  return (messages, call) => askAnthropic(client, model, messages, call)
}
