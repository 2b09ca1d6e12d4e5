/** A model without a provider: one tool call a turn until the count is reached, then the report. Costs next to nothing. */
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { SUBMIT_REPORT } from '../../graphs/ports.ts'

export const TOOL = 'note-fact'

export class ScriptedModel extends BaseChatModel {
  readonly #calls: number

  constructor(calls: number) {
    super({})
    this.#calls = calls
  }

  _llmType(): string {
    return 'scripted'
  }

  override bindTools(): this {
    return this
  }

  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const turn = messages.filter((message) => message.type === 'ai').length
    const call =
      turn < this.#calls
        ? { id: `call_${turn}`, name: TOOL, args: { number: turn } }
        : { id: 'report', name: SUBMIT_REPORT, args: { facts: this.#calls } }
    const message = new AIMessage({ content: '', tool_calls: [{ ...call, type: 'tool_call' }] })
    return { generations: [{ text: '', message }] }
  }
}
