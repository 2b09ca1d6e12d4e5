import type { Sample, Series } from './increments.ts'

export interface Summary {
  n: number
  first: number
  last: number
  sum: number
  mean: number
  min: number
  max: number
  /** From first to last; null when it began at zero. */
  changePercent: number | null
}

/** Pure: figures over samples, undefined over none. */
export function summarise(samples: readonly Sample[]): Summary | undefined {
  const values = samples.map((sample) => sample.value)
  const first = values[0]
  const last = values.at(-1)
  if (first === undefined || last === undefined) return undefined
  const sum = values.reduce((total, value) => total + value, 0)
  return {
    n: values.length,
    first: round(first),
    last: round(last),
    sum: round(sum),
    mean: round(sum / values.length),
    min: round(values.reduce((least, value) => Math.min(least, value), first)),
    max: round(values.reduce((most, value) => Math.max(most, value), first)),
    changePercent: first === 0 ? null : round(((last - first) / Math.abs(first)) * 100),
  }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4

/** Pure: one series of the brand from many things measured at their own times: at each time the sum of the newest. */
export function combine(series: readonly Series[]): Sample[] {
  const readings = series
    .flatMap(({ samples }, source) => samples.map((sample) => ({ ...sample, source })))
    .toSorted((a, b) => a.atMs - b.atMs)
  const newest = new Map<number, number>()
  const combined: Sample[] = []
  let total = 0
  for (const { atMs, value, source } of readings) {
    total += value - (newest.get(source) ?? 0)
    newest.set(source, value)
    const previous = combined.at(-1)
    if (previous?.atMs === atMs) combined[combined.length - 1] = { atMs, value: total }
    else combined.push({ atMs, value: total })
  }
  return combined
}
