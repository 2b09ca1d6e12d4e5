import { expect, test } from 'vitest'
import { HOUR } from '../../../runtime/core/clock.ts'
import { seededRandom } from '../../../runtime/core/random.ts'
import { chooseBestHours, PRIOR } from '../../../tools/insight/best-hours.ts'
import type { Sample } from '../../../tools/insight/increments.ts'
import { localTimeIn } from '../../../tools/insight/local-time.ts'

const START_MS = Date.parse('2026-06-01T00:00:00Z')

/** Activity by the hour with peaks at the given hours of UTC. */
function activity(days: number, peaks: readonly number[], viral: Record<number, number> = {}): Sample[] {
  const random = seededRandom(3)
  return Array.from({ length: days * 24 }, (_, index) => {
    const hour = index % 24
    const base = peaks.includes(hour) ? 100 : 20
    return {
      // an increment is read at the end of its hour
      atMs: START_MS + (index + 1) * HOUR,
      value: (viral[index] ?? base) * (0.8 + 0.4 * random.next()),
    }
  })
}

test('finds the planted hours in the zone of the brand', () => {
  const { slots, basis, n } = chooseBestHours(activity(28, [4, 10, 15]), 'Europe/Madrid', 3)
  expect(slots.map((slot) => slot.hour).sort((a, b) => a - b)).toEqual([6, 12, 17])
  expect([basis, n]).toEqual(['own-history', 28])
})

test('one viral night does not move the schedule', () => {
  const viral = Object.fromEntries([0, 1, 2].map((hour) => [10 * 24 + hour, 50_000]))
  const { slots } = chooseBestHours(activity(28, [10, 15], viral), 'UTC', 2)
  expect(slots.map((slot) => slot.hour).sort((a, b) => a - b)).toEqual([10, 15])
})

test('falls back to the prior without history and says so', () => {
  const { slots, basis, n } = chooseBestHours([], 'UTC', 3)
  expect([basis, n]).toEqual(['prior', 0])
  expect(slots[0]?.hour).toBe(PRIOR.indexOf(Math.max(...PRIOR)))
  expect(PRIOR.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
})

test('three days move the prior a little and are still called prior', () => {
  const { basis, slots } = chooseBestHours(activity(3, [3]), 'UTC', 8)
  expect(basis).toBe('prior')
  const atThree = slots.find((slot) => slot.hour === 3)
  expect(atThree?.score).toBeGreaterThan(PRIOR[3] ?? 1)
})

test('chosen hours lie apart', () => {
  const { slots } = chooseBestHours(activity(28, [10, 11, 12, 13]), 'UTC', 3)
  const hours = slots.map((slot) => slot.hour).sort((a, b) => a - b)
  for (const [index, hour] of hours.entries()) {
    if (index > 0) expect(hour - (hours[index - 1] ?? 0)).toBeGreaterThanOrEqual(2)
  }
})

test('local time follows summer time', () => {
  const madrid = localTimeIn('Europe/Madrid')
  expect(madrid(Date.parse('2026-01-04T23:30:00Z'))).toEqual({ day: '2026-01-05', weekday: 1, hour: 0 })
  expect(madrid(Date.parse('2026-07-05T22:30:00Z'))).toEqual({ day: '2026-07-06', weekday: 1, hour: 0 })
})
