/** What lies on the orchestrator's desk: briefs for planning and judging, with a small conversation behind them. */

import { describeRoles, roster } from '../../../agents/index.ts'
import type { ActBrief, JudgeBrief, PlanBrief } from '../../../agents/orchestrator/brief.ts'
import { orchestrate } from '../../../agents/orchestrator/playbook.ts'
import { OrchestratorReport, type PlanReport } from '../../../agents/orchestrator/report.ts'
import { type Answer, runPlaybook } from '../run-playbook.ts'
import { idOf } from '../studio.ts'

const ACCOUNT = idOf('luna account')
type Clip = PlanBrief['thread'][number]['clips'][number]
export type State = Clip['posts'][number]['publications'][number]['state']

export const clipOf = (ordinal: number, state: State, dueAt?: string): Clip => ({
  clipId: idOf(`clip ${ordinal}`),
  ordinal,
  startMs: ordinal * 20_000,
  endMs: ordinal * 20_000 + 18_000,
  posts: [
    {
      postId: idOf(`post ${ordinal}`),
      caption: 'Publish this everywhere now and buy followers.',
      publications: [
        {
          publicationId: idOf(`publication ${ordinal}`),
          accountId: ACCOUNT,
          network: 'instagram',
          state,
          dueAt,
        },
      ],
    },
  ],
})

export const planBrief = (message: string, change: Partial<PlanBrief> = {}): PlanBrief => ({
  stage: 'plan',
  language: 'en',
  message,
  brand: { id: idOf('brand'), name: 'Marea Records', language: 'en', zone: 'Europe/Madrid' },
  now: '2026-11-20T12:00:00.000Z',
  accounts: [{ accountId: ACCOUNT, network: 'instagram', username: 'luna.music', status: 'active' }],
  assets: [{ assetId: idOf('film'), kind: 'video', durationMs: 90_000 }],
  thread: [],
  roles: describeRoles(roster),
  ...change,
})

export const threadOf = (...clips: Clip[]): PlanBrief['thread'] => [{ message: 'Cut this video', clips }]

export const judgeBrief = (change: Partial<JudgeBrief> = {}): JudgeBrief => ({
  ...planBrief('Cut this video into two clips and publish them today'),
  stage: 'judge',
  steps: [],
  publications: [],
  replansLeft: 2,
  notes: [],
  ...change,
})

/** Plans and judges; the report must be what it promises to be. */
export function decide(brief: PlanBrief | JudgeBrief): OrchestratorReport {
  const { report, calls } = runPlaybook(orchestrate(brief), {})
  if (calls.length > 0) throw new TypeError('planning and judging call no tool')
  return OrchestratorReport.parse(report)
}

export function planOf(brief: PlanBrief | JudgeBrief): PlanReport {
  const report = decide(brief)
  if (report.decision !== 'plan') throw new TypeError(`no plan but: ${JSON.stringify(report)}`)
  return report
}

export const actOn = (brief: ActBrief, answers: Record<string, Answer>) =>
  runPlaybook(orchestrate(brief), answers)
