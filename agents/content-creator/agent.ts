import { defineAgent } from '../../runtime/core/agent.ts'
import { MINUTE } from '../../runtime/core/clock.ts'
import {
  checkPost,
  checkVoice,
  describeClip,
  draftPost,
  findHighlights,
  listClips,
  probeVideo,
  readBrand,
  recall,
  renderClip,
  revisePost,
  trimClip,
} from '../../tools/index.ts'
import { pick } from '../words/language.ts'
import { clipsOf, plural } from '../words/units.ts'
import { CreatorBrief } from './brief.ts'
import { createContent } from './playbook.ts'
import { CreatorReport } from './report.ts'

export const contentCreator = defineAgent({
  role: 'content-creator',
  mission:
    'Cut films into clips worth watching and write their posts in the brand’s voice, from facts alone.',
  tools: [
    readBrand,
    recall,
    probeVideo,
    findHighlights,
    trimClip,
    renderClip,
    describeClip,
    listClips,
    draftPost,
    revisePost,
    checkVoice,
    checkPost,
  ],
  brief: CreatorBrief,
  report: CreatorReport,
  tier: 'creative',
  limits: { turns: 30, costMicros: 300_000, wallMs: 30 * MINUTE },
  ceiling: 'propose',
  memory: { reads: ['brand', 'agent'], writes: ['agent'] },
  prompt: new URL('./prompt.md', import.meta.url),
  playbook: createContent,
  headline: ({ language, clips, posts, failures }: CreatorReport) =>
    pick(language, {
      en: `${clipsOf(clips.length, language)}, ${plural(posts.length, 'post', 'posts')} drafted${failures.length > 0 ? `, ${failures.length} failed` : ''}`,
      es: `${clipsOf(clips.length, language)}, ${plural(posts.length, 'borrador', 'borradores')}${failures.length > 0 ? `, ${plural(failures.length, 'fallo', 'fallos')}` : ''}`,
    }),
})
