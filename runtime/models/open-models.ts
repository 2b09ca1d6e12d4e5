/**
 * The model layer, from a plain config object. Nothing of a provider's SDK is loaded before its first call: they weigh
 * 300 MB and a second together, and an idle daemon needs none of them.
 */
import { TIERS, type Tier } from '../core/agent.ts'
import { type Clock, MINUTE, SECOND, systemClock } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import type { ModelCaller, Models } from '../core/model.ts'
import type { Micros } from '../core/money.ts'
import type { Perception } from '../core/ports/perception.ts'
import { type Random, systemRandom } from '../core/random.ts'
import { ANTHROPIC_URL } from './anthropic.ts'
import { type ChainPorts, walkChain } from './chain-walk.ts'
import { openCircuitBreaker } from './circuit-breaker.ts'
import type { Deadlines } from './deadlines.ts'
import { canEmbed, type EmbeddingsPort, openEmbeddings } from './embeddings.ts'
import { GOOGLE_URL } from './google.ts'
import {
  type Answer,
  linkName,
  type ModelLink,
  PROVIDERS,
  type ProviderAccess,
  type ProviderName,
} from './link.ts'
import { meterEmbeddings, meterSpeech } from './metered.ts'
import { OPENAI_URL } from './openai.ts'
import { openPerception } from './perception.ts'
import { type AnyPlaybook, openPlaybook } from './playbook.ts'
import type { CostPort, TrafficPort } from './ports.ts'
import type { OwnPrice } from './price-table.ts'
import { estimateTask, openPriceBook, type TaskSize } from './prices.ts'
import { openReplay, recordTraffic } from './recording.ts'
import { RoutedChatModel, type Router } from './routed-chat-model.ts'
import { canHear, openSpeech, type SpeechPort } from './speech-to-text.ts'

export interface ModelsConfig {
  /** A provider is there when it has a key or a base URL (a server of your own may need no key). */
  providers: Partial<Record<ProviderName, { apiKey?: string; baseUrl?: string }>>
  /** Chains as `provider:model` or `playbook`; links of providers that are not there are left out. */
  tiers?: Partial<Record<Tier, readonly string[]>>
  /** `provider:model`, `none`, or unset: the first provider that can. */
  embeddings?: string
  speech?: string
  /** Own prices by `provider:model`, in dollars a million tokens; they win over the table. */
  prices?: Readonly<Record<string, OwnPrice>>
  deadlines?: Partial<Deadlines>
  /** Longest wait before the next link is preferred to a retry. */
  waitMaxMs?: number
}

/** Writes every answer to the tape, or answers from it and never asks a provider. */
export interface Tape {
  readonly mode: 'record' | 'replay'
  readonly traffic: TrafficPort
}

export interface ModelsPorts {
  costs: CostPort
  clock?: Clock
  random?: Random
  tape?: Tape
}

export interface OpenedModels extends Models {
  embeddings(caller: ModelCaller): EmbeddingsPort | undefined
  speech(caller: ModelCaller): SpeechPort | undefined
  perception(caller: ModelCaller): Perception
  /** What a task may cost at the tier's first model; 0 where rules answer. */
  estimate(tier: Tier, size: TaskSize): { micros: Micros; model: string; isPriceKnown: boolean }
}

const DEFAULT_TIERS: Readonly<Record<Tier, readonly string[]>> = {
  fast: ['anthropic:claude-haiku-4-5', 'openai:gpt-5.4-mini', 'google:gemini-2.5-flash', 'playbook'],
  smart: ['anthropic:claude-sonnet-5', 'openai:gpt-5.4', 'google:gemini-2.5-pro', 'playbook'],
  creative: ['anthropic:claude-sonnet-5', 'openai:gpt-5.4', 'google:gemini-2.5-pro', 'playbook'],
}

const EMBEDDING_MODELS: Partial<Record<ProviderName, string>> = {
  openai: 'text-embedding-3-small',
  google: 'gemini-embedding-001',
}

const SPEECH_MODELS: Partial<Record<ProviderName, string>> = {
  openai: 'gpt-4o-mini-transcribe',
  google: 'gemini-2.5-flash',
}

/** Where each provider lives unless a base URL says otherwise; the egress guard must let these through. */
export const BASE_URLS: Readonly<Record<ProviderName, string>> = {
  openai: OPENAI_URL,
  anthropic: ANTHROPIC_URL,
  google: GOOGLE_URL,
}

/** A reasoning model may think for a minute before its first word. */
const DEADLINES: Deadlines = { firstByteMs: 90 * SECOND, idleMs: 60 * SECOND, totalMs: 5 * MINUTE }

const ADAPTERS: Record<ProviderName, (model: string, access: ProviderAccess) => Promise<Answer>> = {
  openai: async (...args) => (await import('./openai.ts')).openOpenai(...args),
  anthropic: async (...args) => (await import('./anthropic.ts')).openAnthropic(...args),
  google: async (...args) => (await import('./google.ts')).openGoogle(...args),
}

type LinkSpec = { provider: ProviderName; model: string } | { provider: 'playbook'; model: 'playbook' }

function parseSpec(text: string): LinkSpec {
  if (text === 'playbook') return { provider: 'playbook', model: 'playbook' }
  const [name, model] = text.split(/:(.+)/)
  const provider = PROVIDERS.find((each) => each === name)
  if (provider && model) return { provider, model }
  const known = PROVIDERS.map((each) => `${each}:<model>`).join(', ')
  throw new StakazoError('config-invalid', `'${text}' is no model; write ${known} or playbook`)
}

function findAccess(config: ModelsConfig, provider: ProviderName): ProviderAccess | undefined {
  const { apiKey, baseUrl } = config.providers[provider] ?? {}
  if (!apiKey && !baseUrl) return undefined
  // SDKs refuse an empty key even where the server wants none.
  return { apiKey: apiKey || 'none', baseUrl: baseUrl ?? BASE_URLS[provider] }
}

/** Loads the SDK with the first question and keeps the client. */
function lazyLink(
  { provider, model }: Exclude<LinkSpec, { provider: 'playbook' }>,
  access: ProviderAccess,
): ModelLink {
  let answer: Promise<Answer> | undefined
  return {
    provider,
    model,
    async *answer(messages, call) {
      answer ??= ADAPTERS[provider](model, access)
      yield* (await answer)(messages, call)
    },
  }
}

interface Chain {
  specs: LinkSpec[]
  links: ModelLink[]
}

function openChains(config: ModelsConfig): Record<Tier, Chain> {
  const links = new Map<string, ModelLink>()
  const openChain = (tier: Tier): Chain => {
    const specs = (config.tiers?.[tier] ?? DEFAULT_TIERS[tier]).map(parseSpec)
    const there = specs.filter((spec) => spec.provider === 'playbook' || findAccess(config, spec.provider))
    for (const spec of there) {
      const access = spec.provider === 'playbook' ? undefined : findAccess(config, spec.provider)
      if (spec.provider === 'playbook' || !access || links.has(linkName(spec))) continue
      links.set(linkName(spec), lazyLink(spec, access))
    }
    return { specs: there, links: there.flatMap((spec) => links.get(linkName(spec)) ?? []) }
  }
  return { fast: openChain('fast'), smart: openChain('smart'), creative: openChain('creative') }
}

const hasRules = ({ specs }: Chain): boolean => specs.some(({ provider }) => provider === 'playbook')

/** The tier's chain in its order, the caller's rules where the chain says `playbook`. */
function linksFor({ specs, links }: Chain, playbook: AnyPlaybook | undefined): ModelLink[] {
  const rules: ModelLink[] = playbook
    ? [{ provider: 'playbook', model: 'playbook', answer: openPlaybook(playbook) }]
    : []
  return specs.flatMap((spec) =>
    spec.provider === 'playbook' ? rules : links.filter((link) => linkName(link) === linkName(spec)),
  )
}

/** A side service from `provider:model`, from the first provider that can, or none. */
function sideSpec(
  config: ModelsConfig,
  asked: string | undefined,
  models: Partial<Record<ProviderName, string>>,
): { provider: ProviderName; model: string; access: ProviderAccess } | undefined {
  if (asked === 'none') return undefined
  const specs = asked
    ? [parseSpec(asked)]
    : PROVIDERS.map((provider) => ({ provider, model: models[provider] ?? '' }))
  for (const { provider, model } of specs) {
    const access = provider === 'playbook' || !model ? undefined : findAccess(config, provider)
    if (provider !== 'playbook' && access) return { provider, model, access }
  }
  return undefined
}

function openSides(config: ModelsConfig, { costs, prices }: Pick<ChainPorts, 'costs' | 'prices'>) {
  const vector = sideSpec(config, config.embeddings, EMBEDDING_MODELS)
  const sound = sideSpec(config, config.speech, SPEECH_MODELS)
  const embeddings =
    vector && canEmbed(vector.provider) && openEmbeddings(vector.provider, vector.model, vector.access)
  const speech = sound && canHear(sound.provider) && openSpeech(sound.provider, sound.model, sound.access)
  return {
    embeddings: (caller: ModelCaller) =>
      embeddings ? meterEmbeddings(embeddings, caller, costs, prices) : undefined,
    speech: (caller: ModelCaller) => (speech ? meterSpeech(speech, caller, costs) : undefined),
  }
}

function openPorts(
  config: ModelsConfig,
  { costs, clock = systemClock, random = systemRandom }: ModelsPorts,
): ChainPorts {
  return {
    costs,
    clock,
    random,
    breaker: openCircuitBreaker(clock),
    prices: openPriceBook(config.prices),
    deadlines: { ...DEADLINES, ...config.deadlines },
    waitMaxMs: config.waitMaxMs ?? 8 * SECOND,
  }
}

/** Reads no environment, opens no connection. Throws `config-invalid` for a chain it cannot read. */
export function openModels(config: ModelsConfig, ports: ModelsPorts): OpenedModels {
  const chains = openChains(config)
  const chainPorts = openPorts(config, ports)
  const sides = openSides(config, chainPorts)
  const replay = ports.tape?.mode === 'replay' ? openReplay(ports.tape.traffic) : undefined

  function routerFor(tier: Tier, caller: ModelCaller, playbook: AnyPlaybook | undefined): Router {
    if (replay) return replay(caller)
    const links = linksFor(chains[tier], playbook)
    const cheaper =
      tier === 'fast' ? [] : linksFor(chains.fast, hasRules(chains[tier]) ? playbook : undefined)
    const route: Router = ({ messages, tools, toolChoice, signal }) =>
      walkChain({ tier, caller, links, cheaper, messages, call: { tools, toolChoice }, signal }, chainPorts)
    return ports.tape ? recordTraffic(route, ports.tape.traffic, tier, caller) : route
  }

  const chat: OpenedModels['chat'] = (tier, caller, playbook) =>
    new RoutedChatModel(tier, caller, routerFor(tier, caller, playbook))
  const hasModel = (tier: Tier) => chains[tier].links.length > 0

  return {
    chat,
    hasModel,
    ...sides,
    perception: (caller) =>
      openPerception({
        eyes: hasModel('fast') ? chat('fast', caller) : undefined,
        ears: sides.speech(caller),
      }),
    describe: () => TIERS.map((tier) => ({ tier, chain: chains[tier].specs.map(linkName) })),
    estimate(tier, size) {
      const [first] = chains[tier].specs
      const model = first ? linkName(first) : 'playbook'
      const { price, isKnown } = chainPorts.prices(model)
      return { micros: estimateTask(size, price), model, isPriceKnown: isKnown }
    },
  }
}
