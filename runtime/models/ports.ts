/**
 * What the model layer asks of the rest: who pays for a call, and where a run's model traffic is kept.
 * The composition root binds both; neither may read a model's answer for anything else.
 */
import type { Tier } from '../core/agent.ts'
import type { ModelCaller } from '../core/model.ts'
import type { Micros } from '../core/money.ts'

/** Every price of the table is in this currency. */
export const PRICE_CURRENCY = 'USD'

export interface TokenUsage {
  /** All input tokens, those from and to the provider's cache included. */
  inputTokens: number
  cachedInputTokens: number
  cacheWriteTokens: number
  outputTokens: number
}

export interface CostEstimate {
  caller: ModelCaller
  tier: Tier
  provider: string
  model: string
  micros: Micros
  currency: typeof PRICE_CURRENCY
}

/** One append-only row for each call a provider may bill, answered or not. */
export interface CostRow extends TokenUsage {
  caller: ModelCaller
  tier: Tier
  provider: string
  model: string
  costMicros: Micros
  currency: typeof PRICE_CURRENCY
  /** Date of the price table the amount was computed with. */
  priceVersion: string
  /** False when the model is not in the table and the dearest common price was taken instead. */
  isPriceKnown: boolean
  /** True when the provider sent no usage (a cut or aborted answer) and tokens were counted by characters. */
  isEstimated: boolean
  outcome: 'answered' | 'failed'
}

export interface Reservation {
  readonly id: string
}

type ReserveReply =
  | { readonly granted: true; readonly reservation: Reservation }
  | { readonly granted: false; readonly reason: string }

/**
 * The budget, asked before each call to a provider.
 *
 * `reserve` answers `granted: false` when the money is not there, and throws only when it cannot know: then no call is
 * made. `settle` replaces the reservation by the row; `release` gives it back. Exactly one of the two follows a grant.
 */
export interface CostPort {
  reserve(estimate: CostEstimate): Promise<ReserveReply>
  settle(reservation: Reservation, row: CostRow): Promise<void>
  release(reservation: Reservation): Promise<void>
}

/** One model turn of a run as a tape holds it. */
export interface TrafficRow {
  taskId: string | undefined
  stepId: string | undefined
  agent: string | undefined
  tier: Tier
  /** Number of AI messages the request held already. */
  turn: number
  requestHash: string
  request: unknown
  answer: { content: string; toolCalls: unknown[]; usage: unknown; metadata: unknown }
}

export interface TrafficPort {
  write(row: TrafficRow): Promise<void>
  list(): Promise<TrafficRow[]>
}
