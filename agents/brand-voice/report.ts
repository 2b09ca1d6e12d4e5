import { z } from 'zod'

/** One reviewer's verdict on one post. Both reviewers hand back the same shape, so that whoever acts reads one. */
export const PostReview = z.object({
  postId: z.uuid(),
  ordinal: z.int(),
  by: z.enum(['brand-voice', 'compliance']),
  verdict: z.enum(['pass', 'revise', 'block']),
  score: z.number(),
  findings: z.array(z.object({ rule: z.string(), value: z.string(), limit: z.string(), fix: z.string() })),
  /** The caption as the reviewer would have it, where it could mend it. */
  proposal: z.string().optional(),
})
export type PostReview = z.infer<typeof PostReview>

/** Verdict on a text that is no post yet. */
export const TextReview = PostReview.omit({ postId: true, ordinal: true }).extend({ text: z.string() })
export type TextReview = z.infer<typeof TextReview>

export const VoiceReport = z.object({
  language: z.string(),
  reviews: z.array(PostReview),
  text: TextReview.optional(),
  /** Posts that could not be looked at, with why. */
  failures: z.array(z.object({ postId: z.string(), code: z.string(), message: z.string() })),
})
export type VoiceReport = z.infer<typeof VoiceReport>
