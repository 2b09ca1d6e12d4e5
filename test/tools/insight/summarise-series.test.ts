import { expect, test } from 'vitest'
import { combine, summarise } from '../../../tools/insight/summarise-series.ts'

const samples = (...values: number[]) => values.map((value, atMs) => ({ atMs, value }))

test('gives first, last, sum, mean, extremes and change', () => {
  expect(summarise(samples(10, 40, 5, 15))).toEqual({
    ...{ n: 4, first: 10, last: 15, sum: 70, mean: 17.5, min: 5, max: 40, changePercent: 50 },
  })
})

test('has no percentage from zero and no summary of nothing', () => {
  expect(summarise(samples(0, 5))?.changePercent).toBeNull()
  expect(summarise([])).toBeUndefined()
})

test('adds up things measured at their own times by the newest value of each', () => {
  const series = (...points: [number, number][]) => ({
    ...{ metric: 'views', accountId: null, publicationId: null },
    samples: points.map(([atMs, value]) => ({ atMs, value })),
  })
  expect(combine([series([0, 1], [20, 5]), series([10, 100], [20, 110])])).toEqual([
    { atMs: 0, value: 1 },
    { atMs: 10, value: 101 },
    { atMs: 20, value: 115 },
  ])
})
