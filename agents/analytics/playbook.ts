import { DateTime } from 'luxon'
import type { z } from 'zod'
import { ask, askAll, call, type PlaybookRun, type ToolOutcome } from '../../runtime/core/playbook.ts'
import type { bestTimes } from '../../tools/insight/best-times.ts'
import type { findAnomalies } from '../../tools/insight/find-anomalies.ts'
import type { readComments } from '../../tools/insight/read-comments.ts'
import type { summariseMetrics } from '../../tools/insight/summarise-metrics.ts'
import type { renderReport } from '../../tools/report/render-report.ts'
import { asPlainLine } from '../content-creator/alt-text.ts'
import type { Work } from '../content-creator/results.ts'
import { pick } from '../words/language.ts'
import type { AnalyticsBrief } from './brief.ts'
import { listInsights } from './insights.ts'
import type { AnalyticsReport } from './report.ts'
import { layOutReport } from './report-document.ts'

type Summary = z.output<typeof summariseMetrics.output>
type Anomalies = z.output<typeof findAnomalies.output>
type BestTimes = z.output<typeof bestTimes.output>
type Comments = z.output<typeof readComments.output>
type Rendered = z.output<typeof renderReport.output>
type Draft = Omit<AnalyticsReport, 'insights'>

export function* analyse(brief: AnalyticsBrief): PlaybookRun<AnalyticsReport> {
  const draft: Draft = {
    language: brief.language,
    zone: brief.zone,
    period: brief.from && brief.to ? { from: brief.from, to: brief.to } : null,
    figures: [],
    publications: [],
    anomalies: [],
    notes: [],
    failures: [],
  }
  if (brief.wants.includes('summary')) yield* addSummary(brief, draft)
  if (brief.wants.includes('anomalies')) yield* addAnomalies(brief, draft)
  if (brief.wants.includes('best-times')) yield* addBestTimes(brief, draft)
  if (brief.wants.includes('comments')) yield* addComments(brief, draft)
  const report: AnalyticsReport = { ...draft, insights: listInsights(draft) }
  if (brief.document) yield* addDocument(brief.document, report)
  return report
}

/** The value, or undefined with the failure written down. */
function told<T>(outcome: ToolOutcome<T>, what: string, draft: Pick<Draft, 'failures'>): T | undefined {
  if (outcome.ok) return outcome.value
  draft.failures.push({ what, code: outcome.code, message: outcome.message })
  return undefined
}

function* addSummary(brief: AnalyticsBrief, draft: Draft): Work<void> {
  const what = {
    from: brief.from,
    to: brief.to,
    accountId: brief.accountId,
    metrics: brief.metric ? [brief.metric] : undefined,
  }
  const targets = brief.publicationIds?.length ? brief.publicationIds : [undefined]
  const outcomes = yield* askAll<Summary>(
    targets.map((publicationId) =>
      call('summarise-metrics', { ...what, publicationId }, 'Adding up the figures'),
    ),
  )
  const summaries = outcomes.flatMap((outcome) => told(outcome, 'figures', draft) ?? [])
  draft.publications = summaries.flatMap((one) => one.publications)
  // Several publications asked for by name: their own totals speak, sums over different series would not.
  if (targets.length === 1) {
    draft.figures = (summaries[0]?.series ?? []).map(
      ({ metric, n, last, min, max, mean, changePercent, previous }) => ({
        ...{ metric, n, last, min, max, mean, changePercent },
        ...(previous ? { previousLast: previous.last } : {}),
      }),
    )
  }
  if (draft.figures.length === 0 && draft.publications.length === 0) {
    draft.notes.push(
      pick(brief.language, {
        en: 'Nothing has been measured in that period yet.',
        es: 'En ese periodo todavía no se ha medido nada.',
      }),
    )
  }
}

function* addAnomalies(brief: AnalyticsBrief, draft: Draft): Work<void> {
  const { metric, accountId, from, to } = brief
  const outcome = yield* ask<Anomalies>(
    call('find-anomalies', { metric, accountId, from, to }, 'Looking for anything unusual'),
  )
  const value = told(outcome, 'anomalies', draft)
  if (!value) return
  draft.checked = value.checked
  draft.anomalies = value.anomalies.map((one) => ({
    metric: one.metric,
    at: one.at,
    value: one.value,
    expected: one.expected,
    direction: one.direction,
  }))
}

function* addBestTimes(brief: AnalyticsBrief, draft: Draft): Work<void> {
  const outcome = yield* ask<BestTimes>(
    call('best-times', { accountId: brief.accountId, count: 3 }, 'Looking for the best hours'),
  )
  const value = told(outcome, 'best times', draft)
  if (!value) return
  draft.bestTimes = {
    basis: value.basis,
    n: value.n,
    slots: value.slots.map(({ hour, score }) => ({ hour, score })),
  }
  draft.nextBestAt = nextBest(brief.now, value.zone, value.slots)
}

/** The soonest of the good hours from now, in the brand's zone. */
export function nextBest(now: string, zone: string, slots: readonly { hour: number }[]): string | undefined {
  const here = DateTime.fromISO(now, { zone })
  const moments = slots.map(({ hour }) => {
    const today = here.startOf('day').set({ hour })
    return today > here ? today : here.startOf('day').plus({ days: 1 }).set({ hour })
  })
  return (
    moments
      .sort((a, b) => a.toMillis() - b.toMillis())[0]
      ?.toUTC()
      .toISO() ?? undefined
  )
}

const QUOTES_MAX = 3

function* addComments(brief: AnalyticsBrief, draft: Draft): Work<void> {
  const outcome = yield* ask<Comments>(
    call('read-comments', { publicationId: brief.publicationIds?.[0], limit: 100 }, 'Reading comments'),
  )
  const value = told(outcome, 'comments', draft)
  if (!value) return
  draft.comments = {
    n: value.comments.length,
    questions: value.comments.filter(({ text }) => text.includes('?')).length,
    quotes: value.comments
      .slice(0, QUOTES_MAX)
      .map(({ author, text }) => ({ author: asPlainLine(author), text: asPlainLine(text) })),
  }
}

function* addDocument(format: 'html' | 'markdown', report: AnalyticsReport): Work<void> {
  const outcome = yield* ask<Rendered>(
    call('render-report', { ...layOutReport(report), format }, 'Writing the report'),
  )
  const value = told(outcome, 'document', report)
  if (value) report.document = { vaultItemId: value.vaultItemId, format: value.format }
}
