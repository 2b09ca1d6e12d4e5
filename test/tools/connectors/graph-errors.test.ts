import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../runtime/core/errors.ts'
import type { WireAnswer } from '../../../runtime/core/ports/wire.ts'
import { readGraphFailure } from '../../../tools/connectors/graph-errors.ts'

const answer = (status: number, error?: object, headers: Record<string, string> = {}): WireAnswer => ({
  status,
  headers,
  json: error && { error: { message: 'said SECRET', ...error } },
  text: '',
})
const read = (given: WireAnswer) => readGraphFailure(given, 'POST instagram', 'SECRET')

test.each<[code: number, subcode: number | undefined, ours: ErrorCode, isInternal: boolean]>([
  [1, undefined, 'platform-transient', true],
  [2, undefined, 'platform-transient', true],
  [-1, 2207001, 'platform-transient', true],
  [-2, 2207003, 'platform-transient', true],
  [-2, 2207020, 'platform-transient', false],
  [1, 2207057, 'platform-content', false],
  [9007, 2207027, 'platform-transient', false],
  [24, 2207006, 'not-found', false],
  [24, 2207008, 'platform-transient', false],
  [4, undefined, 'platform-throttled', false],
  [4, 2207051, 'blocked-by-platform', false],
  [9, 2207042, 'platform-daily-cap', false],
  [25, 2207050, 'blocked-by-platform', false],
  [17, undefined, 'platform-throttled', false],
  [32, undefined, 'platform-throttled', false],
  [613, undefined, 'platform-throttled', false],
  [80_002, 2446079, 'platform-throttled', false],
  [80_014, undefined, 'platform-throttled', false],
  [190, 463, 'auth-expired', false],
  [102, undefined, 'auth-expired', false],
  [10, undefined, 'platform-permission', false],
  [200, undefined, 'platform-permission', false],
  [299, undefined, 'platform-permission', false],
  [368, undefined, 'blocked-by-platform', false],
  [506, undefined, 'platform-duplicate', false],
  [100, undefined, 'platform-content', false],
  [100, 33, 'not-found', false],
  [352, 2207026, 'platform-content', false],
  [36_004, 2207010, 'platform-content', false],
  [777_777, undefined, 'platform-content', false],
])('code %i/%s is %s', (code, error_subcode, ours, isInternal) => {
  const failure = read(answer(400, { code, error_subcode }))
  expect(failure).toMatchObject({ error: { code: ours }, isInternal })
})

describe('an answer without a body we can read', () => {
  test.each<[number, ErrorCode]>([
    [500, 'platform-transient'],
    [502, 'platform-transient'],
    [429, 'platform-throttled'],
    [404, 'platform-surprise'],
  ])('%i is %s', (status, code) => {
    expect(read(answer(status))?.error.code).toBe(code)
  })
})

test('any refusal that comes as a 500 may have happened all the same', () => {
  expect(read(answer(500, { code: 100 }))?.isInternal).toBe(true)
})

test('the wait Meta asks for is read from its header', () => {
  const usage = JSON.stringify({ '1': [{ type: 'instagram', estimated_time_to_regain_access: 12 }] })
  const failure = read(answer(400, { code: 80_002 }, { 'x-business-use-case-usage': usage }))
  expect(failure?.error.details).toMatchObject({ retryAfterMs: 12 * 60_000 })
})

test('what the platform said is kept without the token', () => {
  const failure = read(answer(400, { code: 190 }))
  expect(failure?.error.details?.said).toBe('said [token]')
  expect(failure?.error.message).not.toContain('SECRET')
})

test('a good answer is no failure', () => {
  expect(read({ status: 200, headers: {}, json: { id: '1' }, text: '' })).toBeUndefined()
})
