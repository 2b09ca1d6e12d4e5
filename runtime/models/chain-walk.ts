/**
 * Walks a tier's chain until a link answers: budget, circuit, deadlines, retries, then the next link. What the reader
 * gets live is text; tool calls are held back until the answer is whole and readable, so that a cut answer never acts.
 */
import type { AIMessageChunk, BaseMessage, UsageMetadata } from '@langchain/core/messages'
import type { ToolCallChunk } from '@langchain/core/messages/tool'
import type { ChatGenerationChunk } from '@langchain/core/outputs'
import { concat } from '@langchain/core/utils/stream'
import type { Tier } from '../core/agent.ts'
import type { Clock } from '../core/clock.ts'
import { type ErrorCode, fromUnknown, StakazoError } from '../core/errors.ts'
import type { ModelCaller, ModelNote } from '../core/model.ts'
import type { Random } from '../core/random.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { type Deadlines, withDeadlines } from './deadlines.ts'
import { decideReaction } from './fallback.ts'
import { type AnswerCall, type AnswerEnd, linkName, type ModelLink } from './link.ts'
import { toModelError } from './model-errors.ts'
import { hasPlaybookBegun } from './playbook.ts'
import { type CostPort, type CostRow, PRICE_CURRENCY, type Reservation } from './ports.ts'
import { PRICE_VERSION } from './price-table.ts'
import {
  costOf,
  countRequestTokens,
  countTokens,
  type PriceBook,
  TURN_OUTPUT_TOKENS,
  toTokenUsage,
} from './prices.ts'

export interface ChainPorts {
  costs: CostPort
  breaker: CircuitBreaker
  prices: PriceBook
  clock: Clock
  random: Random
  deadlines: Deadlines
  waitMaxMs: number
}

export interface ChainRequest {
  tier: Tier
  caller: ModelCaller
  /** The tier's chain, then what a budget that runs out may still afford: cheaper tiers' links. */
  links: readonly ModelLink[]
  cheaper: readonly ModelLink[]
  messages: readonly BaseMessage[]
  call: Omit<AnswerCall, 'signal'>
  signal: AbortSignal | undefined
}

export interface WholeAnswer {
  text: string
  toolCalls: ToolCall[]
  usage: UsageMetadata
  end: AnswerEnd
  note: ModelNote
  provider: string
}

/** `restart` tells a reader who saw text already that another attempt begins from its start. */
export type ChainEvent =
  | { type: 'text'; text: string }
  | { type: 'restart'; code: ErrorCode }
  | { type: 'answer'; answer: WholeAnswer }

interface Walk {
  ports: ChainPorts
  request: ChainRequest
  degraded: { model: string; code: string }[]
  /** Billed attempts that came to nothing are part of the answer's price. */
  spentMicros: number
}

interface Attempt {
  whole: AIMessageChunk | undefined
  /** Set once the answer has proved whole. */
  read: Readable | undefined
  spoke: boolean
}

type ToolCall = NonNullable<AIMessageChunk['tool_calls']>[number]

/**
 * LangChain completes broken JSON, so that half a caption would be posted as if it were whole; here arguments are read
 * strictly or not at all. Undefined for a call that is no JSON object.
 */
function readCall({ id, name, args }: ToolCallChunk): ToolCall | undefined {
  try {
    const parsed: unknown = JSON.parse(args || '{}')
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || !name) return undefined
    return { type: 'tool_call', id, name, args: parsed as ToolCall['args'] }
  } catch {
    return undefined
  }
}

interface Readable {
  whole: AIMessageChunk
  end: AnswerEnd
  toolCalls: ToolCall[]
}

/** The whole answer of an attempt; throws where it was cut, refused, empty or unreadable. */
function readWhole({ whole }: Attempt, link: string): Readable {
  const end = whole?.response_metadata.end as AnswerEnd | undefined
  if (!whole || !end)
    throw new StakazoError('model-unavailable', `${link}: the answer was cut off`, { details: { link } })
  if (end.stop === 'refused')
    throw new StakazoError('model-refused', `${link} declined to answer`, { details: { link } })
  const chunks = whole.tool_call_chunks ?? []
  const toolCalls = chunks.map(readCall).filter((call) => call !== undefined)
  const isUnreadable = end.stop === 'malformed' || toolCalls.length < chunks.length
  if (!isUnreadable && (whole.text || toolCalls.length > 0)) return { whole, end, toolCalls }
  const what = isUnreadable ? 'the arguments of a tool call are no JSON' : 'the answer is empty'
  throw new StakazoError('model-malformed', `${link}: ${what}`, { details: { link, stop: end.stop } })
}

/** Counts what an attempt cost: the provider's own figures, or characters where it sent none. */
function rowOf(
  { ports, request }: Walk,
  link: ModelLink,
  attempt: Attempt,
  outcome: CostRow['outcome'],
): CostRow {
  const { price, isKnown } = ports.prices(linkName(link))
  const reported = attempt.whole?.usage_metadata
  const spoken = `${attempt.whole?.text ?? ''}${JSON.stringify(attempt.whole?.tool_call_chunks ?? [])}`
  const counted = {
    inputTokens: countRequestTokens(request.messages, request.call.tools),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: countTokens(spoken),
  }
  const usage = reported ? toTokenUsage(reported) : counted
  return {
    ...usage,
    caller: request.caller,
    tier: request.tier,
    provider: link.provider,
    model: link.model,
    costMicros: costOf(usage, price),
    currency: PRICE_CURRENCY,
    priceVersion: PRICE_VERSION,
    isPriceKnown: isKnown,
    isEstimated: !reported,
    outcome,
  }
}

/** A book that cannot be kept is no failure of a model: nobody is asked, and nobody else instead. */
async function keepBooks<T>(keep: Promise<T>): Promise<T> {
  try {
    return await keep
  } catch (error) {
    throw fromUnknown(error)
  }
}

/** Money for one call; undefined for rules, which cost nothing. Throws `budget-exhausted` when there is none. */
async function reserve({ ports, request }: Walk, link: ModelLink): Promise<Reservation | undefined> {
  if (link.provider === 'playbook') return undefined
  const inputTokens = countRequestTokens(request.messages, request.call.tools)
  const usage = { inputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: TURN_OUTPUT_TOKENS }
  const keep = ports.costs.reserve({
    caller: request.caller,
    tier: request.tier,
    provider: link.provider,
    model: link.model,
    micros: costOf(usage, ports.prices(linkName(link)).price),
    currency: PRICE_CURRENCY,
  })
  const reply = await keepBooks(keep)
  if (!reply.granted)
    throw new StakazoError('budget-exhausted', `no budget for ${linkName(link)}: ${reply.reason}`)
  return reply.reservation
}

async function* readAttempt(walk: Walk, link: ModelLink, attempt: Attempt): AsyncGenerator<ChainEvent> {
  const { messages, call, signal } = walk.request
  const name = linkName(link)
  const open = (abort: AbortSignal): AsyncIterator<ChatGenerationChunk> =>
    link.answer(messages, { ...call, signal: abort })
  for await (const { message } of withDeadlines(open, walk.ports.deadlines, name, signal)) {
    const chunk = message as AIMessageChunk
    attempt.whole = attempt.whole ? concat(attempt.whole, chunk) : chunk
    if (!chunk.text) continue
    attempt.spoke = true
    yield { type: 'text', text: chunk.text }
  }
  attempt.read = readWhole(attempt, name)
}

/** One call to one link, with its money. Settles exactly once, whatever happens, a reader who leaves included. */
async function* tryLink(walk: Walk, link: ModelLink, attempt: Attempt): AsyncGenerator<ChainEvent> {
  const reservation = await reserve(walk, link)
  let isAnswered = false
  try {
    yield* readAttempt(walk, link, attempt)
    isAnswered = true
  } finally {
    const isBilled = isAnswered || attempt.whole !== undefined
    if (reservation && isBilled) {
      const row = rowOf(walk, link, attempt, isAnswered ? 'answered' : 'failed')
      walk.spentMicros += row.costMicros
      await keepBooks(walk.ports.costs.settle(reservation, row))
    } else if (reservation) await keepBooks(walk.ports.costs.release(reservation))
  }
}

function answerOf(walk: Walk, link: ModelLink, { whole, end, toolCalls }: Readable): WholeAnswer {
  const usage = whole.usage_metadata ?? { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  return {
    text: whole.text,
    toolCalls,
    usage,
    end,
    provider: link.provider,
    note: {
      provider: link.provider,
      model: link.model,
      degraded: walk.degraded,
      costMicros: walk.spentMicros,
    },
  }
}

type LinkResult = { answered: true } | { answered: false; error: StakazoError }

/** Asks one link as often as its failures deserve. */
async function* askLink(walk: Walk, link: ModelLink): AsyncGenerator<ChainEvent, LinkResult> {
  const { breaker, clock, random, waitMaxMs } = walk.ports
  const { signal } = walk.request
  for (let count = 0; ; count += 1) {
    const attempt: Attempt = { whole: undefined, read: undefined, spoke: false }
    let isKnown = false
    try {
      yield* tryLink(walk, link, attempt)
      breaker.succeeded(link.provider)
      isKnown = true
      if (attempt.read) yield { type: 'answer', answer: answerOf(walk, link, attempt.read) }
      return { answered: true }
    } catch (thrown) {
      if (signal?.aborted) throw thrown
      const error = toModelError(thrown, linkName(link))
      breaker.failed(link.provider, error)
      isKnown = true
      if (attempt.spoke) yield { type: 'restart', code: error.code }
      if (error.code === 'budget-exhausted') return { answered: false, error }
      const reaction = decideReaction(error, count, random, waitMaxMs)
      if (reaction.do === 'throw') throw error
      if (reaction.do === 'next') return { answered: false, error }
      await clock.sleep(reaction.waitMs, signal)
    } finally {
      // Aborted, or the reader went away: a probe that nobody finished must not block the next.
      if (!isKnown) breaker.abandoned(link.provider)
    }
  }
}

/** Out of money, only what is cheaper still makes sense, cheapest tiers' models and the rules included. */
function affordable(walk: Walk, failed: ModelLink, rest: readonly ModelLink[]): ModelLink[] {
  const priceOf = (link: ModelLink) => walk.ports.prices(linkName(link)).price
  const limit = priceOf(failed)
  const isCheaper = (link: ModelLink) => priceOf(link).in < limit.in || priceOf(link).out < limit.out
  const seen = new Set<string>()
  return [...rest, ...walk.request.cheaper]
    .filter((link) => isCheaper(link) && !seen.has(linkName(link)) && seen.add(linkName(link)))
    .sort((left, right) => Number(left.provider === 'playbook') - Number(right.provider === 'playbook'))
}

function nobodyLeft(walk: Walk, last: StakazoError | undefined): StakazoError {
  const tried = walk.degraded.map(({ model, code }) => `${model} (${code})`).join(', ')
  const { tier } = walk.request
  if (walk.degraded.length === 1 && last) return last
  const code = last?.code === 'budget-exhausted' ? last.code : 'model-unavailable'
  const message = tried
    ? `no model of tier '${tier}' answered: ${tried}`
    : `tier '${tier}' has no model and no rules`
  return new StakazoError(code, message, { cause: last, details: { tier, degraded: walk.degraded } })
}

const PLAYBOOK_FIRST = 'playbook-begun'

/** Yields live text and at last one `answer`; throws when no link answers. Aborts reject with the signal's reason. */
export async function* walkChain(request: ChainRequest, ports: ChainPorts): AsyncGenerator<ChainEvent> {
  const walk: Walk = { ports, request, degraded: [], spentMicros: 0 }
  const rules = request.links.find(({ provider }) => provider === 'playbook')
  const isBegun = rules !== undefined && hasPlaybookBegun(request.messages)
  if (isBegun && request.links.length > 1)
    walk.degraded.push({ model: linkName(request.links[0] ?? rules), code: PLAYBOOK_FIRST })
  let queue = isBegun ? [rules] : [...request.links]
  let last: StakazoError | undefined
  for (let link = queue.shift(); link; link = queue.shift()) {
    request.signal?.throwIfAborted()
    const obstacle = link.provider === 'playbook' ? undefined : ports.breaker.findObstacle(link.provider)
    if (obstacle) {
      last = new StakazoError(obstacle, `${linkName(link)} is resting after failures`, {
        details: { link: linkName(link) },
      })
    } else {
      const result = yield* askLink(walk, link)
      if (result.answered) return
      last = result.error
      if (last.code === 'budget-exhausted') queue = affordable(walk, link, queue)
    }
    walk.degraded.push({ model: linkName(link), code: last.code })
  }
  throw nobodyLeft(walk, last)
}
