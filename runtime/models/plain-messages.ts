/**
 * A history that any vendor accepts, whoever wrote it: fallback hands one model's conversation to another, and a
 * cancelled run leaves calls without results, which all three answer with 400.
 */
import {
  AIMessage,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  isAIMessage,
  isHumanMessage,
  isSystemMessage,
  isToolMessage,
  parseBase64DataUrl,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'

type Block = Record<string, unknown>
export type MediaBlock = ContentBlock.Multimodal.Image | ContentBlock.Multimodal.Audio

const blocksOf = (message: BaseMessage): Block[] =>
  typeof message.content === 'string'
    ? [{ type: 'text', text: message.content }]
    : (message.content as Block[])

/** The text of a message; pictures, sound and vendors' own blocks are left out. */
export const textOf = (message: BaseMessage): string =>
  blocksOf(message)
    .map((block) => (block.type === 'text' && typeof block.text === 'string' ? block.text : ''))
    .join('')

function dataUrlOf(block: Block): string | undefined {
  const source = block.type === 'image_url' ? block.image_url : block.url
  if (typeof source === 'string') return source
  const url = (source as Block | undefined)?.url
  return typeof url === 'string' ? url : undefined
}

/** Pictures and sound in whichever of LangChain's notations, as one standard block with base64 data. */
function mediaBlock(block: Block): MediaBlock | undefined {
  const type = block.type === 'audio' ? 'audio' : 'image'
  const url = dataUrlOf(block)
  const parsed = url ? parseBase64DataUrl({ dataUrl: url }) : undefined
  if (parsed) return { type, mimeType: parsed.mime_type, data: String(parsed.data) }
  const mimeType = String(
    block.mimeType ?? block.mime_type ?? (type === 'audio' ? 'audio/mpeg' : 'image/jpeg'),
  )
  if (block.data instanceof Uint8Array)
    return { type, mimeType, data: Buffer.from(block.data).toString('base64') }
  return typeof block.data === 'string' ? { type, mimeType, data: block.data } : undefined
}

export const isMediaBlock = (block: Block): boolean =>
  ['image', 'image_url', 'audio'].includes(String(block.type))

function plainHuman(message: BaseMessage): HumanMessage {
  const blocks = blocksOf(message)
  if (!blocks.some(isMediaBlock)) return new HumanMessage(textOf(message))
  const content = blocks.flatMap((block): ContentBlock.Standard[] => {
    if (isMediaBlock(block)) return [mediaBlock(block)].filter((found) => found !== undefined)
    return typeof block.text === 'string' && block.text ? [{ type: 'text', text: block.text }] : []
  })
  return new HumanMessage({ content })
}

const noResult = (id: string): ToolMessage =>
  new ToolMessage({
    tool_call_id: id,
    content: JSON.stringify({
      ok: false,
      code: 'cancelled',
      message: 'the run was interrupted before this call answered',
    }),
  })

const callIds = (message: AIMessage): string[] => (message.tool_calls ?? []).map(({ id }) => id ?? '')

/** Answers of one AI message, in the order of its calls; what is missing is said to be. */
function answersTo(message: AIMessage, following: readonly BaseMessage[]): ToolMessage[] {
  return callIds(message).map((id) => {
    const found = following.filter((each) => isToolMessage(each)).find((each) => each.tool_call_id === id)
    return found
      ? new ToolMessage({ tool_call_id: id, name: found.name, status: found.status, content: textOf(found) })
      : noResult(id)
  })
}

/** System text first and joined, plain blocks, every call answered right after it, no empty and no orphaned message. */
export function plainMessages(messages: readonly BaseMessage[]): BaseMessage[] {
  const system = messages
    .filter((each) => isSystemMessage(each))
    .map(textOf)
    .filter(Boolean)
  const plain: BaseMessage[] = system.length > 0 ? [new SystemMessage(system.join('\n\n'))] : []
  for (const [index, message] of messages.entries()) {
    if (isHumanMessage(message)) plain.push(plainHuman(message))
    if (!isAIMessage(message)) continue
    const text = textOf(message)
    const calls = message.tool_calls ?? []
    if (!text && calls.length === 0) continue
    plain.push(
      new AIMessage({ content: text, tool_calls: calls, response_metadata: message.response_metadata }),
    )
    plain.push(...answersTo(message, messages.slice(index + 1)))
  }
  return plain
}

/** What a provider asked to get back with this message; undefined when another provider wrote it. */
export function carryOf(message: AIMessage, provider: string): Record<string, unknown> | undefined {
  const { carry } = message.response_metadata as { carry?: Record<string, Record<string, unknown>> }
  return carry?.[provider]
}
