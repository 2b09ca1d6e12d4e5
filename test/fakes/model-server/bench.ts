/** A chat model whose every provider is the fault server, with its money and its waiting in view. */
import type { Tier } from '../../../runtime/core/agent.ts'
import { type Clock, systemClock } from '../../../runtime/core/clock.ts'
import { seededRandom } from '../../../runtime/core/random.ts'
import { type ModelsConfig, type OpenedModels, openModels } from '../../../runtime/models/open-models.ts'
import type { AnyPlaybook } from '../../../runtime/models/playbook.ts'
import type { CostEstimate, CostPort, CostRow, TrafficPort } from '../../../runtime/models/ports.ts'
import type { RoutedChatModel } from '../../../runtime/models/routed-chat-model.ts'
import type { ModelServer } from './model-server.ts'

export interface TestBench {
  chat: RoutedChatModel
  models: OpenedModels
  rows: CostRow[]
  reserved: CostEstimate[]
  released: number
  /** Waits between retries; none of them takes real time. */
  slept: number[]
  /** Monotonic time of the bench's clock, wound by hand. */
  windMs(ms: number): void
}

export interface BenchOptions extends Partial<Omit<ModelsConfig, 'providers'>> {
  tier?: Tier
  playbook?: AnyPlaybook
  /** Answers a reservation; by default there is money for everything. */
  afford?: (estimate: CostEstimate) => boolean
  tape?: { mode: 'record' | 'replay'; traffic: TrafficPort }
}

/** Jitter is off: `next` is 0, so a wait is exactly what a provider asked for. */
const noJitter = { ...seededRandom(1), next: () => 0 }

export function chatAgainst(
  server: Pick<ModelServer, 'baseUrls'>,
  chain: string[],
  options: BenchOptions = {},
): TestBench {
  const { tier = 'smart', playbook, afford = () => true, tape, ...config } = options
  const bench = { rows: [] as CostRow[], reserved: [] as CostEstimate[], released: 0, slept: [] as number[] }
  let nowMs = 0
  const clock: Clock = {
    ...systemClock,
    elapsedMs: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      if (ms > 0) bench.slept.push(ms)
    },
  }
  const costs: CostPort = {
    async reserve(estimate) {
      bench.reserved.push(estimate)
      return afford(estimate)
        ? { granted: true, reservation: { id: String(bench.reserved.length) } }
        : { granted: false, reason: 'the cap is reached' }
    },
    async settle(_reservation, row) {
      bench.rows.push(row)
    },
    async release() {
      bench.released += 1
    },
  }
  const { baseUrls } = server
  const models = openModels(
    {
      providers: {
        openai: { apiKey: 'sk-test', baseUrl: baseUrls.openai },
        anthropic: { apiKey: 'sk-test', baseUrl: baseUrls.anthropic },
        google: { apiKey: 'test', baseUrl: baseUrls.google },
      },
      ...config,
      tiers: { [tier]: chain, ...config.tiers },
    },
    { costs, clock, random: noJitter, ...(tape ? { tape } : {}) },
  )
  const caller = {
    tenantId: 'tenant',
    brandId: 'brand',
    taskId: 'task',
    stepId: 'step',
    agent: 'content-creator',
  }
  const chat = models.chat(tier, caller, playbook) as RoutedChatModel
  const windMs = (ms: number) => {
    nowMs += ms
  }
  return Object.assign(bench, { chat, models, windMs })
}
