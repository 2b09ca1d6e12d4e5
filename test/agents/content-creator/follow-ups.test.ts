import { describe, expect, test } from 'vitest'
import type { CreatorBrief, Wish } from '../../../agents/content-creator/brief.ts'
import { createContent } from '../../../agents/content-creator/playbook.ts'
import { CreatorReport } from '../../../agents/content-creator/report.ts'
import { runPlaybook } from '../run-playbook.ts'
import { idOf, marea, openStudio } from '../studio.ts'

const clipId = idOf('clip two')
const postId = idOf('post two')
const publicationId = idOf('publication two')
const CAPTION =
  'Feel it. 18 seconds! Artist: Luna Vidal. Hit play and tell us what you think. Turn the tide. Stay salty. 🔥'

const listed = {
  clips: [
    {
      clipId,
      ordinal: 2,
      startMs: 10_000,
      endMs: 28_000,
      renditions: [
        { renditionId: idOf('tall'), format: '9:16' },
        { renditionId: idOf('square'), format: '1:1' },
      ],
      posts: [
        {
          postId,
          caption: CAPTION,
          altText: 'Vertical video from Marea Records, 18 seconds, with sound.',
          version: 1,
          publications: [
            { publicationId, accountId: idOf('account'), network: 'instagram', state: 'awaiting-approval' },
          ],
        },
      ],
    },
  ],
}

function run(brief: CreatorBrief) {
  const studio = openStudio(marea)
  studio.posts.set(postId, { caption: CAPTION, altText: 'x', hashtags: ['#marea'], language: 'en' })
  const { report, calls } = runPlaybook(createContent(brief), {
    ...studio.answers,
    'list-clips': () => listed,
    'trim-clip': () => ({
      clip: { clipId: idOf('clip two, shorter'), ordinal: 2, startMs: 12_000, endMs: 22_000, score: 0.7 },
    }),
  })
  expect(CreatorReport.parse(report)).toEqual(report)
  return { report, calls, changes: calls.filter((call) => !/^(?:read|list|check)-/.test(call.tool)) }
}

const revise = (wish: Wish) => run({ job: 'revise', language: 'en', postIds: [postId], wish })

describe('shorten clip 2', () => {
  const trim = () =>
    run({
      job: 'trim',
      language: 'en',
      clips: [{ clipId, ordinal: 2, startMs: 10_000, endMs: 28_000, targetMs: 10_000 }],
    })

  test('trims, renders what was rendered and puts the new cut into the post', () => {
    expect(trim().changes.map((call) => call.tool)).toEqual(['trim-clip', 'render-clip', 'revise-post'])
    expect(trim().changes[1]?.args).toMatchObject({ formats: ['9:16', '1:1'] })
  })

  test('leaves the words alone but for the length they name', () => {
    expect(trim().report.posts[0]?.caption).toBe(CAPTION.replace('18 seconds', '10 seconds'))
    expect(trim().changes[2]?.args).toMatchObject({
      altText: 'Vertical video from Marea Records, 10 seconds, with sound.',
    })
  })
})

describe('other words for clip 2', () => {
  test('a new caption differs and touches no film', () => {
    const { changes, report } = revise({ isNew: true })
    expect(changes.every((call) => call.tool === 'revise-post')).toBe(true)
    expect(report.posts[0]?.caption).not.toBe(CAPTION)
    expect(changes[0]?.args).not.toHaveProperty('hashtags')
  })

  test('shorter keeps the beginning and the sign-off', () => {
    const caption = revise({ length: 'shorter' }).report.posts[0]?.caption ?? ''
    expect(caption.startsWith('Feel it. 18 seconds!')).toBe(true)
    expect(caption).toContain('Stay salty.')
    expect(caption.length).toBeLessThan(CAPTION.length)
  })

  test('exact words are used exactly', () => {
    expect(revise({ text: 'Sal. Out 5 December.' }).report.posts[0]?.caption).toBe('Sal. Out 5 December.')
  })

  test('without hashtags changes the hashtags alone', () => {
    expect(revise({ hashtags: false }).changes[0]?.args).toEqual({ postId, hashtags: [] })
  })

  test('without emoji takes out nothing else', () => {
    expect(revise({ emoji: false }).report.posts[0]?.caption).toBe(CAPTION.replace(' 🔥', ''))
  })

  test('a reviewer’s proposal is taken as it is', () => {
    const proposal = CAPTION.replace('Feel it. ', 'Feel it now. ')
    const findings = [{ rule: 'ear', value: 'x', limit: 'y', fix: 'z' }]
    const { report } = run({
      job: 'revise',
      language: 'en',
      postIds: [postId],
      corrections: [{ postId, findings, proposal }],
    })
    expect(report.posts[0]?.caption).toBe(proposal)
  })

  test('a post nobody knows is reported, not guessed', () => {
    const { report } = run({ job: 'revise', language: 'en', postIds: [idOf('nowhere')] })
    expect(report.failures).toMatchObject([{ what: 'post', code: 'not-found' }])
  })
})

test('clip 2 in square is one rendering and nothing else', () => {
  const { changes } = run({
    job: 'reformat',
    language: 'en',
    clips: [{ clipId, ordinal: 2, startMs: 10_000, endMs: 28_000 }],
    formats: ['1:1'],
  })
  expect(changes.map((call) => [call.tool, call.args.formats])).toEqual([['render-clip', ['1:1']]])
})

test('a clip without a place is drafted on the accounts there are', () => {
  const { report } = run({
    job: 'place',
    language: 'en',
    clips: [{ clipId, ordinal: 2, startMs: 10_000, endMs: 28_000 }],
    accountIds: [idOf('account')],
  })
  expect(report.posts).toMatchObject([{ ordinal: 2, caption: CAPTION }])
  expect(report.posts[0]?.publicationIds).toHaveLength(1)
})
