import { defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import {
  bestTimes,
  findAnomalies,
  getVault,
  listVault,
  putVault,
  readComments,
  readHealth,
  renderReport,
  summariseMetrics,
} from '../../tools/index.ts'
import { pick } from '../words/language.ts'
import { AnalyticsBrief } from './brief.ts'
import { analyse } from './playbook.ts'
import { AnalyticsReport } from './report.ts'

export const analytics = defineAgent({
  role: 'analytics',
  mission: 'Say what the stored figures show, how sure that is, and nothing they do not show.',
  tools: [
    summariseMetrics,
    findAnomalies,
    bestTimes,
    readComments,
    readHealth,
    renderReport,
    listVault,
    getVault,
    putVault,
  ],
  brief: AnalyticsBrief,
  report: AnalyticsReport,
  tier: 'fast',
  limits: { turns: 12, costMicros: 80_000, wallMs: 5 * MINUTE },
  ceiling: 'observe',
  memory: { reads: ['brand', 'agent'], writes: ['agent'] },
  prompt: new URL('./prompt.md', import.meta.url),
  playbook: analyse,
  headline: ({ language, insights, notes }: AnalyticsReport) =>
    insights[0]?.text ?? notes[0] ?? pick(language, { en: 'No figures yet', es: 'Todavía no hay cifras' }),
})
