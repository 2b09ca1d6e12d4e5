import { expect, test } from 'vitest'
import { DAY, MINUTE } from '../../../runtime/core/clock.ts'
import { ERRORS, type ErrorCode, StakazoError } from '../../../runtime/core/errors.ts'
import { SANDBOX_TIMINGS, TIMINGS } from '../../../runtime/effects/effect-ports.ts'
import { isRefusal, planFailure } from '../../../runtime/effects/failures.ts'

const plan = (code: ErrorCode, attempts = 1, details: Record<string, unknown> = {}, freesInMs?: number) =>
  planFailure(new StakazoError(code, 'it failed', { details }), { attempts, roll: 0.5, freesInMs }, TIMINGS)

test.each<[ErrorCode, object]>([
  ['platform-transient', { kind: 'retry', delayMs: 5_000, isCounted: true }],
  ['platform-unreachable', { kind: 'retry', isCounted: true }],
  ['platform-throttled', { kind: 'retry', delayMs: MINUTE, isCounted: false }],
  ['platform-daily-cap', { kind: 'reschedule', delayMs: DAY }],
  ['auth-expired', { kind: 'hold', account: 'reconnect' }],
  ['platform-permission', { kind: 'hold', account: 'reconnect' }],
  ['blocked-by-platform', { kind: 'hold', account: 'paused' }],
  ['platform-duplicate', { kind: 'look' }],
  ['stale-lease', { kind: 'yield' }],
  ['cancelled', { kind: 'retry', delayMs: 0, isCounted: false }],
  ['platform-content', { kind: 'fail', severity: 'warning' }],
  ['bug', { kind: 'fail', severity: 'critical' }],
])('%s leads to its plan', (code, expected) => {
  expect(plan(code)).toMatchObject(expected)
})

test('passing failures wait longer each time and end after the last attempt', () => {
  const delays = [1, 2, 3, 7]
    .map((attempts) => plan('platform-transient', attempts))
    .map((one) => ('delayMs' in one ? one.delayMs : 0))
  expect(delays).toEqual([5_000, 10_000, 20_000, 320_000])
  expect(plan('platform-transient', TIMINGS.attempts)).toEqual({ kind: 'fail', severity: 'warning' })
})

test('the platform’s own word on how long to wait wins', () => {
  expect(plan('platform-throttled', 1, { retryAfterMs: 7 * MINUTE })).toMatchObject({ delayMs: 7 * MINUTE })
  expect(plan('platform-daily-cap', 1, {}, 3 * MINUTE)).toMatchObject({ delayMs: 3 * MINUTE })
})

test('every code of the table has a plan', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) expect(plan(code).kind).toBeTruthy()
})

test('a lost, unreadable or internal answer proves nothing', () => {
  const proving = (Object.keys(ERRORS) as ErrorCode[]).filter((code) =>
    isRefusal(new StakazoError(code, 'x')),
  )
  for (const code of [
    'outcome-unknown',
    'platform-surprise',
    'bug',
    'cancelled',
    'platform-duplicate',
  ] as const) {
    expect(proving).not.toContain(code)
  }
})

test('the platform is believed only after a request on its way must have ended', () => {
  expect(TIMINGS.settleMs).toBeGreaterThan(MINUTE)
  expect(SANDBOX_TIMINGS.unknownMs).toBe(DAY)
})
