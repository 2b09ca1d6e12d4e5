import { expect, test } from 'vitest'
import { MINUTE } from '../../../runtime/core/clock.ts'
import { connectors } from '../../../tools/connectors/index.ts'

const { preflight } = connectors.instagram
const MEDIA = {
  sha256: 'x',
  bytes: 1_000,
  mediaType: 'video/mp4',
  durationMs: 30_000,
  width: 1080,
  height: 1920,
}
const rulesOf = (caption: string, media: object = {}, options: Record<string, unknown> = {}) =>
  preflight({ caption, altText: '', media: { ...MEDIA, ...media }, coverSha256: null, options }).map(
    ({ rule }) => rule,
  )

const tags = (count: number, sign: string) =>
  Array.from({ length: count }, (_, index) => `${sign}a${index}`).join(' ')

test.each<[string, string[], string, object?, Record<string, unknown>?]>([
  ['a plain reel', [], 'Out now #music @luna'],
  ['2,200 characters, emoji counted once', [], '🎵'.repeat(2_200)],
  ['2,201 characters', ['caption-length'], 'a'.repeat(2_201)],
  ['30 hashtags', [], tags(30, '#')],
  ['31 hashtags', ['hashtags'], tags(31, '#')],
  ['21 mentions', ['mentions'], tags(21, '@')],
  [
    'an address is no mention',
    [],
    'write to '.concat(Array.from({ length: 25 }, () => 'me@luna.es').join(' ')),
  ],
  ['3 seconds', [], '', { durationMs: 3_000 }],
  ['just under 3 seconds', ['duration'], '', { durationMs: 2_999 }],
  ['just over 15 minutes', ['duration'], '', { durationMs: 15 * MINUTE + 1 }],
  ['300 MiB and a byte', ['size'], '', { bytes: 300 * 1024 ** 2 + 1 }],
  ['no bytes', ['size'], '', { bytes: 0 }],
  ['a width of 1,921', ['width'], '', { width: 1_921 }],
  ['a film of another kind', ['media-type'], '', { mediaType: 'video/webm' }],
  ['the network’s own choices', [], '', {}, { shareToFeed: false, coverOffsetMs: 29_999, audioName: 'Luna' }],
  ['a cover behind the end', ['cover-offset'], '', {}, { coverOffsetMs: 30_000 }],
  ['a choice nobody knows', ['choice'], '', {}, { pinned: true }],
  ['a choice of the wrong type', ['choice'], '', {}, { shareToFeed: 'yes' }],
])('%s breaks %j', (_, rules, caption, media, options) => {
  expect(rulesOf(caption, media, options)).toEqual(rules)
})

test('a finding says the value, the limit and what to do', () => {
  const [finding] = preflight({
    caption: tags(31, '#'),
    altText: '',
    media: MEDIA,
    coverSha256: null,
    options: {},
  })
  expect(finding).toEqual({
    rule: 'hashtags',
    value: '31 hashtags',
    limit: 'at most 30 hashtags',
    fix: 'Keep the hashtags that fit best.',
  })
})
