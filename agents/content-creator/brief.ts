/** What the content creator is handed: one job at a time. */
import { z } from 'zod'
import { Format } from '../../runtime/core/entities.ts'

/** What somebody wants of a caption; absent means as the brand does. */
export const Wish = z.object({
  /** Exact words. */
  text: z.string().max(10_000).optional(),
  hashtags: z.boolean().optional(),
  emoji: z.boolean().optional(),
  length: z.enum(['shorter', 'longer']).optional(),
  address: z.enum(['formal', 'informal']).optional(),
  language: z.string().optional(),
  /** Accounts to name, with their sign. */
  mentions: z.array(z.string()).optional(),
  /** Another wording of the same facts. */
  isNew: z.boolean().optional(),
})
export type Wish = z.infer<typeof Wish>

/** A reviewer's finding on one post, as the creator gets it back. */
export const Correction = z.object({
  postId: z.uuid(),
  findings: z.array(z.object({ rule: z.string(), value: z.string(), limit: z.string(), fix: z.string() })),
  /** Wording a reviewer proposes, when it could mend the text itself. */
  proposal: z.string().optional(),
})
export type Correction = z.infer<typeof Correction>

const Common = {
  /** The person's language, for the report. */
  language: z.string(),
}

const ClipRef = z.object({
  clipId: z.uuid(),
  ordinal: z.int(),
  startMs: z.number(),
  endMs: z.number(),
})

export const MakeBrief = z.object({
  job: z.literal('make'),
  ...Common,
  assetIds: z.array(z.uuid()).min(1),
  count: z.int().min(1).max(12),
  /** Count for each film rather than for all of them together. */
  isPerFilm: z.boolean().optional(),
  formats: z.array(Format).min(1),
  minMs: z.number().optional(),
  maxMs: z.number().optional(),
  targetMs: z.number().optional(),
  /** Accounts a draft is prepared for; drafting publishes nothing. */
  accountIds: z.array(z.uuid()),
  wantsCaptions: z.boolean().optional(),
  captionLanguage: z.string().optional(),
  wish: Wish.optional(),
})

export const TrimBrief = z.object({
  job: z.literal('trim'),
  ...Common,
  clips: z
    .array(
      ClipRef.extend({
        targetMs: z.number().optional(),
        newStartMs: z.number().optional(),
        newEndMs: z.number().optional(),
      }),
    )
    .min(1),
})

export const ReviseBrief = z.object({
  job: z.literal('revise'),
  ...Common,
  postIds: z.array(z.uuid()).min(1),
  wish: Wish.optional(),
  corrections: z.array(Correction).optional(),
})

export const ReformatBrief = z.object({
  job: z.literal('reformat'),
  ...Common,
  clips: z.array(ClipRef).min(1),
  formats: z.array(Format).min(1),
})

/** Drafts for clips that have no publication on these accounts yet, with the words they have. */
export const PlaceBrief = z.object({
  job: z.literal('place'),
  ...Common,
  clips: z.array(ClipRef).min(1),
  accountIds: z.array(z.uuid()).min(1),
})

export const CreatorBrief = z.discriminatedUnion('job', [
  MakeBrief,
  TrimBrief,
  ReviseBrief,
  ReformatBrief,
  PlaceBrief,
])
export type CreatorBrief = z.infer<typeof CreatorBrief>
export type MakeBrief = z.infer<typeof MakeBrief>
export type TrimBrief = z.infer<typeof TrimBrief>
export type ReviseBrief = z.infer<typeof ReviseBrief>
export type ReformatBrief = z.infer<typeof ReformatBrief>
export type PlaceBrief = z.infer<typeof PlaceBrief>
