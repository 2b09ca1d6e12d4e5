import { describe, expect, test } from 'vitest'
import { roster } from '../../../agents/index.ts'
import type { JudgeBrief, JudgedPublication } from '../../../agents/orchestrator/brief.ts'
import { findPlanFaults } from '../../../agents/orchestrator/find-plan-faults.ts'
import { idOf } from '../studio.ts'
import { decide, judgeBrief, planOf } from './desk.ts'

type Step = JudgeBrief['steps'][number]
const done = (key: string, agent: string, report: unknown): Step => ({ key, agent, status: 'done', report })

const posts = [1, 2].map((ordinal) => ({
  postId: idOf(`post ${ordinal}`),
  version: 1,
  clipId: idOf(`clip ${ordinal}`),
  ordinal,
  caption: `Caption ${ordinal}`,
  altText: 'x',
  publicationIds: [idOf(`publication ${ordinal}`)],
}))
const created = done('create', 'content-creator', {
  language: 'en',
  captionLanguage: 'en',
  clips: [1, 2].map((ordinal) => ({
    clipId: idOf(`clip ${ordinal}`),
    ordinal,
    startMs: ordinal * 20_000,
    endMs: ordinal * 20_000 + 18_000,
    renditions: [{ renditionId: idOf('r'), format: '9:16' }],
  })),
  posts,
  unplaced: [],
  asked: 2,
  notes: [],
  failures: [],
})
const finding = { rule: 'avoided-word', value: 'cheap', limit: 'never', fix: 'Say it without "cheap".' }
const voiceSays = (verdict: 'pass' | 'revise' | 'block') =>
  done('voice', 'brand-voice', {
    language: 'en',
    failures: [],
    reviews: posts.map(({ postId, ordinal }) => ({
      postId,
      ordinal,
      by: 'brand-voice',
      verdict: ordinal === 2 ? verdict : 'pass',
      score: ordinal === 2 ? 0.5 : 1,
      findings: ordinal === 2 ? [finding] : [],
      ...(ordinal === 2 && verdict === 'revise' ? { proposal: 'Caption two' } : {}),
    })),
  })
const acted = (skips: readonly number[]) =>
  done('publish', 'orchestrator', {
    decision: 'acted',
    language: 'en',
    intents: [],
    cancelled: [],
    remembered: [],
    skipped: skips.map((ordinal) => ({
      postId: idOf(`post ${ordinal}`),
      ordinal,
      because: 'brand-voice wants it changed',
    })),
    failures: [],
  })
const publication = (ordinal: number, change: Partial<JudgedPublication> = {}): JudgedPublication => ({
  publicationId: idOf(`publication ${ordinal}`),
  postId: idOf(`post ${ordinal}`),
  network: 'instagram',
  username: 'luna.music',
  state: 'verified',
  url: `https://www.instagram.com/reel/${ordinal}/`,
  ...change,
})

describe('another round', () => {
  test('a held-back post goes to the creator with findings and proposal, then through both reviews again', () => {
    const plan = planOf(
      judgeBrief({ steps: [created, voiceSays('revise'), acted([2])], publications: [publication(1)] }),
    )
    expect(plan.steps.map((step) => step.agent)).toEqual([
      'content-creator',
      'brand-voice',
      'compliance',
      'orchestrator',
    ])
    expect(plan.steps[0]?.brief).toEqual({
      job: 'revise',
      language: 'en',
      postIds: [idOf('post 2')],
      corrections: [{ postId: idOf('post 2'), findings: [finding], proposal: 'Caption two' }],
    })
    expect(
      findPlanFaults(
        plan.steps,
        roster.map((agent) => agent.role),
      ),
    ).toEqual([])
  })

  test('ends when no round is left, and says what was held back', () => {
    const answer = decide(
      judgeBrief({
        steps: [created, voiceSays('revise'), acted([2])],
        publications: [publication(1)],
        replansLeft: 0,
      }),
    )
    expect(answer).toMatchObject({ decision: 'answer', outcome: 'partial' })
    expect(answer.decision === 'answer' && answer.text).toContain(
      'Clip 2 is not published: brand-voice wants it changed.',
    )
  })

  test('a block is argued with by nobody', () => {
    expect(
      decide(
        judgeBrief({ steps: [created, voiceSays('block'), acted([2])], publications: [publication(1)] }),
      ),
    ).toMatchObject({ decision: 'answer', outcome: 'partial' })
  })

  test.each([
    ['shorter please', { length: 'shorter' }],
    ['sin hashtags', { hashtags: false }],
    ['in Spanish', { language: 'es' }],
    ['I do not like it', { isNew: true }],
  ])('a person’s "%s" becomes a wish', (reason, wish) => {
    const rejected = publication(1, {
      state: 'cancelled',
      url: null,
      approval: { status: 'rejected', reason },
    })
    const plan = planOf(
      judgeBrief({
        steps: [created, voiceSays('pass'), acted([])],
        publications: [rejected, publication(2)],
      }),
    )
    expect(plan.steps[0]?.brief).toEqual({ job: 'revise', language: 'en', postIds: [idOf('post 1')], wish })
  })

  test.each(['no', 'Never publish this', 'cancel it', ''])('a person’s "%s" is an end', (reason) => {
    const rejected = publication(1, {
      state: 'cancelled',
      url: null,
      approval: { status: 'rejected', reason },
    })
    const answer = decide(
      judgeBrief({
        steps: [created, voiceSays('pass'), acted([])],
        publications: [rejected, publication(2)],
      }),
    )
    expect(answer).toMatchObject({ decision: 'answer', outcome: 'partial' })
  })

  test('two rounds never share a key', () => {
    const first = planOf(judgeBrief({ steps: [created, voiceSays('revise'), acted([2])], publications: [] }))
    const second = planOf(
      judgeBrief({
        steps: [
          created,
          voiceSays('revise'),
          acted([2]),
          done(first.steps[0]?.key ?? '', 'content-creator', {}),
        ],
        publications: [],
      }),
    )
    expect(second.steps.filter((step) => first.steps.some((one) => one.key === step.key))).toEqual([])
  })
})

describe('the answer', () => {
  test('tells every clip and publication with its address and cites them', () => {
    const metrics = [10, 1234].map((value) => ({
      publicationId: idOf('publication 1'),
      metric: 'views',
      value,
    }))
    const answer = decide(
      judgeBrief({
        steps: [created, voiceSays('pass'), acted([])],
        publications: [publication(1), publication(2)],
        metrics,
      }),
    )
    expect(answer).toMatchObject({ decision: 'answer', outcome: 'done', language: 'en' })
    if (answer.decision !== 'answer') return
    expect(answer.text.split('\n')).toEqual([
      'Clip 1 (0:20–0:38, 9:16): “Caption 1”',
      '  instagram @luna.music: published https://www.instagram.com/reel/1/ · 1,234 views',
      'Clip 2 (0:40–0:58, 9:16): “Caption 2”',
      '  instagram @luna.music: published https://www.instagram.com/reel/2/',
    ])
    expect(answer.cites).toContainEqual({ what: 'publication', id: idOf('publication 2') })
  })

  test('speaks Spanish to who wrote Spanish, and repeats refusals and notes', () => {
    const answer = decide(
      judgeBrief({
        message: 'Corta este vídeo en dos clips y publícalos en Instagram y TikTok',
        steps: [created],
        publications: [publication(1, { state: 'awaiting-approval', url: null })],
        refusals: [{ asked: 'TikTok', because: 'todavía no está disponible' }],
        notes: ['Respondido por reglas.'],
      }),
    )
    if (answer.decision !== 'answer') throw new TypeError('no answer')
    expect(answer.text).toContain('instagram @luna.music: esperando aprobación')
    expect(answer.text).toContain('No hecho – TikTok: todavía no está disponible.')
    expect(answer.text).toContain('Respondido por reglas.')
    expect(answer.outcome).toBe('partial')
  })

  test('a step that failed is told, and nothing done is refused', () => {
    const failed: Step = {
      key: 'create',
      agent: 'content-creator',
      status: 'failed',
      report: null,
      error: 'the file is damaged',
    }
    const answer = decide(judgeBrief({ steps: [failed] }))
    expect(answer).toMatchObject({ outcome: 'refused', text: 'content-creator: the file is damaged' })
  })

  test('a review that was asked for is the answer, with findings and proposal', () => {
    const answer = decide(judgeBrief({ message: 'check clip 2', steps: [voiceSays('revise')] }))
    if (answer.decision !== 'answer') throw new TypeError('no answer')
    expect(answer.text).toContain('Clip 2, voice: needs changes (50/100)')
    expect(answer.text).toContain('avoided-word: cheap')
    expect(answer.text).toContain('Caption two')
  })
})
