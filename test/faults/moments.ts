/** When a process is killed. Each moment is a state of the rows, so that what is aimed at is what is hit. */
import type { State } from './read-state.ts'

export interface Sight extends State {
  /** Children of the victim that decode or encode now. */
  mediaTools: number
}

export interface Moment {
  readonly name: string
  readonly isNow: (sight: Sight) => boolean
  /** Whether the operator keeps approvals unanswered while it is waited for. */
  readonly isBeforeApproval: boolean
  /** The answer leaves together with the kill. */
  readonly isAnswering?: boolean
  /** The kill follows the sight after up to so long. */
  readonly delayMs: number
}

const has = ({ intents }: State, state: string) => intents.some((intent) => intent.state === state)

export const MOMENTS = {
  early: { name: 'any, early', isNow: () => true, isBeforeApproval: true, delayMs: 1_500 },
  planned: {
    name: 'plan → release',
    isNow: ({ steps }) => steps.length > 0 && steps.every(({ status }) => status === 'planned'),
    isBeforeApproval: true,
    delayMs: 0,
  },
  rendering: {
    name: 'rendering',
    isNow: ({ tools, mediaTools }) => tools.includes('render-clip') && mediaTools > 0,
    isBeforeApproval: true,
    delayMs: 100,
  },
  asked: { name: 'approval asked', isNow: ({ asked }) => asked > 0, isBeforeApproval: true, delayMs: 200 },
  answering: {
    name: 'approval answered',
    isNow: ({ asked }) => asked > 0,
    isBeforeApproval: true,
    isAnswering: true,
    delayMs: 40,
  },
  armed: {
    name: 'armed → sent',
    isNow: (sight) => has(sight, 'armed'),
    isBeforeApproval: false,
    delayMs: 600,
  },
  sent: {
    name: 'sent → accepted',
    isNow: (sight) => has(sight, 'sent'),
    isBeforeApproval: false,
    delayMs: 400,
  },
  accepted: {
    name: 'accepted → verified',
    isNow: (sight) => has(sight, 'accepted'),
    isBeforeApproval: false,
    delayMs: 100,
  },
  late: { name: 'any, late', isNow: () => true, isBeforeApproval: false, delayMs: 2_500 },
} as const satisfies Record<string, Moment>

/** What was hit, by the rows after the kill; one kill can hit several. */
export function judgeHit(sight: Sight): string[] {
  const hit: string[] = []
  if (sight.tools.includes('render-clip') && sight.mediaTools > 0) hit.push('rendering')
  if (has(sight, 'armed')) hit.push('armed → sent')
  if (has(sight, 'sent')) hit.push('sent → accepted')
  if (has(sight, 'accepted')) hit.push('accepted → verified')
  if (sight.steps.length > 0 && sight.steps.every(({ status }) => status === 'planned'))
    hit.push('plan → release')
  if (sight.asked > 0) hit.push('approval open')
  return hit
}

export function describeSight(sight: Sight): string {
  const working = sight.steps.filter(({ status }) => status === 'released').map(({ agent }) => agent)
  const acts = sight.intents.map(({ state }) => state).join(', ')
  return [
    `task ${sight.phase}`,
    ...(working.length > 0 ? [working.join(' + ')] : []),
    ...(sight.tools.length > 0 ? [`in ${sight.tools.join(', ')}`] : []),
    ...(sight.mediaTools > 0 ? [`${sight.mediaTools} ffmpeg`] : []),
    ...(acts ? [`acts ${acts}`] : []),
  ].join('; ')
}
