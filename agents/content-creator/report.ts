/** What the content creator hands back: clips as rendered, posts as drafted, and what did not work. */
import { z } from 'zod'
import { Format } from '../../runtime/core/entities.ts'

export const MadeClip = z.object({
  clipId: z.uuid(),
  ordinal: z.int(),
  startMs: z.number(),
  endMs: z.number(),
  score: z.number().optional(),
  renditions: z.array(z.object({ renditionId: z.uuid(), format: Format, durationMs: z.number().optional() })),
})
export type MadeClip = z.infer<typeof MadeClip>

export const MadePost = z.object({
  postId: z.uuid(),
  version: z.int(),
  clipId: z.uuid(),
  ordinal: z.int(),
  caption: z.string(),
  altText: z.string(),
  /** Absent when they were left as they are. */
  hashtags: z.array(z.string()).optional(),
  publicationIds: z.array(z.uuid()),
})
export type MadePost = z.infer<typeof MadePost>

export const CreatorReport = z.object({
  /** The person's language. */
  language: z.string(),
  captionLanguage: z.string(),
  clips: z.array(MadeClip),
  posts: z.array(MadePost),
  /** Captions without a post, because no account is connected. */
  unplaced: z.array(
    z.object({ clipId: z.uuid(), ordinal: z.int(), caption: z.string(), altText: z.string() }),
  ),
  asked: z.int().optional(),
  fewerBecause: z.string().optional(),
  notes: z.array(z.string()),
  failures: z.array(z.object({ what: z.string(), code: z.string(), message: z.string() })),
})
export type CreatorReport = z.infer<typeof CreatorReport>
