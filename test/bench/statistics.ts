/** Nearest rank; `share` 0.5 is the median, 0.95 what one in twenty exceeds. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** Least squares over equal steps: how much a value grows from one to the next. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let rise = 0
  let run = 0
  values.forEach((value, place) => {
    rise += (place - middle) * (value - mean)
    run += (place - middle) ** 2
  })
  return run === 0 ? 0 : rise / run
}
