/** Figures with what they rest on; every insight names its numbers. */
import { z } from 'zod'

export const Figure = z.object({
  metric: z.string(),
  n: z.int(),
  last: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  changePercent: z.number().nullable(),
  previousLast: z.number().optional(),
})
export type Figure = z.infer<typeof Figure>

export const AnalyticsReport = z.object({
  language: z.string(),
  zone: z.string(),
  period: z.object({ from: z.string(), to: z.string() }).nullable(),
  figures: z.array(Figure),
  publications: z.array(z.object({ publicationId: z.uuid(), metrics: z.record(z.string(), z.number()) })),
  anomalies: z.array(
    z.object({
      metric: z.string(),
      at: z.string(),
      value: z.number(),
      expected: z.number(),
      direction: z.enum(['up', 'down']),
    }),
  ),
  /** Readings looked at for anomalies; absent when nobody asked. */
  checked: z.int().optional(),
  bestTimes: z
    .object({
      basis: z.enum(['own-history', 'prior']),
      n: z.int(),
      slots: z.array(z.object({ hour: z.int(), score: z.number() })),
    })
    .optional(),
  /** The next best hour as an instant, for whoever schedules. */
  nextBestAt: z.string().optional(),
  /** Counted; the words themselves are other people's and are only quoted. */
  comments: z
    .object({
      n: z.int(),
      questions: z.int(),
      quotes: z.array(z.object({ author: z.string(), text: z.string() })),
    })
    .optional(),
  insights: z.array(z.object({ text: z.string(), n: z.int() })),
  document: z.object({ vaultItemId: z.uuid(), format: z.enum(['markdown', 'html']) }).optional(),
  notes: z.array(z.string()),
  failures: z.array(z.object({ what: z.string(), code: z.string(), message: z.string() })),
})
export type AnalyticsReport = z.infer<typeof AnalyticsReport>
