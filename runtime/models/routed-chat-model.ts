/**
 * The one chat model the rest of the system knows: LangChain on the outside, a tier's chain within. Text streams live;
 * tool calls arrive whole, in the last chunk, with usage and the note of who answered (`response_metadata.stakazo`).
 */
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
  ToolDefinition,
} from '@langchain/core/language_models/base'
import { isOpenAITool } from '@langchain/core/language_models/base'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import { convertChunksToEvents } from '@langchain/core/language_models/compat'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import { type Runnable, RunnableLambda } from '@langchain/core/runnables'
import { convertToOpenAITool } from '@langchain/core/utils/function_calling'
import { z } from 'zod'
import type { Tier } from '../core/agent.ts'
import { StakazoError } from '../core/errors.ts'
import type { ModelCaller } from '../core/model.ts'
import type { ChainEvent, WholeAnswer } from './chain-walk.ts'
import { plainMessages } from './plain-messages.ts'

export interface RoutedCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[]
}

export interface RoutedRequest {
  messages: BaseMessage[]
  tools: ToolDefinition[]
  toolChoice: string
  signal: AbortSignal | undefined
}

/** Where answers come from: the chain, a recorder around it, or a tape instead of it. */
export type Router = (request: RoutedRequest) => AsyncGenerator<ChainEvent>

const toToolDefinition = (tool: BindToolsInput): ToolDefinition =>
  isOpenAITool(tool)
    ? tool
    : (convertToOpenAITool(tool as Parameters<typeof convertToOpenAITool>[0]) as ToolDefinition)

/** LangChain's ways to say it: a word, a tool's name, or OpenAI's object. */
function toolChoiceOf(choice: unknown): string {
  if (choice === undefined) return 'auto'
  if (choice === 'required') return 'any'
  if (typeof choice === 'string') return choice
  const {
    function: called,
    name,
    type,
  } = choice as { function?: { name?: string }; name?: string; type?: string }
  return called?.name ?? name ?? (type === 'any' ? 'any' : 'auto')
}

/** Text is block 0 of LangChain's event stream, so calls count from 1. */
function toLastChunk(answer: WholeAnswer): ChatGenerationChunk {
  const message = new AIMessageChunk({
    content: '',
    tool_call_chunks: answer.toolCalls.map(({ id, name, args }, index) => ({
      type: 'tool_call_chunk' as const,
      index: index + 1,
      id,
      name,
      args: JSON.stringify(args),
    })),
    usage_metadata: answer.usage,
    response_metadata: metadataOf(answer),
  })
  return new ChatGenerationChunk({ text: '', message })
}

const metadataOf = ({ note, end, provider }: WholeAnswer) => ({
  stakazo: note,
  model_provider: note.provider,
  model_name: note.model,
  stop: end.stop,
  ...(end.carry ? { carry: { [provider]: end.carry } } : {}),
})

const toMessage = (answer: WholeAnswer): AIMessage =>
  new AIMessage({
    content: answer.text,
    tool_calls: answer.toolCalls,
    usage_metadata: answer.usage,
    response_metadata: metadataOf(answer),
  })

/** Whoever watches a lost attempt live is told, since a stream cannot be unsaid; what `invoke` returns is the last alone. */
const RESTART_TEXT = '\n\n[The answer was cut off and starts again.]\n\n'

/** LangChain overloads by `includeRaw`; one value cannot have two types, so it claims both and callers get theirs. */
type StructuredModel<Out extends Record<string, unknown>> = Runnable<BaseLanguageModelInput, Out> &
  Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Out }>

export class RoutedChatModel extends BaseChatModel<RoutedCallOptions> {
  readonly tier: Tier
  /** Whose call this is (`caller` is taken by LangChain's retry queue). */
  readonly payer: ModelCaller
  readonly #route: Router

  constructor(tier: Tier, caller: ModelCaller, route: Router) {
    super({ outputVersion: 'v0' })
    this.tier = tier
    this.payer = caller
    this.#route = route
    this.metadata = { tier, ...caller }
  }

  static override lc_name(): string {
    return 'RoutedChatModel'
  }

  _llmType(): string {
    return 'stakazo-routed'
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<RoutedCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, RoutedCallOptions> {
    return this.withConfig({ tools: tools.map(toToolDefinition), ...kwargs } as Partial<RoutedCallOptions>)
  }

  /**
   * The schema is offered as the one tool that must be called; what comes back is checked against it when it is zod.
   * Throws `model-malformed` otherwise. With `includeRaw` a failed check gives `parsed: null` as in LangChain.
   */
  override withStructuredOutput<Out extends Record<string, unknown> = Record<string, unknown>>(
    schema: unknown,
    config?: StructuredOutputMethodOptions<boolean>,
  ): StructuredModel<Out> {
    const isZod = schema instanceof z.ZodType
    const parameters = isZod ? z.toJSONSchema(schema, { io: 'input' }) : schema
    const name = config?.name ?? 'answer'
    const asked = {
      name,
      description: 'Hand in the answer.',
      parameters: parameters as Record<string, unknown>,
    }
    const model = this.bindTools([{ type: 'function', function: asked }], { tool_choice: name })
    const parse = (message: AIMessageChunk) => parseAnswer(message, name, isZod ? schema : undefined) as Out
    const read = config?.includeRaw
      ? (raw: AIMessageChunk) => ({ raw, parsed: parseOrNull(parse, raw) })
      : parse
    return model.pipe(RunnableLambda.from<AIMessageChunk, unknown>(read)) as StructuredModel<Out>
  }

  /** Under a streaming listener LangChain hands out a chunk, which is no `AIMessage`; callers always get the message. */
  override async invoke(
    input: BaseLanguageModelInput,
    options?: Partial<RoutedCallOptions>,
  ): Promise<AIMessageChunk> {
    const message = await super.invoke(input, options)
    if (!AIMessageChunk.isInstance(message)) return message
    const { id, tool_calls, usage_metadata, response_metadata } = message
    const content = message.text.split(RESTART_TEXT).at(-1) ?? ''
    const whole = new AIMessage({ id, content, tool_calls, usage_metadata, response_metadata })
    return whole as unknown as AIMessageChunk
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    for await (const event of this.#route(this.#toRequest(messages, options))) {
      if (event.type !== 'answer') continue
      const message = toMessage(event.answer)
      return { generations: [{ text: event.answer.text, message }] }
    }
    throw new StakazoError('bug', 'a chain ended without answer or error')
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const event of this.#route(this.#toRequest(messages, options))) {
      const chunk = toChunk(event)
      yield chunk
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk })
    }
  }

  /** LangChain's own bridge drops `response_metadata`, and with it who answered. */
  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    let responseMetadata: Record<string, unknown> = {}
    const chunks = this._streamResponseChunks(messages, options, runManager)
    const noting = async function* () {
      for await (const chunk of chunks) {
        responseMetadata = { ...responseMetadata, ...chunk.message.response_metadata }
        yield chunk
      }
    }
    for await (const event of convertChunksToEvents(noting(), { signal: options.signal })) {
      yield event.event === 'message-finish' ? { ...event, responseMetadata } : event
    }
  }

  #toRequest(messages: BaseMessage[], options: this['ParsedCallOptions']): RoutedRequest {
    return {
      messages: plainMessages(messages),
      tools: (options.tools ?? []).map(toToolDefinition),
      toolChoice: toolChoiceOf(options.tool_choice),
      signal: options.signal,
    }
  }
}

function toChunk(event: ChainEvent): ChatGenerationChunk {
  if (event.type === 'answer') return toLastChunk(event.answer)
  const text = event.type === 'text' ? event.text : RESTART_TEXT
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) })
}

function parseAnswer(message: AIMessageChunk, name: string, schema: z.ZodType | undefined): unknown {
  const call = message.tool_calls?.find((each) => each.name === name)
  if (!call) throw new StakazoError('model-malformed', `the model did not call '${name}'`)
  if (!schema) return call.args
  const parsed = schema.safeParse(call.args)
  if (parsed.success) return parsed.data
  throw new StakazoError(
    'model-malformed',
    `the answer does not fit its schema: ${z.prettifyError(parsed.error)}`,
  )
}

function parseOrNull<T>(parse: (message: AIMessageChunk) => T, message: AIMessageChunk): T | null {
  try {
    return parse(message)
  } catch (error) {
    if (error instanceof StakazoError && error.code === 'model-malformed') return null
    throw error
  }
}
