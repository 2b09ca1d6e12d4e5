/** Sentences from figures alone: each says its number and how many readings stand behind it. */
import { pick } from '../words/language.ts'
import { momentOf } from '../words/moment.ts'
import { figure, plural } from '../words/units.ts'
import type { AnalyticsReport, Figure } from './report.ts'

/** Fewer readings tell a level, not a trend. */
const TREND_FROM = 3
/** Smaller moves are told as steady. */
const STEADY_PERCENT = 5

const METRIC_NAMES: Readonly<Record<string, { en: string; es: string }>> = {
  views: { en: 'views', es: 'visualizaciones' },
  plays: { en: 'plays', es: 'reproducciones' },
  reach: { en: 'reach', es: 'alcance' },
  impressions: { en: 'impressions', es: 'impresiones' },
  likes: { en: 'likes', es: 'me gusta' },
  comments: { en: 'comments', es: 'comentarios' },
  shares: { en: 'shares', es: 'compartidos' },
  saved: { en: 'saves', es: 'guardados' },
  saves: { en: 'saves', es: 'guardados' },
  followers: { en: 'followers', es: 'seguidores' },
  followers_count: { en: 'followers', es: 'seguidores' },
  total_interactions: { en: 'interactions', es: 'interacciones' },
}

export const metricName = (metric: string, language: string): string => {
  const names = METRIC_NAMES[metric]
  return names ? pick(language, names) : metric.replace(/_/g, ' ')
}

export function listInsights(report: Omit<AnalyticsReport, 'insights'>): AnalyticsReport['insights'] {
  const { language } = report
  return [
    ...report.figures.map((one) => ({ text: figureSentence(one, language), n: one.n })),
    ...bestPost(report),
    ...anomalySentences(report),
    ...bestTimeSentences(report),
    ...commentSentences(report),
  ]
}

function figureSentence({ metric, n, last, changePercent, previousLast }: Figure, language: string): string {
  const name = metricName(metric, language)
  const level = `${capital(name)}: ${figure(last, language)}`
  const readings = pick(language, {
    en: plural(n, 'reading', 'readings'),
    es: plural(n, 'medición', 'mediciones'),
  })
  const trend = n >= TREND_FROM && changePercent !== null ? trendOf(changePercent, language) : ''
  const before =
    previousLast === undefined
      ? ''
      : pick(language, {
          en: `; the period before ended at ${figure(previousLast, language)}`,
          es: `; el periodo anterior terminó en ${figure(previousLast, language)}`,
        })
  return `${level}${trend} (${readings})${before}.`
}

function trendOf(changePercent: number, language: string): string {
  const size = figure(Math.abs(changePercent), language)
  if (Math.abs(changePercent) < STEADY_PERCENT) return pick(language, { en: ', steady', es: ', estable' })
  return changePercent > 0
    ? pick(language, { en: `, up ${size} %`, es: `, sube un ${size} %` })
    : pick(language, { en: `, down ${size} %`, es: `, baja un ${size} %` })
}

/** The strongest publication by the metric most of them have. */
function bestPost({
  publications,
  language,
}: Omit<AnalyticsReport, 'insights'>): AnalyticsReport['insights'] {
  const metric = ['views', 'plays', 'reach', 'likes'].find(
    (name) => publications.filter((one) => one.metrics[name] !== undefined).length > 1,
  )
  if (!metric) return []
  const values = publications.map((one) => one.metrics[metric] ?? 0).sort((a, b) => b - a)
  const [most = 0, second = 0] = values
  const name = metricName(metric, language)
  const text = pick(language, {
    en: `The strongest of ${values.length} posts has ${figure(most, language)} ${name}, the next ${figure(second, language)}.`,
    es: `La mejor de ${values.length} publicaciones tiene ${figure(most, language)} ${name}; la siguiente, ${figure(second, language)}.`,
  })
  return [{ text, n: values.length }]
}

function anomalySentences({ anomalies, checked, language, zone }: Omit<AnalyticsReport, 'insights'>) {
  if (checked === undefined) return []
  if (anomalies.length === 0) {
    const text = pick(language, {
      en: `Nothing unusual in ${plural(checked, 'reading', 'readings')}.`,
      es: `Nada fuera de lo normal en ${plural(checked, 'medición', 'mediciones')}.`,
    })
    return [{ text, n: checked }]
  }
  return anomalies.slice(0, 5).map((one) => {
    const [name, value, expected] = [
      metricName(one.metric, language),
      figure(one.value, language),
      figure(one.expected, language),
    ]
    const when = momentOf(one.at, zone, language)
    const text = pick(language, {
      en: `Unusual ${name} on ${when}: ${value} where about ${expected} was usual.`,
      es: `${capital(name)} fuera de lo normal el ${when}: ${value}, cuando lo habitual era ${expected}.`,
    })
    return { text, n: checked }
  })
}

function bestTimeSentences({ bestTimes, language, zone }: Omit<AnalyticsReport, 'insights'>) {
  if (!bestTimes || bestTimes.slots.length === 0) return []
  const hours = bestTimes.slots.map(({ hour }) => `${String(hour).padStart(2, '0')}:00`).join(', ')
  const text =
    bestTimes.basis === 'own-history'
      ? pick(language, {
          en: `Best hours (${zone}): ${hours}, from ${plural(bestTimes.n, 'day', 'days')} of your own figures.`,
          es: `Mejores horas (${zone}): ${hours}, según ${plural(bestTimes.n, 'día', 'días')} de tus propios datos.`,
        })
      : pick(language, {
          en: `Best hours (${zone}): ${hours}. That is a general rule of thumb: your own figures cover ${plural(bestTimes.n, 'day', 'days')} so far.`,
          es: `Mejores horas (${zone}): ${hours}. Es una regla general: tus propios datos cubren ${plural(bestTimes.n, 'día', 'días')} por ahora.`,
        })
  return [{ text, n: bestTimes.n }]
}

function commentSentences({ comments, language }: Omit<AnalyticsReport, 'insights'>) {
  if (!comments) return []
  const text = pick(language, {
    en: `${plural(comments.n, 'comment', 'comments')} read, ${comments.questions} with a question.`,
    es: `${plural(comments.n, 'comentario leído', 'comentarios leídos')}, ${comments.questions} con una pregunta.`,
  })
  return [{ text, n: comments.n }]
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
