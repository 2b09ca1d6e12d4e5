/** The figures as a document: what happened, in sentences, then the numbers they come from. */
import type { Json } from '../../runtime/core/digest.ts'
import { pick } from '../words/language.ts'
import { momentOf } from '../words/moment.ts'
import { metricName } from './insights.ts'
import type { AnalyticsReport } from './report.ts'

interface Section {
  heading: string
  text?: string
  table?: { columns: string[]; rows: (string | number | null)[][] }
}
/** A type, not an interface: it travels as JSON arguments of a call. */
export type LaidOut = { title: string; language: string; sections: { [key: string]: Json }[] }

export function layOutReport(report: AnalyticsReport): LaidOut {
  const { language, period, zone } = report
  const title = pick(language, { en: 'Performance report', es: 'Informe de rendimiento' })
  const span = period
    ? `${momentOf(period.from, zone, language)} – ${momentOf(period.to, zone, language)}`
    : ''
  const sections: Section[] = [
    {
      heading: pick(language, { en: 'Summary', es: 'Resumen' }),
      text: [span, ...report.insights.map((insight) => insight.text), ...report.notes]
        .filter(Boolean)
        .join('\n\n'),
    },
    ...figures(report),
    ...publications(report),
  ]
  return { title, language, sections: sections.map((section) => ({ ...section }) as { [key: string]: Json }) }
}

function figures({ figures: rows, language }: AnalyticsReport): Section[] {
  if (rows.length === 0) return []
  return [
    {
      heading: pick(language, { en: 'Figures', es: 'Cifras' }),
      table: {
        columns: pick(language, {
          en: ['Metric', 'Readings', 'Latest', 'Change %', 'Lowest', 'Highest', 'Mean'],
          es: ['Métrica', 'Mediciones', 'Último', 'Cambio %', 'Mínimo', 'Máximo', 'Media'],
        }),
        rows: rows.map((one) => [
          metricName(one.metric, language),
          one.n,
          one.last,
          one.changePercent,
          one.min,
          one.max,
          one.mean,
        ]),
      },
    },
  ]
}

function publications({ publications: rows, language }: AnalyticsReport): Section[] {
  if (rows.length === 0) return []
  const metrics = [...new Set(rows.flatMap((one) => Object.keys(one.metrics)))].sort().slice(0, 10)
  return [
    {
      heading: pick(language, { en: 'By publication', es: 'Por publicación' }),
      table: {
        columns: [
          pick(language, { en: 'Publication', es: 'Publicación' }),
          ...metrics.map((name) => metricName(name, language)),
        ],
        rows: rows.map((one) => [one.publicationId, ...metrics.map((name) => one.metrics[name] ?? null)]),
      },
    },
  ]
}
