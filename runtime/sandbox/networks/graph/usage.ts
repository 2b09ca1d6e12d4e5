/** Calls of the last hour, shown in Meta's usage headers and refused beyond the limit; a throttled call counts too. */
import { HOUR, MINUTE } from '../../../core/clock.ts'
import type { Account } from '../../accounts.ts'
import type { World } from '../../world.ts'
import { GRAPH_PROBLEMS, type GraphProblem, GraphRefusal } from './refusal.ts'

export interface UsageType {
  /** As in `X-Business-Use-Case-Usage`. */
  type: 'instagram' | 'pages' | 'ads_management' | 'ads_insights'
  /** The code of this use case's own limit, such as 80002. */
  problem: GraphProblem
}

export interface Usage {
  /** Counts the call and throws the throttle when the account or the app is over. */
  count(account: Account): void
  headers(account: Account): Record<string, string>
  /** As when the account is over its limit for another `waitMs`. */
  throttledHeaders(account: Account, waitMs: number): Record<string, string>
}

interface Window {
  startMs: number
  calls: number
}

/** Fixed windows of one business hour, in memory: a restart forgives, as a platform's own counters do at times. */
export function openUsage(world: World, { type, problem }: UsageType): Usage {
  const windows = new Map<string, Window>()
  const windowOf = (key: string): Window => {
    const now = world.clock.nowMs()
    const known = windows.get(key)
    if (known && now >= known.startMs && now - known.startMs < HOUR) return known
    const fresh = { startMs: now, calls: 0 }
    windows.set(key, fresh)
    return fresh
  }
  const useCase = (account: Account, share: number, waitMs: number) => {
    const minutes = Math.ceil(waitMs / MINUTE)
    return JSON.stringify({
      [account.id]: [{ type, ...loads(share), estimated_time_to_regain_access: minutes }],
    })
  }
  const headers = (account: Account) => {
    const own = windowOf(account.id)
    const share = percent(own.calls, account.settings.callsPerHour)
    const waitMs = share >= 100 ? own.startMs + HOUR - world.clock.nowMs() : 0
    const appShare = percent(windowOf('app').calls, world.settings.read().appCallsPerHour)
    return {
      'x-app-usage': JSON.stringify(loads(appShare)),
      'x-business-use-case-usage': useCase(account, share, waitMs),
    }
  }
  return {
    headers,
    throttledHeaders: (account, waitMs) => ({
      ...headers(account),
      'x-business-use-case-usage': useCase(account, 100, waitMs),
    }),
    count(account) {
      const [own, app] = [windowOf(account.id), windowOf('app')]
      own.calls += 1
      app.calls += 1
      if (app.calls > world.settings.read().appCallsPerHour) {
        throw new GraphRefusal(GRAPH_PROBLEMS.appLimit, undefined, headers(account))
      }
      if (own.calls > account.settings.callsPerHour)
        throw new GraphRefusal(problem, undefined, headers(account))
    },
  }
}

const percent = (calls: number, limit: number) => Math.min(999, Math.floor((100 * calls) / limit))

/** Processor and wall time run along with the calls. */
const loads = (share: number) => ({
  call_count: share,
  total_cputime: Math.floor(share / 3),
  total_time: Math.floor(share / 2),
})
