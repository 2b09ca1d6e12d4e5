/** Windows per key (and per address for strangers), told in the IETF draft's headers on every answer. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../config/config.ts'
import { StakazoError } from '../core/errors.ts'

export interface RateLimits {
  /** Counts one request; throws `rate-limited` when the window is full. Writes the headers either way. */
  take(kind: LimitKind, subject: string, headers: Headers): Promise<void>
}

export type LimitKind = 'stranger' | 'requests' | 'tasks' | 'uploads'

const HOUR_SECONDS = 3_600
/** Requests without a valid key from one address an hour. */
const STRANGER_REQUESTS = 100

/** Counted in this process: behind several API processes each has its own windows. */
export function openRateLimits(limits: Config['limits']): RateLimits {
  const windows: Record<LimitKind, RateLimiterMemory> = {
    stranger: new RateLimiterMemory({ points: STRANGER_REQUESTS, duration: HOUR_SECONDS }),
    requests: new RateLimiterMemory({ points: limits.requestsPerHour, duration: HOUR_SECONDS }),
    tasks: new RateLimiterMemory({ points: limits.tasksPerMinute, duration: 60 }),
    uploads: new RateLimiterMemory({ points: limits.uploadsPerMinute, duration: 60 }),
  }
  return {
    async take(kind, subject, headers) {
      const window = windows[kind]
      const state = await window.consume(subject).catch((refused: unknown) => {
        if (refused instanceof RateLimiterRes) return refused
        throw refused
      })
      const resetSeconds = Math.ceil(state.msBeforeNext / 1_000)
      headers.set('ratelimit-limit', String(window.points))
      headers.set('ratelimit-remaining', String(Math.max(0, state.remainingPoints)))
      headers.set('ratelimit-reset', String(resetSeconds))
      headers.set('ratelimit-policy', `${window.points};w=${window.duration}`)
      if (state.consumedPoints <= window.points) return
      headers.set('retry-after', String(resetSeconds))
      const message = `more than ${window.points} ${kind === 'stranger' ? 'requests without a valid key' : kind} in ${window.duration} s`
      throw new StakazoError('rate-limited', message, { details: { retryAfterSeconds: resetSeconds } })
    },
  }
}
