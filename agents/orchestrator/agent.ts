import { defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import {
  cancelPublication,
  publicationStatus,
  publishPost,
  remember,
  schedulePost,
  undoPublication,
} from '../../tools/index.ts'
import { pick } from '../words/language.ts'
import { plural } from '../words/units.ts'
import { OrchestratorBrief } from './brief.ts'
import { orchestrate } from './playbook.ts'
import { OrchestratorReport } from './report.ts'

export const orchestrator = defineAgent({
  role: 'orchestrator',
  mission:
    'Turn what somebody asks into the fewest steps that do it, hand them out, judge what came back and answer.',
  // Only the act stage may call these; planning and judging call none.
  tools: [publishPost, schedulePost, cancelPublication, undoPublication, publicationStatus, remember],
  brief: OrchestratorBrief,
  report: OrchestratorReport,
  tier: 'smart',
  limits: { turns: 10, costMicros: 150_000, wallMs: 5 * MINUTE },
  // The only role that acts; the default policy lets it propose and nothing more.
  ceiling: 'act',
  memory: { reads: ['brand'], writes: ['brand'] },
  prompt: new URL('./prompt.md', import.meta.url),
  playbook: orchestrate,
  headline,
})

function headline(report: OrchestratorReport): string {
  const { language } = report
  if (report.decision === 'plan') {
    const roles = [...new Set(report.steps.map((step) => step.agent))].join(', ')
    return pick(language, {
      en: `Plan: ${plural(report.steps.length, 'step', 'steps')} (${roles})`,
      es: `Plan: ${plural(report.steps.length, 'paso', 'pasos')} (${roles})`,
    })
  }
  if (report.decision === 'answer') return report.text.split('\n')[0] ?? ''
  const [asked, held] = [report.intents.length, report.skipped.length + report.failures.length]
  return pick(language, {
    en: `${plural(asked, 'act', 'acts')} asked of the gate${held > 0 ? `, ${held} held back` : ''}`,
    es: `${plural(asked, 'acción pedida', 'acciones pedidas')}${held > 0 ? `, ${held} sin pedir` : ''}`,
  })
}
