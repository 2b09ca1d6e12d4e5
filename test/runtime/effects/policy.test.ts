import { describe, expect, test } from 'vitest'
import { addMs, DAY, HOUR, type Instant, MINUTE } from '../../../runtime/core/clock.ts'
import {
  type Decision,
  decide,
  type Facts,
  type PastAct,
  Policy,
  tighten,
} from '../../../runtime/effects/policy.ts'

const NOW = '2026-11-20T12:00:00.000Z' as Instant
const ACCOUNT = { id: 'a1', status: 'active', pausedReason: null, username: 'luna' } as const
const FACTS: Facts = {
  effect: 'write',
  agent: 'content-creator',
  ceiling: 'act',
  trust: 2,
  now: NOW,
  at: NOW,
  zone: 'Europe/Madrid',
  isBrandFrozen: false,
  account: ACCOUNT,
  areRightsConfirmed: true,
  text: 'A quiet song',
  reviews: [],
  preflight: [],
  costMicros: 0,
  past: [],
  quota: undefined,
}
const OPEN = { autonomy: 'act' } as const

const acts = (count: number, more: Partial<PastAct> = {}): PastAct[] =>
  Array.from({ length: count }, (_, index) => ({
    agent: 'content-creator',
    accountId: 'a1',
    unit: 'action' as const,
    amount: 1,
    at: addMs(NOW, -MINUTE * (index + 1)),
    ...more,
  }))

const verdict = (rules: object, facts: Partial<Facts>, phase: 'asking' | 'arming' = 'asking') =>
  decide(Policy.parse(rules), { ...FACTS, ...facts }, phase)

const review = (by: 'brand-voice' | 'compliance', said: 'pass' | 'revise' | 'block') => ({
  by,
  verdict: said,
  score: 1,
  findings: [],
})
const finding = { rule: 'hashtags', value: '31 hashtags', limit: 'at most 30 hashtags', fix: 'Fewer.' }

test.each<[string, object, Partial<Facts>, Decision['kind'], string[]]>([
  ['by default a person decides', {}, {}, 'ask', ['ask-autonomy']],
  ['an agent that may act acts', OPEN, {}, 'allow', []],
  ['the agent’s own ceiling is lower', OPEN, { ceiling: 'propose' }, 'ask', ['ask-autonomy']],
  [
    'the tenant lowers one agent',
    { ...OPEN, agents: { 'content-creator': 'observe' } },
    {},
    'deny',
    ['autonomy'],
  ],
  ['an observer acts', { autonomy: 'observe' }, {}, 'deny', ['autonomy']],
  ['an agent acts if asked, on its own idea', { autonomy: 'act-if-asked' }, {}, 'ask', ['ask-autonomy']],
  ['the owner asks in person', { autonomy: 'act-if-asked' }, { agent: 'owner', trust: 3 }, 'allow', []],
  [
    'rules read it in a person’s task',
    { autonomy: 'act-if-asked' },
    { isAsked: true, trust: 2 },
    'allow',
    [],
  ],
  [
    'a model understood a person’s task so',
    { autonomy: 'act-if-asked' },
    { isAsked: true, trust: 1 },
    'ask',
    ['ask-autonomy'],
  ],
  [
    'somebody only speaks as the owner',
    { autonomy: 'act-if-asked' },
    { agent: 'owner', trust: 1 },
    'ask',
    ['ask-autonomy'],
  ],
  ['foreign text is behind it', OPEN, { trust: 0 }, 'ask', ['ask-trust']],
  [
    'foreign text is behind it, and the policy would not mind',
    { ...OPEN, needsTrust: 0 },
    { trust: 0, needsTrust: 1 },
    'ask',
    ['ask-trust'],
  ],
  ['inference is not trusted here', { ...OPEN, needsTrust: 2 }, { trust: 1 }, 'ask', ['ask-trust']],
  ['rights are not confirmed', OPEN, { areRightsConfirmed: false }, 'ask', ['ask-rights']],
  ['a message needs no rights', OPEN, { areRightsConfirmed: false, effect: 'message' }, 'allow', []],
  ['a banned word', { ...OPEN, content: { banned: ['QUIET song'] } }, {}, 'deny', ['content-banned']],
  [
    'compliance blocked it',
    OPEN,
    { reviews: [review('compliance', 'block')] },
    'deny',
    ['review-compliance'],
  ],
  [
    'a reviewer wants changes',
    OPEN,
    { reviews: [review('brand-voice', 'revise')] },
    'ask',
    ['ask-review-brand-voice'],
  ],
  [
    'a needed reviewer is silent',
    { ...OPEN, content: { needsReviews: ['compliance'] } },
    {},
    'ask',
    ['ask-review-missing-compliance'],
  ],
  [
    'a needed reviewer passed it',
    { ...OPEN, content: { needsReviews: ['compliance'] } },
    { reviews: [review('compliance', 'pass')] },
    'allow',
    [],
  ],
  ['the network would refuse it', OPEN, { preflight: [finding] }, 'deny', ['network-hashtags']],
  ['the account has one act left', OPEN, { past: acts(9) }, 'allow', []],
  ['the account’s hour is full', OPEN, { past: acts(10) }, 'deny', ['cap-account-hour']],
  ['the acts were of another account', OPEN, { past: acts(10, { accountId: 'a2' }) }, 'allow', []],
  [
    'the acts were of another agent',
    { ...OPEN, caps: { agent: { hour: 5, day: 9 } } },
    { past: acts(6, { agent: 'growth-hacker' }) },
    'allow',
    [],
  ],
  ['the acts are too old to count', OPEN, { past: acts(10, { at: addMs(NOW, -HOUR) }) }, 'allow', []],
  ['the day is full', OPEN, { past: acts(20, { at: addMs(NOW, -2 * HOUR) }) }, 'deny', ['cap-account-day']],
  [
    'a cap of nothing',
    { ...OPEN, caps: { account: { hour: 0, day: 0 } } },
    {},
    'deny',
    ['cap-account-hour', 'cap-account-day'],
  ],
  [
    'the network’s own quota is full',
    OPEN,
    { past: acts(3), quota: { publications: 3, perMs: DAY } },
    'deny',
    ['cap-network'],
  ],
  ['money without a budget', OPEN, { costMicros: 1 }, 'deny', ['spend-hour', 'spend-day', 'spend-month']],
  [
    'money within its budget',
    { ...OPEN, spend: { hourMicros: 5, dayMicros: 5, monthMicros: 5 } },
    { costMicros: 5 },
    'allow',
    [],
  ],
  [
    'money beyond its day',
    { ...OPEN, spend: { hourMicros: 9, dayMicros: 9, monthMicros: 99 } },
    { costMicros: 5, past: acts(1, { unit: 'spend', amount: 5, at: addMs(NOW, -2 * HOUR) }) },
    'deny',
    ['spend-day'],
  ],
])('%s', (_, rules, facts, kind, said) => {
  const { kind: decided, rules: spoke, sentence } = verdict(rules, facts)
  expect({ decided, spoke }).toEqual({ decided: kind, spoke: said })
  expect(sentence.length).toBeGreaterThan(10)
})

test.each<[string, object, Partial<Facts>, string]>([
  ['the tenant is paused', { ...OPEN, paused: 'a crisis' }, {}, 'Everything is paused: a crisis.'],
  ['the brand is frozen', OPEN, { isBrandFrozen: true }, 'The brand is frozen.'],
  [
    'the account must reconnect',
    OPEN,
    { account: { ...ACCOUNT, status: 'reconnect' } },
    'The account luna must be connected again.',
  ],
  [
    'the account rests',
    OPEN,
    { account: { ...ACCOUNT, status: 'paused', pausedReason: 'a burst' } },
    'The account luna is paused: a burst.',
  ],
])('%s: it is held, not refused', (_, rules, facts, held) => {
  expect(verdict(rules, facts)).toMatchObject({ kind: 'allow', held })
})

test('without a policy everything is refused', () => {
  expect(decide(undefined, FACTS, 'asking')).toMatchObject({ kind: 'deny', rules: ['policy-missing'] })
})

test('an act agreed on waits for room instead of being refused', () => {
  const decision = verdict(OPEN, { past: acts(10) }, 'arming')
  expect(decision).toMatchObject({ kind: 'allow', notBefore: '2026-11-20T12:50:01.000Z' })
})

test.each([
  ['at night', '2026-11-20T23:30:00.000Z', '2026-11-21T07:00:00.000Z'],
  ['past midnight', '2026-11-21T03:00:00.000Z', '2026-11-21T07:00:00.000Z'],
  ['by day', '2026-11-20T12:00:00.000Z', undefined],
  ['on the night an hour comes twice', '2026-10-24T22:30:00.000Z', '2026-10-25T07:00:00.000Z'],
  ['on the night an hour is missing', '2026-03-28T22:30:00.000Z', '2026-03-29T06:00:00.000Z'],
])('quiet hours of the brand’s zone hold %s', (_, at, until) => {
  const rules = { ...OPEN, quietHours: { from: '22:00', to: '08:00' } }
  expect(verdict(rules, { at: at as Instant }).notBefore).toBe(until)
})

describe('decided again, an act only becomes harder', () => {
  const allow = verdict(OPEN, {})
  const ask = verdict({}, {})
  const deny = verdict({ autonomy: 'observe' }, {})
  test.each([
    ['allowed by the policy, still allowed', { by: 'policy' } as const, allow, 'allow'],
    ['allowed by the policy, now asked', { by: 'policy' } as const, ask, 'ask'],
    [
      'approved by a person who saw the reason',
      { by: 'person', rules: ['ask-autonomy'] } as const,
      ask,
      'allow',
    ],
    [
      'approved by a person, a new reason appeared',
      { by: 'person', rules: ['ask-rights'] } as const,
      ask,
      'ask',
    ],
    ['approved by a person, now refused', { by: 'person', rules: ['ask-autonomy'] } as const, deny, 'deny'],
    ['approved by nobody, the policy was loosened', { by: 'nobody' } as const, allow, 'ask'],
  ])('%s', (_, granted, now, kind) => {
    expect(tighten(granted, now).kind).toBe(kind)
  })
})

test('unknown keys make a policy unreadable', () => {
  expect(Policy.safeParse({ autonomy: 'act', capz: {} }).success).toBe(false)
})
