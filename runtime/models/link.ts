/**
 * One link of a tier's chain: a model of a provider, asked in LangChain's messages and answering in its chunks.
 *
 * What adapters promise the router: chunks hold text as a plain string or `tool_call_chunks`; the last chunk alone
 * carries `usage_metadata` (totals, not differences) and an `AnswerEnd` in `response_metadata`. A stream that ends
 * without it was cut. Failures are StakazoErrors of the `model-…` rows; an abort rejects with the signal's reason.
 */
import type { ToolDefinition } from '@langchain/core/language_models/base'
import { AIMessageChunk, type BaseMessage, type UsageMetadata } from '@langchain/core/messages'
import type { ToolCallChunk } from '@langchain/core/messages/tool'
import { ChatGenerationChunk } from '@langchain/core/outputs'

export const PROVIDERS = ['openai', 'anthropic', 'google'] as const
export type ProviderName = (typeof PROVIDERS)[number]

export interface ProviderAccess {
  apiKey: string
  baseUrl: string
}

export interface AnswerCall {
  tools: readonly ToolDefinition[]
  /** `auto`, `any`, `none`, or the name of the one tool that must be called. */
  toolChoice: string
  signal: AbortSignal
}

export type StopReason = 'end' | 'calls' | 'length' | 'refused' | 'malformed'

export interface AnswerEnd {
  stop: StopReason
  /** What this provider wants back with the message on the next turn (thought signatures); plain JSON. */
  carry?: Record<string, unknown>
}

export type Answer = (
  messages: readonly BaseMessage[],
  call: AnswerCall,
) => AsyncGenerator<ChatGenerationChunk>

export interface ModelLink {
  readonly provider: ProviderName | 'playbook'
  readonly model: string
  readonly answer: Answer
}

export const linkName = ({ provider, model }: Pick<ModelLink, 'provider' | 'model'>): string =>
  provider === 'playbook' ? 'playbook' : `${provider}:${model}`

export const textChunk = (text: string): ChatGenerationChunk =>
  new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) })

export const callChunk = (toolCallChunks: ToolCallChunk[]): ChatGenerationChunk =>
  new ChatGenerationChunk({
    text: '',
    message: new AIMessageChunk({ content: '', tool_call_chunks: toolCallChunks }),
  })

export const endChunk = (usage: UsageMetadata | undefined, end: AnswerEnd): ChatGenerationChunk =>
  new ChatGenerationChunk({
    text: '',
    message: new AIMessageChunk({ content: '', usage_metadata: usage, response_metadata: { end } }),
  })

export const usageMetadata = (
  input: number,
  output: number,
  cacheRead = 0,
  cacheCreation = 0,
): UsageMetadata => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
  input_token_details: { cache_read: cacheRead, cache_creation: cacheCreation },
})
