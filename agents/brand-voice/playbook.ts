import type { PlaybookRun } from '../../runtime/core/playbook.ts'
import { reviewVoice } from '../../tools/brand/review-voice.ts'
import { propose, reviewPosts } from '../review-playbook.ts'
import type { ReviewBrief } from './brief.ts'
import type { TextReview, VoiceReport } from './report.ts'

export function* reviewForVoice(brief: ReviewBrief): PlaybookRun<VoiceReport> {
  const { reviews, failures, brand } = yield* reviewPosts(brief, 'check-voice')
  const report: VoiceReport = { language: brief.language, reviews, failures }
  if (brief.text === undefined || !brand) return report
  const { text } = brief
  // The same arithmetic as check-voice, which needs a stored post.
  const review = reviewVoice({ caption: text, hashtags: [], language: brand.language }, brand, undefined)
  const proposal = review.verdict === 'pass' ? undefined : propose(text, review.findings, brand)
  const reviewed: TextReview = { ...review, text, ...(proposal === undefined ? {} : { proposal }) }
  return { ...report, text: reviewed }
}
