import { z } from 'zod'

export const AnalyticsBrief = z.object({
  language: z.string(),
  /** Business instant and zone, so that "next best hour" is an instant. */
  now: z.string(),
  zone: z.string(),
  wants: z.array(z.enum(['summary', 'anomalies', 'best-times', 'comments'])).min(1),
  from: z.string().optional(),
  to: z.string().optional(),
  accountId: z.uuid().optional(),
  publicationIds: z.array(z.uuid()).optional(),
  metric: z.string().optional(),
  /** A document on file besides the answer. */
  document: z.enum(['html', 'markdown']).optional(),
})
export type AnalyticsBrief = z.infer<typeof AnalyticsBrief>
