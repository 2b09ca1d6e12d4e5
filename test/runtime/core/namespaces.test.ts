import { expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../runtime/core/clock.ts'
import { namespaceTtlMs } from '../../../runtime/core/namespaces.ts'

it.each([
  ['publishing/reels', 30 * MINUTE],
  ['campaign', 2 * HOUR],
  ['ml_jobs/transcribe', HOUR],
  ['upload_jobs', 10 * MINUTE],
  ['sessions', 24 * HOUR],
  ['conversation/42', HOUR],
  ['anything-else', 30 * MINUTE],
  ['constructor', 30 * MINUTE],
])('keeps what is in %s for %i ms', (name, ttlMs) => {
  expect(namespaceTtlMs(name)).toBe(ttlMs)
})
