import { type Clock, systemClock, toInstant } from '../../runtime/core/clock.ts'

/** Starts now, because Redis ends entries by real time as well, and moves when it is told. */
export function passingClock(): Clock & { pass(ms: number): void } {
  let nowMs = systemClock.nowMs()
  return {
    ...systemClock,
    nowMs: () => nowMs,
    now: () => toInstant(nowMs),
    pass: (ms) => {
      nowMs += ms
    },
  }
}
