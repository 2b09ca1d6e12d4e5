import { instantMs } from '../../runtime/core/clock.ts'
import type { MetricPoint } from '../../runtime/core/entities.ts'

export interface Sample {
  readonly atMs: number
  readonly value: number
}

export interface Series {
  readonly metric: string
  readonly accountId: string | null
  readonly publicationId: string | null
  /** Oldest first. */
  readonly samples: readonly Sample[]
}

/** One series for each measured thing: a metric of a publication or of an account. */
export function toSeries(points: readonly MetricPoint[]): Series[] {
  const groups = new Map<string, Series & { samples: Sample[] }>()
  for (const { metric, accountId, publicationId, at, value } of points) {
    const key = `${metric} ${publicationId ?? accountId}`
    const group = groups.get(key) ?? { metric, accountId, publicationId, samples: [] }
    group.samples.push({ atMs: instantMs(at), value })
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** Platforms tell running totals, which never fall but for a correction now and then. */
export function isRunningTotal(samples: readonly Sample[]): boolean {
  if (samples.length < 3) return false
  const falls = samples.filter(({ value }, index) => value < (samples[index - 1]?.value ?? value)).length
  return falls <= samples.length * 0.02
}

/** What came in between two readings, at the later one; a correction downwards counts as nothing. */
export const toIncrements = (samples: readonly Sample[]): Sample[] =>
  samples.slice(1).map(({ atMs, value }, index) => ({
    atMs,
    value: Math.max(0, value - (samples[index]?.value ?? value)),
  }))
