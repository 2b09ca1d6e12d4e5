import { z } from 'zod'
import { instantMs, toInstant } from '../../runtime/core/clock.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { When } from '../publish/draft-post.ts'
import { toSeries } from './increments.ts'
import { combine, summarise } from './summarise-series.ts'

const Summary = z.object({
  n: z.int().describe('Readings.'),
  first: z.number(),
  last: z.number(),
  sum: z.number(),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  changePercent: z.number().nullable().describe('From first to last; null when it began at zero.'),
})

export const summariseMetrics = defineTool({
  name: 'summarise-metrics',
  does: 'Figures over stored measurements: per metric over all publications or the one asked for, with change over the period and the same figures for the period of equal length before it, and the newest value of each metric of each publication. Networks report running totals, so "last" is the total so far.',
  effect: { kind: 'read' },
  input: z.object({
    from: When.optional().describe('Inclusive.'),
    to: When.optional().describe('Exclusive.'),
    accountId: z.uuid().optional(),
    publicationId: z.uuid().optional(),
    metrics: z
      .array(z.string())
      .max(50)
      .optional()
      .describe('Names such as views, likes; all when left out.'),
  }),
  output: z.object({
    series: z.array(Summary.extend({ metric: z.string(), previous: Summary.optional() })),
    publications: z.array(z.object({ publicationId: z.uuid(), metrics: z.record(z.string(), z.number()) })),
  }),
  yields: 'clean',
  async run({ from, to, ...what }, { store, clock }) {
    const series = toSeries(await store.listMetrics({ ...what, from, to }))
    const earlier = from
      ? toSeries(await store.listMetrics({ ...what, ...periodBefore(from, to ?? clock.now()) }))
      : []
    const names = [...new Set(series.map((each) => each.metric))].sort()
    const of = (all: typeof series, metric: string) =>
      summarise(combine(all.filter((each) => each.metric === metric)))
    return {
      series: names.flatMap((metric) => {
        const summary = of(series, metric)
        const previous = of(earlier, metric)
        return summary ? [{ metric, ...summary, ...(previous ? { previous } : {}) }] : []
      }),
      publications: newestByPublication(series),
    }
  },
})

const periodBefore = (from: string, to: string) => ({
  from: toInstant(2 * instantMs(from) - instantMs(to)),
  to: from,
})

function newestByPublication(series: ReturnType<typeof toSeries>) {
  const publications = new Map<string, Record<string, number>>()
  for (const { publicationId, metric, samples } of series) {
    const newest = samples.at(-1)
    if (!publicationId || !newest) continue
    publications.set(publicationId, { ...publications.get(publicationId), [metric]: newest.value })
  }
  return [...publications].map(([publicationId, metrics]) => ({ publicationId, metrics }))
}
