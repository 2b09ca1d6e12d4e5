import { defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import { checkPost, listClips, readBrand, recall } from '../../tools/index.ts'
import { ReviewBrief } from '../brand-voice/brief.ts'
import { reviewHeadline } from '../review-headline.ts'
import { reviewForCompliance } from './playbook.ts'
import { ComplianceReport } from './report.ts'

export const compliance = defineAgent({
  role: 'compliance',
  mission: 'Let nothing out that law, networks or rights forbid: name the rule, the place and the cure.',
  tools: [readBrand, recall, listClips, checkPost],
  brief: ReviewBrief,
  report: ComplianceReport,
  tier: 'fast',
  limits: { turns: 8, costMicros: 60_000, wallMs: 3 * MINUTE },
  ceiling: 'observe',
  memory: { reads: ['brand'], writes: ['agent'] },
  prompt: new URL('./prompt.md', import.meta.url),
  playbook: reviewForCompliance,
  headline: reviewHeadline,
})
