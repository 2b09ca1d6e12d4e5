/**
 * One breaker a provider: after repeated failures nobody is sent there until a pause is over, then one call tries.
 * Time is the clock port's monotonic one, so wound business time neither opens nor closes anything.
 */
import { type Clock, MINUTE, SECOND } from '../core/clock.ts'
import { ERRORS, type ErrorCode, type StakazoError } from '../core/errors.ts'
import { retryAfterMsOf } from './model-errors.ts'

/** Failures in a row before the circuit opens, and how long it stays so. */
const FAILURES_MAX = 5
const PAUSE_MS = 30 * SECOND
/** A wrong key does not mend itself; asking every five minutes notices a new one. */
const AUTH_PAUSE_MS = 5 * MINUTE

/** What says something about the provider rather than about this one request. */
const COUNTED: readonly ErrorCode[] = [
  'model-rate-limited',
  'model-overloaded',
  'model-timeout',
  'model-unavailable',
]

interface Circuit {
  failures: number
  openUntilMs: number
  reason: ErrorCode
  isProbing: boolean
}

export interface CircuitBreaker {
  /** Why this provider may not be asked now; undefined when it may (and then the caller must report back). */
  findObstacle(provider: string): ErrorCode | undefined
  succeeded(provider: string): void
  failed(provider: string, error: StakazoError): void
  /** The call ended without telling anything about the provider (an abort). */
  abandoned(provider: string): void
}

const pauseOf = (error: StakazoError): number =>
  ERRORS[error.code].retry === 'after-human' ? AUTH_PAUSE_MS : Math.max(PAUSE_MS, retryAfterMsOf(error) ?? 0)

export function openCircuitBreaker(clock: Clock): CircuitBreaker {
  const circuits = new Map<string, Circuit>()

  function fail(provider: string, error: StakazoError): void {
    const circuit = circuits.get(provider) ?? {
      failures: 0,
      openUntilMs: 0,
      reason: error.code,
      isProbing: false,
    }
    // A wrong key and a named long pause are answers in themselves; five of them would only cost time.
    const isFatal = error.code === 'model-auth' || (retryAfterMsOf(error) ?? 0) >= PAUSE_MS
    if (!isFatal && !COUNTED.includes(error.code)) {
      circuit.isProbing = false
      return
    }
    circuit.failures += 1
    circuit.reason = error.code
    if (isFatal || circuit.isProbing || circuit.failures >= FAILURES_MAX)
      circuit.openUntilMs = clock.elapsedMs() + pauseOf(error)
    circuit.isProbing = false
    circuits.set(provider, circuit)
  }

  return {
    findObstacle(provider) {
      const circuit = circuits.get(provider)
      if (!circuit || circuit.openUntilMs === 0) return undefined
      if (circuit.isProbing || clock.elapsedMs() < circuit.openUntilMs) return circuit.reason
      circuit.isProbing = true
      return undefined
    },
    succeeded: (provider) => void circuits.delete(provider),
    failed: fail,
    abandoned(provider) {
      const circuit = circuits.get(provider)
      if (circuit) circuit.isProbing = false
    },
  }
}
