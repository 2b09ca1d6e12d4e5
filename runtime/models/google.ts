/**
 * Gemini, through @langchain/google-genai. The package takes no fetch option and needs none: it calls the global fetch,
 * so the process's dispatcher guards it. Four traps of it are mended here: a cut stream rejects a promise nobody awaits
 * and would end the process; refusals and MALFORMED_FUNCTION_CALL vanish from a stream; cached and thinking tokens are
 * miscounted; parallel results go out as separate contents, which the API refuses.
 */
import { AIMessage, AIMessageChunk, type BaseMessage, isAIMessage } from '@langchain/core/messages'
import type { ToolCallChunk } from '@langchain/core/messages/tool'
import type { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { StakazoError } from '../core/errors.ts'
import { fromGoogleValue, toGoogleSchema } from './google-schema.ts'
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
import { carryOf, textOf } from './plain-messages.ts'

export const GOOGLE_URL = 'https://generativelanguage.googleapis.com'

/** LangChain keeps Gemini's thought signatures under this key; Gemini 3 refuses a history without them. */
const SIGNATURES = '__gemini_function_call_thought_signatures__'

interface RawPart {
  functionResponse?: unknown
}
interface RawContent {
  role: string
  parts: RawPart[]
}
interface RawResponse {
  candidates?: { finishReason?: string }[]
  promptFeedback?: { blockReason?: string }
  usageMetadata?: {
    promptTokenCount?: number
    candidatesTokenCount?: number
    thoughtsTokenCount?: number
    cachedContentTokenCount?: number
  }
}
interface RawClient {
  generateContentStream(
    request: { contents: RawContent[] },
    options: unknown,
  ): Promise<{ stream: AsyncIterable<RawResponse>; response: Promise<unknown> }>
}

interface Seen {
  finishReason: string | undefined
  blockReason: string | undefined
  usage: RawResponse['usageMetadata']
  signatures: Record<string, string>
}

async function* tap(stream: AsyncIterable<RawResponse>, seen: Seen) {
  for await (const response of stream) {
    seen.finishReason = response.candidates?.[0]?.finishReason ?? seen.finishReason
    seen.blockReason = response.promptFeedback?.blockReason ?? seen.blockReason
    seen.usage = response.usageMetadata ?? seen.usage
    yield response
  }
}

const holdsResults = (content: RawContent | undefined): boolean =>
  Boolean(content?.parts.every((part) => part.functionResponse))

/** Results of parallel calls belong into one content. */
function joinResults(contents: RawContent[]): RawContent[] {
  const joined: RawContent[] = []
  for (const content of contents) {
    const last = joined.at(-1)
    if (last && holdsResults(last) && holdsResults(content)) last.parts.push(...content.parts)
    else joined.push({ ...content, parts: [...content.parts] })
  }
  return joined
}

function watch(chat: ChatGoogleGenerativeAI): Seen {
  const seen: Seen = { finishReason: undefined, blockReason: undefined, usage: undefined, signatures: {} }
  const client = Reflect.get(chat, 'client') as RawClient
  const original = client.generateContentStream.bind(client)
  client.generateContentStream = async (request, options) => {
    const result = await original({ ...request, contents: joinResults(request.contents) }, options)
    // The same failure reaches us through `stream`; unhandled, this twin would take the daemon down.
    result.response.catch(() => undefined)
    return { ...result, stream: tap(result.stream, seen) }
  }
  return seen
}

const REFUSALS = /SAFETY|BLOCKLIST|PROHIBITED_CONTENT|SPII|RECITATION|IMAGE_SAFETY/

function stopOf({ finishReason, blockReason }: Seen): StopReason | undefined {
  if (blockReason || REFUSALS.test(finishReason ?? '')) return 'refused'
  if (finishReason === 'MALFORMED_FUNCTION_CALL' || finishReason === 'UNEXPECTED_TOOL_CALL')
    return 'malformed'
  if (finishReason === 'MAX_TOKENS') return 'length'
  return finishReason ? 'end' : undefined
}

/** Thinking is billed as output and counted beside it. */
const usageOf = ({ usage }: Seen) =>
  usage &&
  usageMetadata(
    usage.promptTokenCount ?? 0,
    (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    usage.cachedContentTokenCount ?? 0,
  )

function toGoogle(message: BaseMessage): BaseMessage {
  const signatures = isAIMessage(message) ? carryOf(message, 'google')?.signatures : undefined
  if (!isAIMessage(message) || !signatures) return message
  return new AIMessage({
    content: message.content,
    tool_calls: message.tool_calls ?? [],
    additional_kwargs: { [SIGNATURES]: signatures },
  })
}

function declarations(tools: AnswerCall['tools']) {
  return tools.map(({ function: { name, description, parameters } }) => {
    const schema = toGoogleSchema(parameters)
    return { name, description: description ?? '', ...(schema ? { parameters: schema } : {}) }
  })
}

const optionsOf = ({ tools, toolChoice }: AnswerCall) =>
  tools.length > 0 ? { tools: [{ functionDeclarations: declarations(tools) }], tool_choice: toolChoice } : {}

/** Gemini sends whole arguments as an object, so they can be put back into the shape the tool asked for at once. */
function readArgs(chunk: ToolCallChunk, tools: AnswerCall['tools']): ToolCallChunk {
  const schema = tools.find((tool) => tool.function.name === chunk.name)?.function.parameters
  if (!schema || !chunk.args) return chunk
  return { ...chunk, args: JSON.stringify(fromGoogleValue(JSON.parse(chunk.args), schema)) }
}

async function* askGoogle(chat: ChatGoogleGenerativeAI, messages: readonly BaseMessage[], call: AnswerCall) {
  const seen = watch(chat)
  let index = 0
  const options = { ...optionsOf(call), signal: call.signal } as typeof chat.ParsedCallOptions
  for await (const { message } of chat._streamResponseChunks(messages.map(toGoogle), options)) {
    const text = textOf(message)
    if (text) yield textChunk(text)
    if (!(message instanceof AIMessageChunk)) continue
    Object.assign(seen.signatures, message.additional_kwargs[SIGNATURES])
    const calls = message.tool_call_chunks?.map((chunk) => ({
      ...readArgs(chunk, call.tools),
      index: index++,
    }))
    if (calls?.length) yield callChunk(calls)
  }
  call.signal.throwIfAborted()
  const stop = stopOf(seen)
  const carry = Object.keys(seen.signatures).length > 0 ? { carry: { signatures: seen.signatures } } : {}
  if (stop) yield endChunk(usageOf(seen), { stop, ...carry })
}

/** A fresh client for each answer: what `watch` sees belongs to one stream. */
export async function openGoogle(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Answer> {
  const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai')
  if (!apiKey) throw new StakazoError('config-invalid', 'GOOGLE_API_KEY is empty')
  const open = () => new ChatGoogleGenerativeAI({ model, apiKey, baseUrl, maxRetries: 0 })
  return (messages, call) => askGoogle(open(), messages, call)
}
