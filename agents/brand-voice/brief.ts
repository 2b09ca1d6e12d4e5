import { z } from 'zod'

/** What a reviewer is handed: posts, or a text that is no post yet. */
export const ReviewBrief = z.object({
  language: z.string(),
  posts: z.array(z.object({ postId: z.uuid(), ordinal: z.int(), caption: z.string().optional() })).optional(),
  text: z.string().max(10_000).optional(),
  /** Rules the person set aside in words ("no hashtags", "in English"): found, told, but no reason to hold back. */
  accepts: z.array(z.string()).optional(),
})
export type ReviewBrief = z.infer<typeof ReviewBrief>
