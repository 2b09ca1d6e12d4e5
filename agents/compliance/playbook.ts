import type { PlaybookRun } from '../../runtime/core/playbook.ts'
import { reviewPost } from '../../tools/compliance/review-post.ts'
import type { ReviewBrief } from '../brand-voice/brief.ts'
import type { PostReview } from '../brand-voice/report.ts'
import { propose, reviewPosts } from '../review-playbook.ts'
import type { ComplianceReport } from './report.ts'

const LABELS = new Set(['disclosure', 'ai-label'])
/** Settled with the film, not with the words: a text alone has no rights and no alt text to speak of. */
const OF_THE_FILM = new Set(['rights', 'alt-text'])

export function* reviewForCompliance(brief: ReviewBrief): PlaybookRun<ComplianceReport> {
  const { reviews, failures, brand } = yield* reviewPosts(brief, 'check-post')
  const report: ComplianceReport = {
    language: brief.language,
    reviews,
    disclosures: reviews.flatMap(labelsOf),
    rightsMissing: reviews.filter(hasNoRights).map(({ postId, ordinal }) => ({ postId, ordinal })),
    failures,
  }
  if (brief.text === undefined || !brand) return report
  const { text } = brief
  const review = reviewPost({
    post: { caption: text, altText: '', hashtags: [], language: brand.language },
    brand,
    rights: null,
    preflight: [],
    options: [],
    written: undefined,
  })
  const findings = review.findings.filter((finding) => !OF_THE_FILM.has(finding.rule))
  const verdict = review.verdict === 'revise' && findings.length === 0 ? 'pass' : review.verdict
  const proposal = verdict === 'pass' ? undefined : propose(text, findings, brand)
  return { ...report, text: { ...review, verdict, findings, text, ...(proposal ? { proposal } : {}) } }
}

const labelsOf = ({ postId, ordinal, findings }: PostReview) =>
  findings
    .filter((finding) => LABELS.has(finding.rule))
    .map((finding) => ({ postId, ordinal, because: finding.fix }))

const hasNoRights = ({ findings }: PostReview): boolean =>
  findings.some((finding) => finding.rule === 'rights')
