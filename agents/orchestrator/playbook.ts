import type { PlaybookRun } from '../../runtime/core/playbook.ts'
import { act } from './act.ts'
import type { OrchestratorBrief } from './brief.ts'
import { judgeTask } from './judge-task.ts'
import { planTask } from './plan-task.ts'
import type { OrchestratorReport } from './report.ts'

/** Plans and judges without a tool; only the act stage calls any. */
export function* orchestrate(brief: OrchestratorBrief): PlaybookRun<OrchestratorReport> {
  switch (brief.stage) {
    case 'plan':
      return planTask(brief)
    case 'judge':
      return judgeTask(brief)
    case 'act':
      return yield* act(brief)
  }
}
