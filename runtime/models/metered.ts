/** Money for what is not a conversation: vectors and transcripts are reserved and settled like any other call. */
import type { Tier } from '../core/agent.ts'
import { MINUTE } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import type { ModelCaller } from '../core/model.ts'
import type { Micros } from '../core/money.ts'
import type { EmbeddingsPort } from './embeddings.ts'
import { type CostPort, PRICE_CURRENCY } from './ports.ts'
import { PRICE_VERSION, UNKNOWN_SOUND_MINUTE } from './price-table.ts'
import { costOf, countTokens, type PriceBook } from './prices.ts'
import type { SpeechPort } from './speech-to-text.ts'

/** Side calls belong to no tier of their own; they are booked under the cheapest. */
const TIER: Tier = 'fast'

interface Charge {
  caller: ModelCaller
  name: string
  micros: Micros
  inputTokens: number
  isPriceKnown: boolean
}

async function charged<T>(costs: CostPort, charge: Charge, perform: () => Promise<T>): Promise<T> {
  const { caller, name, micros, inputTokens, isPriceKnown } = charge
  const [provider = '', model = ''] = name.split(/:(.*)/)
  const who = { caller, tier: TIER, provider, model, currency: PRICE_CURRENCY } as const
  const reply = await costs.reserve({ ...who, micros })
  if (!reply.granted) throw new StakazoError('budget-exhausted', `no budget for ${name}: ${reply.reason}`)
  try {
    const result = await perform()
    const tokens = { inputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 }
    const facts = {
      priceVersion: PRICE_VERSION,
      isPriceKnown,
      isEstimated: true,
      outcome: 'answered',
    } as const
    await costs.settle(reply.reservation, { ...who, ...tokens, ...facts, costMicros: micros })
    return result
  } catch (error) {
    await costs.release(reply.reservation)
    throw error
  }
}

export const meterEmbeddings = (
  inner: EmbeddingsPort,
  caller: ModelCaller,
  costs: CostPort,
  prices: PriceBook,
): EmbeddingsPort => ({
  ...inner,
  async embed(texts, signal) {
    if (texts.length === 0) return []
    const { price, isKnown } = prices(inner.name)
    const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0)
    const micros = costOf({ inputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 }, price)
    const charge = { caller, name: inner.name, micros, inputTokens, isPriceKnown: isKnown }
    return charged(costs, charge, () => inner.embed(texts, signal))
  },
})

/** Billed by the minute begun in whole micros; without a known length, one minute a megabyte (128 kbit/s sound). */
export const meterSpeech = (inner: SpeechPort, caller: ModelCaller, costs: CostPort): SpeechPort => ({
  ...inner,
  async transcribe(sound, signal) {
    const minutes = sound.durationMs === undefined ? sound.bytes.length / 1e6 : sound.durationMs / MINUTE
    const micros = Math.ceil(minutes * UNKNOWN_SOUND_MINUTE)
    const charge = { caller, name: inner.name, micros, inputTokens: 0, isPriceKnown: false }
    return charged(costs, charge, () => inner.transcribe(sound, signal))
  },
})
