/**
 * Time, as a parameter.
 *
 * Business time (`now`, `nowMs`) decides what is due, late or expired; a test or the demo may wind it, so that
 * four weeks pass in two minutes. Elapsed time (`elapsedMs`) is monotonic and never wound: leases and timeouts use it.
 */
import { setTimeout as delay } from 'node:timers/promises'

/** An ISO 8601 instant in UTC with milliseconds, such as `2026-11-20T12:00:00.000Z`. Sorts as text. */
export type Instant = string & { readonly __brand: 'Instant' }

export interface Clock {
  now(): Instant
  nowMs(): number
  /** Monotonic milliseconds since an arbitrary start. */
  elapsedMs(): number
  /** Resolves after `ms` of real time; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const toInstant = (ms: number): Instant => new Date(ms).toISOString() as Instant

/** Milliseconds since 1970 of an instant; NaN never leaves: an unreadable text throws a RangeError. */
export function instantMs(instant: string): number {
  const ms = Date.parse(instant)
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${instant}`)
  return ms
}

/** True when the text reads as a date and time with a zone (`Z` or an offset). */
export const isInstant = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))

export const addMs = (instant: Instant, ms: number): Instant => toInstant(instantMs(instant) + ms)

export const systemClock: Clock = {
  now: () => toInstant(Date.now()),
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
}

/** A clock that runs at `rate` times real speed from an anchor; daemon and sandbox share one by sharing its figures. */
export interface ClockSetting {
  /** Real milliseconds at which the setting began. */
  anchorRealMs: number
  /** Business milliseconds at that moment. */
  anchorBusinessMs: number
  rate: number
}

export function windableClock(
  initial?: ClockSetting,
): Clock & { set(setting: ClockSetting): void; setting(): ClockSetting } {
  let setting = initial ?? { anchorRealMs: 0, anchorBusinessMs: 0, rate: 1 }
  const nowMs = () => setting.anchorBusinessMs + (Date.now() - setting.anchorRealMs) * setting.rate
  return {
    ...systemClock,
    nowMs,
    now: () => toInstant(nowMs()),
    set: (next) => {
      setting = next
    },
    setting: () => setting,
  }
}
