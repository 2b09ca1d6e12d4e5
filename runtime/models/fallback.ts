/** What the router does about each kind of failure. Kinds come from the error table; waiting from the provider or chance. */
import { SECOND } from '../core/clock.ts'
import type { ErrorCode, StakazoError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import { retryAfterMsOf } from './model-errors.ts'

/** How often the same model is asked again before the next link is; 0 where the same request must fail again. */
const RETRIES: Partial<Record<ErrorCode, number>> = {
  'model-rate-limited': 2,
  'model-overloaded': 2,
  'model-unavailable': 2,
  'model-timeout': 1,
  'model-malformed': 1,
  'model-auth': 0,
  'model-refused': 0,
  'model-context-too-long': 0,
  'model-bad-request': 0,
}

const BASE_WAIT_MS = 0.5 * SECOND
const WAIT_MAX_MS = 8 * SECOND

export type Reaction =
  | { readonly do: 'retry'; readonly waitMs: number }
  | { readonly do: 'next' }
  | { readonly do: 'throw' }

/** Full jitter: any moment up to twice as long as before, so that many workers do not come back together. */
const jittered = (attempt: number, random: Random): number =>
  Math.round(random.next() * Math.min(WAIT_MAX_MS, BASE_WAIT_MS * 2 ** attempt))

/**
 * Pure. `attempt` counts from 0. A wait longer than `waitMaxMs` is not waited: the next link answers sooner.
 * Whatever is no failure of a model (our bug, a refused egress, a cancellation) is thrown.
 */
export function decideReaction(
  error: StakazoError,
  attempt: number,
  random: Random,
  waitMaxMs = WAIT_MAX_MS,
): Reaction {
  const retries = RETRIES[error.code]
  if (retries === undefined) return { do: 'throw' }
  if (attempt >= retries) return { do: 'next' }
  const asked = retryAfterMsOf(error)
  if (asked !== undefined && asked > waitMaxMs) return { do: 'next' }
  if (error.code === 'model-malformed') return { do: 'retry', waitMs: 0 }
  return { do: 'retry', waitMs: Math.min(waitMaxMs, (asked ?? 0) + jittered(attempt, random)) }
}
