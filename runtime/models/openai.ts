/** OpenAI and every server that speaks its chat API, through @langchain/openai. */
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages'
import { AIMessageChunk, HumanMessage, isHumanMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk } from '@langchain/core/outputs'
import type { ChatOpenAI } from '@langchain/openai'
import {
  type Answer,
  type AnswerCall,
  callChunk,
  endChunk,
  type ProviderAccess,
  type StopReason,
  textChunk,
} from './link.ts'
import { type MediaBlock, textOf } from './plain-messages.ts'

export const OPENAI_URL = 'https://api.openai.com/v1'

/** A named tool must be wrapped; `any` is called `required` here. */
function toolChoiceOf(choice: string) {
  if (choice === 'any') return 'required'
  if (choice === 'auto' || choice === 'none') return choice
  return { type: 'function' as const, function: { name: choice } }
}

function mediaPart({ type, mimeType, data }: MediaBlock) {
  if (type === 'image') return { type: 'image_url', image_url: { url: `data:${mimeType};base64,${data}` } }
  return { type: 'input_audio', input_audio: { data, format: mimeType?.includes('wav') ? 'wav' : 'mp3' } }
}

function toOpenai(message: BaseMessage): BaseMessage {
  if (!isHumanMessage(message) || typeof message.content === 'string') return message
  const parts = message.content.map((block) =>
    block.type === 'text' ? block : mediaPart(block as MediaBlock),
  )
  return new HumanMessage({ content: parts })
}

interface Seen {
  usage: UsageMetadata | undefined
  stop: StopReason | undefined
}

/** LangChain drops a streamed `refusal` of the chat API; the raw chunk still has it. */
function hasRefusal(message: AIMessageChunk): boolean {
  const raw = message.additional_kwargs.__raw_response as
    | { choices?: { delta?: { refusal?: unknown } }[] }
    | undefined
  return Boolean(raw?.choices?.[0]?.delta?.refusal ?? message.additional_kwargs.refusal)
}

interface ResponsesEnd {
  status?: string
  incomplete_details?: { reason?: string }
}

/** The chat API ends with a finish_reason, the responses API with a status. */
function stopOf(chunk: ChatGenerationChunk): StopReason | undefined {
  const { status, incomplete_details: details } = chunk.message.response_metadata as ResponsesEnd
  if (status === 'completed') return 'end'
  if (status === 'incomplete') return details?.reason === 'content_filter' ? 'refused' : 'length'
  const reason = chunk.generationInfo?.finish_reason
  if (reason === 'length') return 'length'
  if (reason === 'content_filter') return 'refused'
  return reason ? 'end' : undefined
}

function note(seen: Seen, chunk: ChatGenerationChunk): void {
  const { message } = chunk
  if (message instanceof AIMessageChunk && message.usage_metadata) seen.usage = message.usage_metadata
  const stop = message instanceof AIMessageChunk && hasRefusal(message) ? 'refused' : stopOf(chunk)
  if (stop && seen.stop !== 'refused') seen.stop = stop
}

async function* askOpenai(chat: ChatOpenAI, messages: readonly BaseMessage[], call: AnswerCall) {
  const seen: Seen = { usage: undefined, stop: undefined }
  const tools =
    call.tools.length > 0 ? { tools: [...call.tools], tool_choice: toolChoiceOf(call.toolChoice) } : {}
  for await (const chunk of chat._streamResponseChunks(messages.map(toOpenai), {
    ...tools,
    signal: call.signal,
  })) {
    note(seen, chunk)
    const text = textOf(chunk.message)
    if (text) yield textChunk(text)
    const calls = chunk.message instanceof AIMessageChunk ? chunk.message.tool_call_chunks : undefined
    if (calls?.length) yield callChunk(calls)
  }
  call.signal.throwIfAborted()
  if (seen.stop) yield endChunk(seen.usage, { stop: seen.stop })
}

export async function openOpenai(model: string, { apiKey, baseUrl }: ProviderAccess): Promise<Answer> {
  const { ChatOpenAI } = await import('@langchain/openai')
  const chat = new ChatOpenAI({
    model,
    apiKey,
    maxRetries: 0, // the router retries
    streamUsage: true,
    zdrEnabled: true, // sends `store: false`: nobody's briefs stay with the provider
    __includeRawResponse: true,
    configuration: { baseURL: baseUrl, organization: null, project: null },
  })
  return (messages, call) => askOpenai(chat, messages, call)
}
