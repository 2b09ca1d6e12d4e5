/** How the rest of the system asks for a model: a tier and who pays; the answer is LangChain's own chat model. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Tier } from './agent.ts'
import type { PlaybookRun } from './playbook.ts'

/** Who asks, for cost rows and budgets. */
export interface ModelCaller {
  readonly tenantId: string
  readonly brandId?: string
  readonly taskId?: string
  readonly stepId?: string
  readonly agent?: string
}

export interface Models {
  /**
   * A chat model for a tier. The last link of every chain is `playbook`, the caller's own rules; without one the chain
   * ends with an error instead. Every answer's `response_metadata.stakazo` says who answered and why it degraded.
   */
  chat(tier: Tier, caller: ModelCaller, playbook?: (brief: unknown) => PlaybookRun<unknown>): BaseChatModel
  /** True when a tier holds a real model, so that a caller may spare work for rules alone. */
  hasModel(tier: Tier): boolean
  describe(): readonly { tier: Tier; chain: readonly string[] }[]
}

/** Put in `response_metadata.stakazo` of every answer. */
export interface ModelNote {
  provider: string
  model: string
  /** Earlier links of the chain that could not answer, with the reason's code. */
  degraded: readonly { model: string; code: string }[]
  costMicros: number
}
