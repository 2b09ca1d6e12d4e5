/** Questions about what happened. */
import { strip } from './message.ts'
import { accountsOf } from './publish-asks.ts'
import type { Reading } from './reading.ts'
import type { Ask, Measure } from './understanding.ts'

const METRICS: readonly (readonly [string, RegExp])[] = [
  ['reach', /\b(?:reach|alcance)\b/],
  ['views', /\b(?:views?|plays|visualizaciones|reproducciones|vistas)\b/],
  ['likes', /\b(?:likes?|me gusta)\b/],
  ['shares', /\b(?:shares?|compartidos)\b/],
  ['saved', /\b(?:saves?|saved|guardados?)\b/],
  ['followers', /\b(?:followers?|seguidores)\b/],
  ['comments', /\b(?:number of comments|comentarios recibidos)\b/],
]

export function measureAsk(reading: Reading, isBusy: boolean): Ask | undefined {
  const said = (act: string) => reading.acts.some(({ value }) => value.act === act && !value.isDenied)
  const wants: Measure[] = []
  const hasReport = said('report')
  if (
    said('anomalies') &&
    /\b(?:anomal|outlier|unusual|strange|odd|weird|spike|drop|atipic|raro|rara|extran|pico|caida|rise|jump)/.test(
      reading.text,
    )
  )
    wants.push('anomalies')
  if (said('best-times') && !(isBusy && reading.moments.some(({ value }) => value.kind === 'best')))
    wants.push('best-times')
  if (said('comments')) wants.push('comments')
  if (hasReport || (said('measure') && wants.length === 0) || wantsSummary(reading)) wants.unshift('summary')
  if (wants.length === 0) return undefined
  const period = reading.periods[0]?.value
  const accountIds = accountsOf(reading)
  return {
    do: 'measure',
    wants: [...new Set(wants)],
    ...(period ?? {}),
    metric: METRICS.find(([, pattern]) => pattern.test(strip(reading.text)))?.[0],
    ...(accountIds.length > 0 ? { accountIds } : {}),
    ...(hasReport
      ? { document: /\bhtml\b/.test(reading.text) ? ('html' as const) : ('markdown' as const) }
      : {}),
  }
}

/** A question about numbers next to another one ("how did it go, and what is the best time?"). */
const wantsSummary = (reading: Reading): boolean =>
  reading.acts.some(({ value }) => value.act === 'measure') &&
  /\b(?:how (?:did|do|are|is|was|were|has|have)|como (?:fue|fueron|va|van)|que tal|metrics|metricas|stats|summary|resumen)\b/.test(
    reading.text,
  )
