import { defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import { checkVoice, listClips, readBrand, recall } from '../../tools/index.ts'
import { reviewHeadline } from '../review-headline.ts'
import { ReviewBrief } from './brief.ts'
import { reviewForVoice } from './playbook.ts'
import { VoiceReport } from './report.ts'

export const brandVoice = defineAgent({
  role: 'brand-voice',
  mission:
    'Keep every text recognisably the brand’s: say what is off, by how much, and how it would be right.',
  tools: [readBrand, recall, listClips, checkVoice],
  brief: ReviewBrief,
  report: VoiceReport,
  tier: 'fast',
  limits: { turns: 8, costMicros: 60_000, wallMs: 3 * MINUTE },
  ceiling: 'observe',
  memory: { reads: ['brand'], writes: ['agent'] },
  prompt: new URL('./prompt.md', import.meta.url),
  playbook: reviewForVoice,
  headline: reviewHeadline,
})
