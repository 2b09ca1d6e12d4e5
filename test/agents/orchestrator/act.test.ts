import { expect, test } from 'vitest'
import type { PostReview } from '../../../agents/brand-voice/report.ts'
import type { ActBrief } from '../../../agents/orchestrator/brief.ts'
import { ActedReport } from '../../../agents/orchestrator/report.ts'
import { refuse } from '../run-playbook.ts'
import { idOf } from '../studio.ts'
import { actOn } from './desk.ts'

const posts = [1, 2, 3].map((ordinal) => ({
  postId: idOf(`post ${ordinal}`),
  ordinal,
  publicationIds: [idOf(`publication ${ordinal}`)],
}))
const review = (ordinal: number, verdict: PostReview['verdict']): PostReview => ({
  postId: idOf(`post ${ordinal}`),
  ordinal,
  by: 'compliance',
  verdict,
  score: 1,
  findings:
    verdict === 'pass' ? [] : [{ rule: 'disclosure', value: 'sponsored', limit: 'labelled', fix: '#ad' }],
})
const reply = () => ({
  intentId: idOf('intent'),
  state: 'awaiting-approval',
  verdict: { kind: 'ask', sentence: 'A person decides.', rules: ['autonomy'] },
})
const answers = {
  'publish-post': reply,
  'schedule-post': reply,
  'undo-publication': reply,
  'cancel-publication': ({ publicationId }: Record<string, unknown>) => ({
    publicationId,
    state: 'cancelled',
  }),
  remember: () => ({ id: 'm1', superseded: [] }),
}
const act = (actions: ActBrief['actions'], change = {}) => {
  const { report, calls } = actOn({ stage: 'act', language: 'en', actions }, { ...answers, ...change })
  return { report: ActedReport.parse(report), calls }
}

test('asks the gate for each publication that every reviewer passed, and for no other', () => {
  const reviews = [
    [review(1, 'pass'), review(2, 'revise'), review(3, 'pass')],
    [review(1, 'pass'), review(2, 'pass')],
  ]
  const { report, calls } = act([{ do: 'publish', posts, reviews }])
  expect(calls.map((call) => call.args.publicationId)).toEqual([idOf('publication 1')])
  expect(report.skipped).toEqual([
    { postId: idOf('post 2'), ordinal: 2, because: 'compliance wants it changed (disclosure: sponsored)' },
    { postId: idOf('post 3'), ordinal: 3, because: 'a reviewer has not seen it' },
  ])
  expect(report.intents).toMatchObject([
    { did: 'publish', state: 'awaiting-approval', verdict: { kind: 'ask' } },
  ])
})

test('honours only, except and the chosen publications', () => {
  const asked = (choice: object) =>
    act([{ do: 'publish', posts, ...choice }]).calls.map((call) => call.args.publicationId)
  expect(asked({ only: [2] })).toEqual([idOf('publication 2')])
  expect(asked({ except: [2] })).toEqual([idOf('publication 1'), idOf('publication 3')])
  expect(asked({ publicationIds: [idOf('publication 3')] })).toEqual([idOf('publication 3')])
})

test('schedules when a time is given and does nothing when the time asked for is missing', () => {
  const at = '2026-11-21T17:00:00.000Z'
  expect(act([{ do: 'publish', posts, at, isTimed: true, only: [1] }]).calls).toEqual([
    { tool: 'schedule-post', args: { publicationId: idOf('publication 1'), at } },
  ])
  const lost = act([{ do: 'publish', posts, isTimed: true }])
  expect([lost.calls, lost.report.skipped.length]).toEqual([[], 3])
})

test('cancels, undoes, moves and remembers in one step', () => {
  const publicationIds = [idOf('publication 1')]
  const { report, calls } = act([
    { do: 'cancel', publicationIds, because: 'cancel it' },
    { do: 'undo', publicationIds },
    { do: 'move', publicationIds, at: '2026-11-21T17:00:00.000Z' },
    { do: 'remember', subject: 'Marea Records', predicate: 'fact', text: 'The release is on 5 Dec.' },
  ])
  expect(calls.map((call) => call.tool)).toEqual([
    'cancel-publication',
    'undo-publication',
    'schedule-post',
    'remember',
  ])
  expect(report).toMatchObject({ cancelled: publicationIds, remembered: ['The release is on 5 Dec.'] })
  expect(report.intents.map((intent) => intent.did)).toEqual(['undo', 'move'])
})

test('a refusal of the gate is written down and not tried another way', () => {
  const { report, calls } = act([{ do: 'publish', posts, only: [1] }], {
    'publish-post': () => refuse('policy-denied', 'the brand is frozen'),
  })
  expect(calls).toHaveLength(1)
  expect(report.failures).toEqual([
    {
      what: 'publish-post',
      id: idOf('publication 1'),
      code: 'policy-denied',
      message: 'the brand is frozen',
    },
  ])
})
