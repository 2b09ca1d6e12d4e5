import { z } from 'zod'
import { PostReview, TextReview } from '../brand-voice/report.ts'

export const ComplianceReport = z.object({
  language: z.string(),
  reviews: z.array(PostReview),
  text: TextReview.optional(),
  /** Labels the law or the network wants, by post. */
  disclosures: z.array(z.object({ postId: z.uuid(), ordinal: z.int(), because: z.string() })),
  /** Films whose rights nobody confirmed yet: the approval asks for them. */
  rightsMissing: z.array(z.object({ postId: z.uuid(), ordinal: z.int() })),
  failures: z.array(z.object({ postId: z.string(), code: z.string(), message: z.string() })),
})
export type ComplianceReport = z.infer<typeof ComplianceReport>
