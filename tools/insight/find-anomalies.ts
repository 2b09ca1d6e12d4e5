import { z } from 'zod'
import { addMs, DAY, HOUR, toInstant } from '../../runtime/core/clock.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { When } from '../publish/draft-post.ts'
import { detectAnomalies } from './detect-anomalies.ts'
import { isRunningTotal, type Sample, type Series, toIncrements, toSeries } from './increments.ts'
import { localTimeIn } from './local-time.ts'

/** What is looked at to know what is usual, before the period asked for. */
const HISTORY_MS = 28 * DAY
const ANOMALIES_MAX = 50

const AnomalyLine = z.object({
  metric: z.string(),
  accountId: z.uuid().nullable(),
  publicationId: z.uuid().nullable(),
  at: z.string(),
  of: z.enum(['level', 'increase']).describe('increase: of a running total since the reading before.'),
  value: z.number(),
  expected: z.number(),
  score: z.number().describe('1 is the threshold of this series.'),
  direction: z.enum(['up', 'down']),
})

export const findAnomalies = defineTool({
  name: 'find-anomalies',
  does: 'Sudden rises and falls in stored measurements, each judged against what the same series usually does at that hour of the day; an incident is told once. Strongest first; empty when all is as usual.',
  effect: { kind: 'read' },
  input: z.object({
    metric: z.string().max(100).optional().describe('Such as views; all when left out.'),
    accountId: z.uuid().optional(),
    from: When.optional().describe('Only anomalies from here on; the last 14 days when left out.'),
    to: When.optional(),
  }),
  output: z.object({ anomalies: z.array(AnomalyLine), checked: z.int().describe('Readings looked at.') }),
  yields: 'clean',
  async run({ metric, accountId, from, to }, { store, clock }) {
    const since = from ?? addMs(clock.now(), -14 * DAY)
    const { zone } = await store.getBrand()
    const points = await store.listMetrics({
      from: addMs(since, -HISTORY_MS),
      to,
      accountId,
      ...(metric ? { metrics: [metric] } : {}),
    })
    const local = localTimeIn(zone)
    const hourOf = (atMs: number) => local(atMs).hour
    const anomalies = toSeries(points)
      .flatMap((series) => judge(series, hourOf))
      .filter((each) => each.at >= since)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, ANOMALIES_MAX)
    return { anomalies, checked: points.length }
  },
})

/** A running total is judged by its rate an hour, so that a longer gap between readings is no rise. */
function judge(
  { metric, accountId, publicationId, samples }: Series,
  hourOf: (atMs: number) => number,
): z.infer<typeof AnomalyLine>[] {
  const isTotal = isRunningTotal(samples)
  const judged = isTotal ? toRates(samples) : samples.map((sample) => ({ ...sample, hours: 1 }))
  const hours = new Map(judged.map((sample) => [sample.atMs, sample.hours]))
  return detectAnomalies(judged, { hourOf }).map(({ atMs, value, expected, score, direction }) => ({
    ...{ metric, accountId, publicationId, at: toInstant(atMs), direction },
    of: isTotal ? 'increase' : 'level',
    value: round(value * (hours.get(atMs) ?? 1)),
    expected: round(expected * (hours.get(atMs) ?? 1)),
    score: round(score),
  }))
}

const toRates = (samples: readonly Sample[]) =>
  toIncrements(samples).flatMap(({ atMs, value }, index) => {
    const hours = (atMs - (samples[index]?.atMs ?? atMs)) / HOUR
    return hours > 0 ? [{ atMs, value: value / hours, hours }] : []
  })

const round = (value: number): number => Math.round(value * 1e3) / 1e3
