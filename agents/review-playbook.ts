/** Both reviewers work alike: one measuring tool a post, a verdict as measured, and a wording where rules can mend it. */
import type { Brand, Review } from '../runtime/core/entities.ts'
import { ask, askAll, call } from '../runtime/core/playbook.ts'
import type { ReviewBrief } from './brand-voice/brief.ts'
import type { PostReview } from './brand-voice/report.ts'
import { mendCaption } from './content-creator/mend-caption.ts'
import type { Work } from './content-creator/results.ts'

export interface Reviewed {
  reviews: PostReview[]
  failures: { postId: string; code: string; message: string }[]
  brand: Brand | undefined
}

export function* reviewPosts(brief: ReviewBrief, tool: 'check-voice' | 'check-post'): Work<Reviewed> {
  const posts = brief.posts ?? []
  const read = yield* ask<Brand>(call('read-brand', {}, 'Reading the brand'))
  const brand = read.ok ? read.value : undefined
  const outcomes = yield* askAll<Review>(
    posts.map(({ postId, ordinal }) => call(tool, { postId }, `Reviewing the post of clip ${ordinal}`)),
  )
  const reviewed: Reviewed = { reviews: [], failures: [], brand }
  for (const [index, post] of posts.entries()) {
    const outcome = outcomes[index]
    if (outcome?.ok) reviewed.reviews.push(toPostReview(post, outcome.value, brief, brand))
    else if (outcome) {
      reviewed.failures.push({ postId: post.postId, code: outcome.code, message: outcome.message })
    }
  }
  return reviewed
}

function toPostReview(
  { postId, ordinal, caption }: NonNullable<ReviewBrief['posts']>[number],
  review: Review,
  brief: ReviewBrief,
  brand: Brand | undefined,
): PostReview {
  const accepted = new Set(brief.accepts ?? [])
  const open = review.findings.filter((finding) => !accepted.has(finding.rule))
  // A block stays one; what the person set aside holds nothing back.
  const verdict = review.verdict === 'revise' && open.length === 0 ? 'pass' : review.verdict
  const proposal =
    verdict === 'pass' || caption === undefined || !brand ? undefined : propose(caption, open, brand, ordinal)
  return {
    postId,
    ordinal,
    by: review.by,
    verdict,
    score: review.score,
    findings: review.findings,
    ...(proposal === undefined ? {} : { proposal }),
  }
}

/** Only wording that keeps the rest; a caption written anew is the creator's work. */
export function propose(
  caption: string,
  findings: Review['findings'],
  brand: Brand,
  ordinal = 1,
): string | undefined {
  const local = findings.filter(({ rule }) => MENDED_IN_PLACE.has(rule.split('/').at(-1) ?? rule))
  const clip = { ordinal, of: ordinal, durationMs: 0, startMs: 0 }
  const request = { brand, language: brand.language, clip, taken: [] }
  const mended = local.length > 0 ? mendCaption({ caption }, local, request) : undefined
  return mended && mended.caption !== caption ? mended.caption : undefined
}

const MENDED_IN_PLACE = new Set([
  'avoided-word',
  'emoji',
  'preferred-words',
  'sign-off',
  'sentence-length',
  'caption-length',
  'disclosure',
  'unproven-claim',
  'medical-claim',
  'financial-claim',
  'link',
  'hidden-link',
])
