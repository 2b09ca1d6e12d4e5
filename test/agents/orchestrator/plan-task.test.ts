import { describe, expect, test } from 'vitest'
import { roster } from '../../../agents/index.ts'
import { findPlanFaults } from '../../../agents/orchestrator/find-plan-faults.ts'
import type { PlanStep } from '../../../agents/orchestrator/report.ts'
import { idOf } from '../studio.ts'
import { clipOf, decide, planBrief, planOf, threadOf } from './desk.ts'
import { ENGLISH_PHRASES } from './understand/english-phrases.ts'
import { SPANISH_PHRASES } from './understand/spanish-phrases.ts'

const ROLES = roster.map((agent) => agent.role)
const shape = (steps: readonly PlanStep[]) =>
  steps.map((step) => `${step.key}:${step.agent} < ${step.needs.join('+')}`)
const stepOf = (steps: readonly PlanStep[], key: string) => steps.find((step) => step.key === key)?.brief

const DEMO =
  "Cut this video into three vertical clips, write captions in the brand's voice and publish them today on Instagram"

describe('the main job', () => {
  test('is create, both reviews side by side, then acting on what both passed', () => {
    const { steps, refusals, say } = planOf(planBrief(DEMO))
    expect(shape(steps)).toEqual([
      'create:content-creator < ',
      'voice:brand-voice < create',
      'compliance:compliance < create',
      'publish:orchestrator < create+voice+compliance',
    ])
    expect(stepOf(steps, 'create')).toMatchObject({
      job: 'make',
      count: 3,
      formats: ['9:16'],
      assetIds: [idOf('film')],
    })
    expect(stepOf(steps, 'publish')).toEqual({
      stage: 'act',
      language: 'en',
      actions: [
        {
          do: 'publish',
          posts: { $from: 'create', path: 'posts' },
          reviews: [
            { $from: 'voice', path: 'reviews' },
            { $from: 'compliance', path: 'reviews' },
          ],
        },
      ],
    })
    expect([refusals, say]).toEqual([[], 'I will cut 3 clips (9:16) with captions and publish them.'])
  })

  test('without a wish to publish ends after the reviews', () => {
    expect(
      planOf(planBrief('Cut this video into 3 clips but do not publish')).steps.map((step) => step.key),
    ).toEqual(['create', 'voice', 'compliance'])
  })

  test('refuses what is not live by name and does the rest', () => {
    const { steps, refusals } = planOf(
      planBrief('Cut this video into 2 clips, publish them on Instagram and TikTok and buy followers'),
    )
    expect(refusals.map((refusal) => refusal.asked)).toEqual(['buy engagement', 'TikTok'])
    expect(steps.map((step) => step.key)).toContain('publish')
  })

  test('says its plan in the language of the message and the hour in the brand’s zone', () => {
    const { say, language } = planOf(planBrief('Corta este vídeo en 2 clips y publícalos mañana a las 18:00'))
    expect([language, say]).toEqual([
      'es',
      'Voy a cortar 2 clips (9:16) con textos y publicarlos el sábado 21 de noviembre, 18:00.',
    ])
  })

  test('at the best time waits for analytics and publishes nothing without an hour', () => {
    const { steps } = planOf(planBrief('Make 3 clips and publish at the best time'))
    expect(stepOf(steps, 'publish')).toMatchObject({
      actions: [{ isTimed: true, at: { $from: 'times', path: 'nextBestAt' } }],
    })
    expect(steps.find((step) => step.key === 'publish')?.needs).toContain('times')
  })

  test('without an account drafts nothing and says why', () => {
    const { steps, refusals } = planOf(planBrief(DEMO, { accounts: [] }))
    expect(steps.map((step) => step.key)).toEqual(['create'])
    expect(refusals).toMatchObject([{ asked: 'publishing' }])
  })

  test('without a film asks for one', () => {
    const answer = decide(planBrief(DEMO, { assets: [] }))
    expect(answer).toMatchObject({ decision: 'answer', outcome: 'refused' })
    expect(answer.decision === 'answer' && answer.text).toContain('no film is attached')
  })
})

describe('follow-ups', () => {
  const thread = threadOf(clipOf(1, 'verified'), clipOf(2, 'awaiting-approval'), clipOf(3, 'draft'))
  const follow = (message: string) => planOf(planBrief(message, { thread, assets: [] }))

  test('a shorter clip that was asked for is asked for again, a draft stays a draft', () => {
    expect(shape(follow('shorten clip 2').steps)).toEqual([
      'trim:content-creator < ',
      'voice:brand-voice < trim',
      'compliance:compliance < trim',
      'publish:orchestrator < trim+voice+compliance',
    ])
    expect(follow('shorten clip 3').steps.map((step) => step.key)).toEqual(['trim', 'voice', 'compliance'])
    expect(stepOf(follow('shorten clip 2 to 10 seconds').steps, 'trim')).toMatchObject({
      clips: [{ ordinal: 2, targetMs: 10_000 }],
    })
  })

  test('a clip scheduled for later keeps its time', () => {
    const dueAt = '2026-11-25T17:00:00.000Z'
    const { steps } = planOf(
      planBrief('new caption for clip 1', { thread: threadOf(clipOf(1, 'scheduled', dueAt)), assets: [] }),
    )
    expect(stepOf(steps, 'publish')).toMatchObject({
      actions: [{ at: dueAt, publicationIds: [idOf('publication 1')] }],
    })
  })

  test('what is live cannot change its words', () => {
    expect(decide(planBrief('new caption for clip 1', { thread, assets: [] }))).toMatchObject({
      decision: 'answer',
      refusals: [{ asked: 'clip 1', because: 'it is published already; undo it first' }],
    })
  })

  test('publishing an earlier draft looks at it once more first', () => {
    const { steps } = follow('publish clip 3 now')
    expect(steps.map((step) => step.key)).toEqual(['voice', 'compliance', 'publish'])
    expect(stepOf(steps, 'publish')).toMatchObject({ actions: [{ posts: [{ ordinal: 3 }] }] })
  })

  test('cancel calls back what waits, undo takes back the last that is live', () => {
    expect(stepOf(follow('cancel it').steps, 'act')).toMatchObject({
      actions: [{ do: 'cancel', publicationIds: [idOf('publication 2'), idOf('publication 3')] }],
    })
    expect(stepOf(follow('undo the last post').steps, 'act')).toMatchObject({
      actions: [{ do: 'undo', publicationIds: [idOf('publication 1')] }],
    })
  })

  test('moving names the new instant', () => {
    expect(stepOf(follow('mueve el clip 2 a mañana a las 9').steps, 'act')).toMatchObject({
      actions: [{ do: 'move', at: '2026-11-21T08:00:00.000Z' }],
    })
  })

  test('a trimmed clip and its siblings of the task before are one batch, an older film is another', () => {
    const late = [{ message: 'shorten clip 2', clips: [clipOf(2, 'draft')] }]
    const first = threadOf(clipOf(1, 'draft'), clipOf(3, 'draft'))
    const older = threadOf(clipOf(1, 'scheduled'), clipOf(4, 'scheduled'))
    const { steps } = planOf(
      planBrief('publish them now', { thread: [...late, ...first, ...older], assets: [] }),
    )
    expect(stepOf(steps, 'publish')).toMatchObject({
      actions: [{ posts: [{ ordinal: 1 }, { ordinal: 2 }, { ordinal: 3 }] }],
    })
  })

  test('a clip nobody made is refused with those there are', () => {
    expect(decide(planBrief('publish clip 7', { thread, assets: [] }))).toMatchObject({
      refusals: [{ asked: 'clip 7', because: 'there is no clip 7 (there are 1, 2 and 3)' }],
    })
  })

  test('what stands in an earlier caption is asked of nobody', () => {
    const { steps, refusals } = follow('shorten clip 3')
    expect([steps.some((step) => step.key === 'publish'), refusals]).toEqual([false, []])
  })

  test('the state of everything is told without a plan', () => {
    const answer = decide(planBrief('what is scheduled?', { thread, assets: [] }))
    expect(answer.decision === 'answer' && answer.text.split('\n')).toEqual([
      'Clip 1 @luna.music: published',
      'Clip 2 @luna.music: waiting for approval',
      'Clip 3 @luna.music: draft',
    ])
  })
})

describe('questions and facts', () => {
  test('go to analytics with the period', () => {
    const { steps } = planOf(planBrief('report of the last 7 days in HTML', { assets: [] }))
    expect(steps).toMatchObject([
      {
        agent: 'analytics',
        brief: { wants: ['summary'], document: 'html', from: '2026-11-13T12:00:00.000Z' },
      },
    ])
  })

  test('a text goes to the reviewer it is asked of', () => {
    expect(planOf(planBrief('does this caption fit our voice?: "Buy now!!!"')).steps).toMatchObject([
      { agent: 'brand-voice', brief: { text: 'Buy now!!!' } },
    ])
  })

  test('a fact is remembered in its own words', () => {
    expect(planOf(planBrief('Recuerda que el estreno es el 5 de diciembre')).steps).toMatchObject([
      {
        agent: 'orchestrator',
        brief: { actions: [{ do: 'remember', text: 'el estreno es el 5 de diciembre' }] },
      },
    ])
  })

  test.each(['hello', '¿qué puedes hacer?', 'asdf qwerty'])(
    '"%s" gets something useful to read',
    (message) => {
      const answer = decide(planBrief(message))
      expect(answer.decision === 'answer' && answer.text).toMatch(/clip 2/)
    },
  )
})

describe('every plan can run', () => {
  const thread = threadOf(clipOf(1, 'verified'), clipOf(2, 'awaiting-approval'), clipOf(3, 'draft'))

  test('whatever the phrase: no circle, no stranger, every literal brief parses', () => {
    for (const [phrase] of [...ENGLISH_PHRASES, ...SPANISH_PHRASES]) {
      const isFollowUp = phrase.startsWith('+')
      const report = decide(planBrief(phrase.replace(/^\+/, ''), isFollowUp ? { thread } : {}))
      if (report.decision !== 'plan') continue
      expect([phrase, findPlanFaults(report.steps, ROLES)]).toEqual([phrase, []])
      for (const step of report.steps.filter((one) => !JSON.stringify(one.brief).includes('$from'))) {
        const parsed = roster.find((agent) => agent.role === step.agent)?.brief.safeParse(step.brief)
        expect([phrase, step.key, parsed?.error?.message]).toEqual([phrase, step.key, undefined])
      }
    }
  })

  const step = (key: string, agent: PlanStep['agent'], needs: string[], brief = {}): PlanStep => ({
    key,
    agent,
    needs,
    brief,
  })

  test.each([
    [
      'two steps of one name',
      [step('a', 'analytics', []), step('a', 'analytics', [])],
      'two steps are called "a"',
    ],
    ['an agent that is not built', [step('a', 'growth-hacker', [])], 'there is no agent "growth-hacker"'],
    ['a need that is no step', [step('a', 'analytics', ['b'])], 'needs "b", which is no step'],
    ['a circle', [step('a', 'analytics', ['b']), step('b', 'analytics', ['a'])], 'waits for itself'],
    [
      'reading without needing',
      [step('a', 'analytics', []), step('b', 'analytics', [], { x: { $from: 'a', path: 'y' } })],
      'without needing it',
    ],
  ])('%s is named', (_, steps, fault) => {
    expect(findPlanFaults(steps, ROLES).join('; ')).toContain(fault)
  })
})
