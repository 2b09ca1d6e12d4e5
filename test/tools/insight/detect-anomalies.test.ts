import { expect, test } from 'vitest'
import { DAY, HOUR } from '../../../runtime/core/clock.ts'
import { seededRandom } from '../../../runtime/core/random.ts'
import { detectAnomalies } from '../../../tools/insight/detect-anomalies.ts'
import { isRunningTotal, type Sample, toIncrements } from '../../../tools/insight/increments.ts'

const START_MS = Date.parse('2026-10-01T00:00:00Z')
const hourOf = (atMs: number) => new Date(atMs).getUTCHours()

/** Four weeks by the hour: a day's wave, noise, and what is planted. */
function series(planted: Record<number, (usual: number) => number> = {}, seed = 1): Sample[] {
  const random = seededRandom(seed)
  return Array.from({ length: 28 * 24 }, (_, index) => {
    const wave = 100 + 60 * Math.sin(((index % 24) / 24) * 2 * Math.PI)
    const usual = wave * (0.9 + 0.2 * random.next())
    return { atMs: START_MS + index * HOUR, value: planted[index]?.(usual) ?? usual }
  })
}
const found = (samples: readonly Sample[]) =>
  detectAnomalies(samples, { hourOf }).map(({ atMs, direction }) => [(atMs - START_MS) / HOUR, direction])

test('finds a planted spike and a planted fall, and nothing else', () => {
  expect(found(series({ 400: (usual) => usual * 4, 520: (usual) => usual * 0.02 }))).toEqual([
    [400, 'up'],
    [520, 'down'],
  ])
})

test('raises fewer than one false alarm a month over ten quiet series', () => {
  const alarms = Array.from({ length: 10 }, (_, seed) => found(series({}, seed + 10)).length)
  expect(alarms.reduce((sum, count) => sum + count, 0)).toBeLessThan(10)
})

test('sees a night as loud as a noon, which no mean over the day would', () => {
  // hour 18 of the wave is its lowest, hour 6 its highest
  const quietHour = 16 * 24 + 18
  expect(found(series({ [quietHour]: () => 150 }))).toEqual([[quietHour, 'up']])
})

test('tells an incident of several hours once', () => {
  const incident = Object.fromEntries(
    [0, 1, 2, 3, 4].map((hour) => [500 + hour, (usual: number) => usual * 5]),
  )
  expect(found(series(incident)).length).toBe(1)
})

test('one threshold serves series of any size', () => {
  const scaled = (factor: number) =>
    series({ 450: (usual) => usual * 4 }).map(({ atMs, value }) => ({ atMs, value: value * factor }))
  expect(found(scaled(1e-3))).toEqual(found(scaled(1e6)))
})

test('says nothing before there is something to compare with', () => {
  expect(detectAnomalies(series({ 5: () => 1e6 }).slice(0, 10), { hourOf })).toEqual([])
  expect(detectAnomalies([], { hourOf })).toEqual([])
})

test('reports value, what was expected and a score past the threshold', () => {
  const [spike] = detectAnomalies(series({ 400: () => 900 }), { hourOf, quietMs: DAY })
  expect(spike).toMatchObject({ value: 900, direction: 'up' })
  expect(spike?.score).toBeGreaterThan(1)
  expect(spike?.expected).toBeGreaterThan(30)
  expect(spike?.expected).toBeLessThan(170)
})

test('running totals are judged by what came in', () => {
  const totals = [10, 12, 12, 15, 14, 20].map((value, index) => ({ atMs: index, value }))
  expect(isRunningTotal(totals.slice(0, 4))).toBe(true)
  expect(isRunningTotal([5, 9, 3, 7, 2].map((value, atMs) => ({ atMs, value })))).toBe(false)
  expect(toIncrements(totals).map(({ value }) => value)).toEqual([2, 0, 3, 0, 6])
})
