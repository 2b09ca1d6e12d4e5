/** Reports of finished steps by kind; whatever does not parse is none. */
import type { z } from 'zod'
import { AnalyticsReport } from '../analytics/report.ts'
import { type PostReview, type TextReview, VoiceReport } from '../brand-voice/report.ts'
import { ComplianceReport } from '../compliance/report.ts'
import { CreatorReport } from '../content-creator/report.ts'
import type { JudgeBrief } from './brief.ts'
import { ActedReport } from './report.ts'

function reportsOf<T>(brief: JudgeBrief, agent: string, schema: z.ZodType<T>): T[] {
  return brief.steps
    .filter((step) => step.agent === agent)
    .flatMap((step) => {
      const parsed = schema.safeParse(step.report)
      return parsed.success ? [parsed.data] : []
    })
}

export const creatorReports = (brief: JudgeBrief): CreatorReport[] =>
  reportsOf(brief, 'content-creator', CreatorReport)
export const actReports = (brief: JudgeBrief): ActedReport[] => reportsOf(brief, 'orchestrator', ActedReport)
export const analyticsReports = (brief: JudgeBrief): AnalyticsReport[] =>
  reportsOf(brief, 'analytics', AnalyticsReport)

const reviewReports = (brief: JudgeBrief) => [
  ...reportsOf(brief, 'brand-voice', VoiceReport),
  ...reportsOf(brief, 'compliance', ComplianceReport),
]
/** In the order of the steps, so that later rounds come later. */
export const reviewsOf = (brief: JudgeBrief): PostReview[] =>
  reviewReports(brief).flatMap((report) => report.reviews)
export const textReviewsOf = (brief: JudgeBrief): TextReview[] =>
  reviewReports(brief).flatMap((report) => (report.text ? [report.text] : []))

/** True when the plan was to look, not to publish: then verdicts are the answer. */
export const isReviewOnly = (brief: JudgeBrief): boolean =>
  brief.steps.length > 0 &&
  brief.steps.every((step) => step.agent === 'brand-voice' || step.agent === 'compliance')
