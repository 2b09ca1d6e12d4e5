/** The answer: what was done, line by line, with what it rests on; what was not, and why. Nothing a step did not report. */

import { metricName } from '../analytics/insights.ts'
import type { PostReview, TextReview } from '../brand-voice/report.ts'
import type { CreatorReport } from '../content-creator/report.ts'
import { pick } from '../words/language.ts'
import { momentOf } from '../words/moment.ts'
import { figure, filmTime } from '../words/units.ts'
import type { JudgeBrief, JudgedPublication } from './brief.ts'
import { sayRefusal } from './plan-task.ts'
import {
  actReports,
  analyticsReports,
  creatorReports,
  isReviewOnly,
  reviewsOf,
  textReviewsOf,
} from './read-steps.ts'
import type { AnswerReport } from './report.ts'
import { stateOf } from './wording.ts'

type Cite = AnswerReport['cites'][number]
interface Part {
  lines: string[]
  cites: Cite[]
  /** Something asked for did not happen. */
  lacks: boolean
}

const part = (lines: string[], cites: Cite[] = [], lacks = false): Part => ({ lines, cites, lacks })

export function composeAnswer(brief: JudgeBrief): AnswerReport {
  const { language } = brief
  const refusals = brief.refusals ?? []
  const parts = [
    tellClips(brief),
    tellActs(brief),
    tellFigures(brief),
    tellReviews(brief),
    tellFailures(brief),
    part(
      refusals.map((refusal) => sayRefusal(refusal, language)),
      [],
      refusals.length > 0,
    ),
    part([...brief.notes]),
  ]
  const done = parts.slice(0, 4).some((one) => one.lines.length > 0)
  const lacks = parts.some((one) => one.lacks)
  return {
    decision: 'answer',
    language,
    text: parts.flatMap((one) => one.lines).join('\n'),
    cites: parts.flatMap((one) => one.cites),
    outcome: !done ? 'refused' : lacks ? 'partial' : 'done',
    refusals,
  }
}

function tellClips(brief: JudgeBrief): Part {
  const reports = creatorReports(brief)
  const clips = new Map(reports.flatMap((report) => report.clips.map((clip) => [clip.clipId, clip])))
  const posts = new Map(reports.flatMap((report) => report.posts.map((post) => [post.clipId, post])))
  const loose = new Map(reports.flatMap((report) => report.unplaced.map((one) => [one.clipId, one])))
  const lines = [...clips.values()].flatMap((clip) => {
    const formats = clip.renditions.map((one) => one.format).join(', ')
    const span = `${filmTime(clip.startMs)}–${filmTime(clip.endMs)}`
    const caption = posts.get(clip.clipId)?.caption ?? loose.get(clip.clipId)?.caption
    const head = `Clip ${clip.ordinal} (${formats ? `${span}, ${formats}` : span})`
    const quoted = caption ? `${head}: “${caption.replace(/\s+/g, ' ')}”` : head
    const publications = brief.publications.filter((one) => one.postId === posts.get(clip.clipId)?.postId)
    return [quoted, ...publications.map((one) => `  ${tellPublication(one, brief)}`)]
  })
  const known = new Set([...posts.values()].map((post) => post.postId))
  const others = brief.publications
    .filter((one) => !known.has(one.postId))
    .map((one) => tellPublication(one, brief))
  const lacks =
    reports.some((report) => (report.asked ?? 0) > report.clips.length || report.failures.length > 0) ||
    brief.publications.some(
      (one) => ['failed', 'missed', 'cancelled', 'unknown'].includes(one.state) && !isWanted(one, brief),
    )
  return part(
    [...lines, ...others, ...reports.flatMap((report) => report.notes)],
    citesOf(brief, clips.keys()),
    lacks,
  )
}

/** What somebody called back ended as asked. */
const isWanted = ({ publicationId }: JudgedPublication, brief: JudgeBrief): boolean =>
  actReports(brief).some((report) => report.cancelled.includes(publicationId))

const citesOf = (brief: JudgeBrief, clipIds: Iterable<string>): Cite[] => [
  ...[...clipIds].map((id) => ({ what: 'clip', id })),
  ...brief.publications.map(({ publicationId }) => ({ what: 'publication', id: publicationId })),
]

function tellPublication(one: JudgedPublication, { language, brand, metrics = [] }: JudgeBrief): string {
  const due = one.dueAt && one.state === 'scheduled' ? ` (${momentOf(one.dueAt, brand.zone, language)})` : ''
  const why = one.approval?.status === 'rejected' ? one.approval.reason : one.reason
  // Readings come oldest first: the newest of each metric stands.
  const newest = new Map(
    metrics
      .filter((point) => point.publicationId === one.publicationId)
      .map((point) => [point.metric, point.value]),
  )
  const figures = [...newest].map(
    ([metric, value]) => `${figure(value, language)} ${metricName(metric, language)}`,
  )
  const rejected =
    one.approval?.status === 'rejected' ? pick(language, { en: 'rejected', es: 'rechazado' }) : undefined
  return [
    `${one.network} @${one.username}: ${rejected ?? stateOf(one.state, language)}${due}`,
    one.url ?? '',
    why && one.state !== 'verified' ? `– ${why}` : '',
    figures.length > 0 ? `· ${figures.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function tellActs(brief: JudgeBrief): Part {
  const { language } = brief
  const reports = actReports(brief)
  const seen = new Set(brief.publications.map((one) => one.publicationId))
  const skipped = new Map(reports.flatMap((report) => report.skipped.map((one) => [one.postId, one])))
  for (const { publicationId } of reports.flatMap((report) => report.intents)) {
    const postId = brief.publications.find((one) => one.publicationId === publicationId)?.postId
    if (postId) skipped.delete(postId)
  }
  const remembered = reports.flatMap((report) =>
    report.remembered.map((text) =>
      pick(language, { en: `I will remember: ${text}`, es: `Lo recordaré: ${text}` }),
    ),
  )
  const cancelled = reports.flatMap((report) => report.cancelled)
  const verdicts = reports
    .flatMap((report) => report.intents)
    .filter(
      (intent) => !seen.has(intent.publicationId) || intent.did === 'undo' || intent.verdict.kind === 'deny',
    )
    .map((intent) => `${stateOf(intent.state, language)}: ${intent.verdict.sentence}`)
  const calledBack =
    cancelled.length === 0
      ? []
      : [pick(language, { en: `Called back: ${cancelled.length}.`, es: `Retiradas: ${cancelled.length}.` })]
  const held = [...skipped.values()].map(({ ordinal, because }) =>
    pick(language, {
      en: `Clip ${ordinal} is not published: ${because}.`,
      es: `El clip ${ordinal} no se publica: ${because}.`,
    }),
  )
  const failed = reports.flatMap((report) =>
    report.failures.map((one) => `${one.what}: ${one.message} (${one.code})`),
  )
  const denied = reports.some((report) => report.intents.some((intent) => intent.verdict.kind === 'deny'))
  return part(
    [...remembered, ...calledBack, ...verdicts, ...held, ...failed],
    cancelled.map((id) => ({ what: 'publication', id })),
    held.length > 0 || failed.length > 0 || denied,
  )
}

function tellFigures(brief: JudgeBrief): Part {
  const reports = analyticsReports(brief)
  const isAsked = brief.steps.some((step) => step.agent === 'analytics' && step.key !== 'times')
  if (!isAsked) return part([])
  const lines = reports.flatMap((report) => [
    ...report.insights.map((insight) => insight.text),
    ...(report.comments?.quotes ?? []).map((quote) => `“${quote.text}” – ${quote.author}`),
    ...(report.document
      ? [
          pick(brief.language, {
            en: `Report on file: ${report.document.vaultItemId}`,
            es: `Informe archivado: ${report.document.vaultItemId}`,
          }),
        ]
      : []),
    ...report.notes,
    ...report.failures.map((one) => `${one.what}: ${one.message} (${one.code})`),
  ])
  const cites = reports.flatMap((report) => [
    ...report.publications.map(({ publicationId }) => ({ what: 'publication', id: publicationId })),
    ...(report.document ? [{ what: 'report', id: report.document.vaultItemId }] : []),
  ])
  return part(
    lines,
    cites,
    reports.some((report) => report.failures.length > 0),
  )
}

function tellReviews(brief: JudgeBrief): Part {
  const { language } = brief
  const texts = textReviewsOf(brief).flatMap((review) => tellReview(review, '', language))
  const posts = isReviewOnly(brief)
    ? reviewsOf(brief).flatMap((review) => tellReview(review, `clip ${review.ordinal}, `, language))
    : []
  const cites = isReviewOnly(brief)
    ? reviewsOf(brief).map((review) => ({ what: 'post', id: review.postId }))
    : []
  return part([...texts, ...posts], cites)
}

function tellReview(review: PostReview | TextReview, what: string, language: string): string[] {
  const verdicts = {
    pass: pick(language, { en: 'fits', es: 'encaja' }),
    revise: pick(language, { en: 'needs changes', es: 'necesita cambios' }),
    block: pick(language, { en: 'must not go out like this', es: 'así no puede salir' }),
  }
  const name =
    review.by === 'brand-voice'
      ? pick(language, { en: 'voice', es: 'voz' })
      : pick(language, { en: 'rules', es: 'normas' })
  const head = `${what}${name}: ${verdicts[review.verdict]} (${figure(review.score * 100, language)}/100)`
  const findings = review.findings.map((finding) => `  – ${finding.rule}: ${finding.value} → ${finding.fix}`)
  const proposal = review.proposal
    ? [pick(language, { en: `  Proposal: “${review.proposal}”`, es: `  Propuesta: «${review.proposal}»` })]
    : []
  return [head.charAt(0).toUpperCase() + head.slice(1), ...findings, ...proposal]
}

function tellFailures(brief: JudgeBrief): Part {
  const steps = brief.steps.filter((step) => step.error).map((step) => `${step.agent}: ${step.error}`)
  const works = creatorReports(brief).flatMap((report: CreatorReport) =>
    report.failures.map((failure) => `${failure.what}: ${failure.message} (${failure.code})`),
  )
  const lines = [...new Set([...steps, ...works])]
  return part(lines, [], lines.length > 0)
}
