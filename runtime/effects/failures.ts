/** What to do when an act failed before its effect: read from the error table's code, never from the words. Pure. */
import { DAY, MINUTE } from '../core/clock.ts'
import type { ErrorCode, StakazoError } from '../core/errors.ts'
import type { EffectTimings } from './effect-ports.ts'

export type FailurePlan =
  /** Nothing was sent: again after a while. */
  | { kind: 'retry'; delayMs: number; isCounted: boolean }
  /** The day is full: behind the window, and a person is told. */
  | { kind: 'reschedule'; delayMs: number }
  /** The account cannot act until a person mends it; its acts wait. */
  | { kind: 'hold'; account: 'reconnect' | 'paused' }
  /** The platform speaks of the effect as done: look. */
  | { kind: 'look' }
  /** Somebody else owns it now. */
  | { kind: 'yield' }
  | { kind: 'fail'; severity: 'warning' | 'critical' }

/** Failures that pass by themselves and count as an attempt. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'platform-transient',
  'platform-unreachable',
  'outcome-unknown',
  'storage-unavailable',
  'database-unavailable',
])

const THROTTLE_MS = MINUTE

export function planFailure(
  error: StakazoError,
  state: { attempts: number; freesInMs?: number | undefined; roll: number },
  timings: Pick<EffectTimings, 'retryMs' | 'attempts'>,
): FailurePlan {
  const { attempts, roll } = state
  const [firstMs, longestMs] = timings.retryMs
  const askedMs = typeof error.details?.retryAfterMs === 'number' ? error.details.retryAfterMs : undefined
  const backoff = (base: number) =>
    Math.min(longestMs, base * 2 ** Math.max(0, attempts - 1)) * (0.75 + roll / 2)
  if (PASSING.has(error.code)) {
    return attempts < timings.attempts
      ? { kind: 'retry', delayMs: backoff(firstMs), isCounted: true }
      : { kind: 'fail', severity: 'warning' }
  }
  switch (error.code) {
    case 'platform-throttled':
      // Asking again while throttled lengthens the block, so patience here has no longest.
      return {
        kind: 'retry',
        delayMs: askedMs ?? THROTTLE_MS * 2 ** Math.min(6, Math.max(0, attempts - 1)),
        isCounted: false,
      }
    case 'platform-daily-cap':
      return { kind: 'reschedule', delayMs: askedMs ?? state.freesInMs ?? DAY }
    case 'auth-expired':
    case 'platform-permission':
      return { kind: 'hold', account: 'reconnect' }
    case 'blocked-by-platform':
      return { kind: 'hold', account: 'paused' }
    case 'platform-duplicate':
      return { kind: 'look' }
    case 'stale-lease':
      return { kind: 'yield' }
    case 'cancelled':
      return { kind: 'retry', delayMs: 0, isCounted: false }
    default:
      return { kind: 'fail', severity: error.row.blame === 'bug' ? 'critical' : 'warning' }
  }
}

/** Answers that prove the platform did nothing; anything else on the one call leaves the outcome unknown. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'platform-throttled',
  'platform-daily-cap',
  'auth-expired',
  'platform-permission',
  'blocked-by-platform',
  'platform-content',
  'platform-transient',
  'platform-unreachable',
  'not-found',
  'egress-refused',
  'grant-missing',
])

export const isRefusal = ({ code }: StakazoError): boolean => REFUSALS.has(code)
