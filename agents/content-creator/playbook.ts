import type { Brand } from '../../runtime/core/entities.ts'
import { ask, call, type PlaybookRun } from '../../runtime/core/playbook.ts'
import type { CreatorBrief } from './brief.ts'
import { placePosts, reformatClips, revisePosts, trimClips } from './change-posts.ts'
import { makeClips } from './make-clips.ts'
import type { CreatorReport } from './report.ts'
import { emptyReport, findValue } from './results.ts'

export function* createContent(brief: CreatorBrief): PlaybookRun<CreatorReport> {
  const outcome = yield* ask<Brand>(call('read-brand', {}, 'Reading the brand'))
  const report = emptyReport(brief.language, brief.language)
  const brand = findValue(outcome, 'brand', report)
  if (!brand) return report
  switch (brief.job) {
    case 'make':
      return yield* makeClips(brief, brand)
    case 'trim':
      return yield* trimClips(brief, brand)
    case 'revise':
      return yield* revisePosts(brief, brand)
    case 'reformat':
      return yield* reformatClips(brief, brand)
    case 'place':
      return yield* placePosts(brief, brand)
  }
}
