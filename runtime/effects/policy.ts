/**
 * The rules of a tenant and what they say to one act. Pure: facts in, verdict out, so that it can be decided when asked
 * and again when arming, and be tested as a table. What is unknown or unreadable is refused.
 */
import { z } from 'zod'
import { addMs, DAY, HOUR, type Instant, instantMs, MINUTE, SECOND } from '../core/clock.ts'
import { Autonomy, lowestAutonomy, type OuterEffectKind, type Verdict } from '../core/effect.ts'
import type { Account, Review } from '../core/entities.ts'
import { formatMoney } from '../core/money.ts'
import type { PreflightFinding } from '../core/ports/publisher.ts'
import { TRUST, Trust } from '../core/trust.ts'
import { endOfQuiet } from './quiet-hours.ts'

const Cap = z.strictObject({ hour: z.int().min(0), day: z.int().min(0) })
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Defaults are the safe side; loosening is a value somebody wrote. Unknown keys make a policy unreadable. */
export const Policy = z.strictObject({
  /** Stops every act of the tenant until lifted; says why. */
  paused: z.string().min(1).nullable().default(null),
  /** The most any agent may do here, and single agents less. */
  autonomy: Autonomy.default('propose'),
  agents: z.record(z.string(), Autonomy).default({}),
  /** Below this trust of what the agent read or wrote, a person is asked. */
  needsTrust: Trust.default(TRUST.inference),
  /** Acts in rolling windows. Twenty posts a day and account is the conduct we promise networks. */
  caps: z
    .strictObject({
      tenant: Cap.default({ hour: 60, day: 500 }),
      agent: Cap.default({ hour: 30, day: 200 }),
      account: Cap.default({ hour: 10, day: 20 }),
    })
    .prefault({}),
  /** Money an act itself costs; nothing until somebody allows it. */
  spend: z
    .strictObject({
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .default('USD'),
      hourMicros: z.int().min(0).default(0),
      dayMicros: z.int().min(0).default(0),
      monthMicros: z.int().min(0).default(0),
    })
    .prefault({}),
  /** No publication starts between these times of the brand's zone. */
  quietHours: z.strictObject({ from: ClockTime, to: ClockTime }).nullable().default(null),
  content: z
    .strictObject({
      banned: z.array(z.string().min(1)).default([]),
      /** Reviewers without whose word a person is asked. */
      needsReviews: z.array(z.enum(['brand-voice', 'compliance'])).default([]),
    })
    .prefault({}),
  approvals: z
    .strictObject({
      expireAfterMs: z
        .int()
        .min(MINUTE)
        .default(2 * DAY),
    })
    .prefault({}),
  /** An act this late is not done any more. */
  lateAfterMs: z
    .int()
    .min(MINUTE)
    .default(2 * HOUR),
  breaker: z
    .strictObject({
      burst: z.int().min(1).default(6),
      burstMs: z
        .int()
        .min(SECOND)
        .default(10 * MINUTE),
      /** The same film under the same caption on one account within this time is a loop, not a plan. */
      twinMs: z
        .int()
        .min(0)
        .default(7 * DAY),
    })
    .prefault({}),
})
export type Policy = z.output<typeof Policy>

/** An act held or done in the window, as the reservations tell. */
export interface PastAct {
  agent: string
  accountId: string
  unit: 'action' | 'spend'
  amount: number
  at: string
}

export interface Facts {
  effect: OuterEffectKind
  /** `owner` is a person at the API or the command line. */
  agent: string
  ceiling: Autonomy
  /** True when the task was given by a person, not started by a cycle. */
  isAsked?: boolean
  trust: Trust
  /** The verb's own floor; a policy can only ask for more. */
  needsTrust?: Trust
  now: Instant
  /** When it would act. */
  at: Instant
  zone: string
  isBrandFrozen: boolean
  account: Pick<Account, 'id' | 'status' | 'pausedReason' | 'username'>
  areRightsConfirmed: boolean
  /** Everything people will read. */
  text: string
  reviews: readonly Review[]
  preflight: readonly PreflightFinding[]
  costMicros: number
  /** Acts of the last 31 days before `at`, this one not among them. */
  past: readonly PastAct[]
  /** What the network itself allows an account. */
  quota: { publications: number; perMs: number } | undefined
}

export interface Decision extends Verdict {
  /** It may act, but not before. */
  notBefore?: Instant
  /** It may act once this is lifted. */
  held?: string
}

interface Finding {
  rule: string
  kind: 'deny' | 'ask' | 'hold' | 'wait'
  sentence: string
  until?: Instant
}

type Rule = (policy: Policy, facts: Facts) => Finding | readonly Finding[] | undefined

/**
 * `phase` tells a full window apart: asked for now it is refused, an act agreed on earlier waits until there is room.
 * `policy` undefined (no row, unreadable) refuses.
 */
export function decide(policy: Policy | undefined, facts: Facts, phase: 'asking' | 'arming'): Decision {
  if (!policy)
    return { kind: 'deny', sentence: 'No readable policy, so nothing may act.', rules: ['policy-missing'] }
  const findings = RULES.flatMap((rule) => rule(policy, facts) ?? []).map((finding) =>
    phase === 'asking' && finding.kind === 'wait' && finding.rule.startsWith('cap-')
      ? { ...finding, kind: 'deny' as const }
      : finding,
  )
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind)
  const say = (some: readonly Finding[]) => some.map(({ sentence }) => sentence).join(' ')
  const rules = findings.map(({ rule }) => rule)
  const [denied, asked, held, waits] = [of('deny'), of('ask'), of('hold'), of('wait')]
  if (denied.length > 0) return { kind: 'deny', sentence: say(denied), rules }
  const until = waits
    .map((wait) => wait.until ?? facts.now)
    .sort()
    .at(-1)
  return {
    kind: asked.length > 0 ? 'ask' : 'allow',
    sentence: say([...asked, ...held, ...waits]) || 'Allowed: within autonomy, caps and content rules.',
    rules,
    ...(until === undefined ? {} : { notBefore: until }),
    ...(held.length > 0 ? { held: say(held) } : {}),
  }
}

/** What was granted when asked: by the policy alone, or by a person who saw these rules. */
export type Granted = { by: 'policy' } | { by: 'person'; rules: readonly string[] } | { by: 'nobody' }

/** Decided again, an act may only become harder: what a person agreed to stands unless a new reason to ask appeared. */
export function tighten(granted: Granted, now: Decision): Decision {
  if (now.kind === 'deny') return now
  if (granted.by === 'nobody')
    return now.kind === 'ask'
      ? now
      : { ...now, kind: 'ask', sentence: 'It was asked for and not answered yet.' }
  if (now.kind === 'allow' || granted.by === 'policy') return now
  const fresh = now.rules.filter((rule) => rule.startsWith('ask-') && !granted.rules.includes(rule))
  return fresh.length > 0 ? now : { ...now, kind: 'allow' }
}

export const RULES: readonly Rule[] = [
  autonomy,
  trusted,
  (_, { effect, areRightsConfirmed }) =>
    effect === 'message' || areRightsConfirmed
      ? undefined
      : ask('rights', 'Rights and terms for the film are not confirmed yet; the answer can confirm them.'),
  ({ paused }) => (paused === null ? undefined : hold('paused', `Everything is paused: ${paused}.`)),
  (_, { isBrandFrozen }) => (isBrandFrozen ? hold('frozen', 'The brand is frozen.') : undefined),
  (_, { account }) => accountRule(account),
  quiet,
  caps,
  quota,
  spend,
  banned,
  reviews,
  (_, { preflight }) =>
    preflight.map(({ rule, value, limit, fix }) =>
      deny(`network-${rule}`, `The network allows ${limit}, this has ${value}. ${fix}`),
    ),
]

const deny = (rule: string, sentence: string): Finding => ({ rule, kind: 'deny', sentence })
/** Rules that ask carry it in their name, so that `tighten` can tell a new question from one that was answered. */
const ask = (rule: string, sentence: string): Finding => ({ rule: `ask-${rule}`, kind: 'ask', sentence })
const hold = (rule: string, sentence: string): Finding => ({ rule, kind: 'hold', sentence })
const wait = (rule: string, sentence: string, until: Instant): Finding => ({
  rule,
  kind: 'wait',
  sentence,
  until,
})

function trusted(policy: Policy, { trust, needsTrust = TRUST.foreign }: Facts): Finding | undefined {
  const needed = Math.max(policy.needsTrust, needsTrust)
  if (trust >= needed) return undefined
  return ask('trust', `It follows from text of other people (trust ${trust}, needs ${needed}).`)
}

function autonomy(policy: Policy, { agent, ceiling, trust, isAsked = false }: Facts): Finding | undefined {
  const own = Object.hasOwn(policy.agents, agent) ? policy.agents[agent] : undefined
  const rung = lowestAutonomy(ceiling, policy.autonomy, own ?? policy.autonomy)
  // "Exactly this" can be told only where rules read the person's words; a model's reading is an inference.
  const isPersonal = agent === 'owner' ? trust === TRUST.owner : isAsked && trust >= TRUST.verified
  switch (rung) {
    case 'observe':
      return deny('autonomy', `${agent} may only observe here.`)
    case 'propose':
      return ask('autonomy', `${agent} may propose this; a person decides.`)
    case 'act-if-asked':
      return isPersonal ? undefined : ask('autonomy', `${agent} acts when a person asked for exactly this.`)
    case 'act':
      return undefined
  }
}

function accountRule({ status, username, pausedReason }: Facts['account']): Finding | undefined {
  if (status === 'active') return undefined
  const why =
    status === 'reconnect' ? 'must be connected again' : `is paused${pausedReason ? `: ${pausedReason}` : ''}`
  return hold(`account-${status}`, `The account ${username} ${why}.`)
}

function quiet({ quietHours }: Policy, { at, zone }: Facts): Finding | undefined {
  const until = quietHours && endOfQuiet(quietHours, at, zone)
  return until ? wait('quiet-hours', `Quiet hours last until ${until}.`, until) : undefined
}

function caps({ caps: { tenant, agent, account } }: Policy, facts: Facts): Finding[] {
  const isMine = (past: PastAct) => past.agent === facts.agent
  const isHere = (past: PastAct) => past.accountId === facts.account.id
  return [
    full('cap-tenant-hour', 'The tenant', tenant.hour, HOUR, facts, () => true),
    full('cap-tenant-day', 'The tenant', tenant.day, DAY, facts, () => true),
    full('cap-agent-hour', facts.agent, agent.hour, HOUR, facts, isMine),
    full('cap-agent-day', facts.agent, agent.day, DAY, facts, isMine),
    full('cap-account-hour', facts.account.username, account.hour, HOUR, facts, isHere),
    full('cap-account-day', facts.account.username, account.day, DAY, facts, isHere),
  ].flatMap((finding) => finding ?? [])
}

function quota(_: Policy, facts: Facts): Finding | undefined {
  if (!facts.quota || facts.effect !== 'write') return undefined
  const { publications, perMs } = facts.quota
  return full(
    'cap-network',
    'The network',
    publications,
    perMs,
    facts,
    (past) => past.accountId === facts.account.id,
  )
}

/** Room opens when the act that is `limit` places back leaves the window. */
function full(
  rule: string,
  who: string,
  limit: number,
  windowMs: number,
  facts: Facts,
  counts: (past: PastAct) => boolean,
): Finding | undefined {
  const used = inWindow(facts, windowMs).filter((past) => past.unit === 'action' && counts(past))
  if (used.length < limit) return undefined
  const span = windowMs === HOUR ? 'an hour' : windowMs === DAY ? 'a day' : `${windowMs / HOUR} hours`
  const sentence = `${who} may act ${limit} times ${span} and has ${used.length} done or planned.`
  if (limit === 0) return deny(rule, sentence)
  const blocking = used
    .map((past) => past.at)
    .sort()
    .at(-limit)
  return wait(rule, sentence, addMs((blocking ?? facts.at) as Instant, windowMs + SECOND))
}

const inWindow = ({ past, at }: Facts, windowMs: number): PastAct[] => {
  const end = instantMs(at)
  return past.filter((act) => instantMs(act.at) > end - windowMs && instantMs(act.at) <= end)
}

function spend({ spend: limits }: Policy, facts: Facts): Finding[] {
  if (facts.costMicros === 0) return []
  const { currency } = limits
  const windows = [
    ['hour', HOUR, limits.hourMicros],
    ['day', DAY, limits.dayMicros],
    ['month', 30 * DAY, limits.monthMicros],
  ] as const
  return windows.flatMap(([name, windowMs, limit]) => {
    const spent = inWindow(facts, windowMs)
      .filter(({ unit }) => unit === 'spend')
      .reduce((sum, { amount }) => sum + amount, 0)
    if (spent + facts.costMicros <= limit) return []
    const [cap, now] = [limit, spent + facts.costMicros].map((micros) => formatMoney({ micros, currency }))
    return [deny(`spend-${name}`, `It would bring this ${name} to ${now}; the cap is ${cap}.`)]
  })
}

function banned({ content }: Policy, { text }: Facts): Finding[] {
  const lower = text.toLocaleLowerCase()
  return content.banned
    .filter((phrase) => lower.includes(phrase.toLocaleLowerCase()))
    .map((phrase) => deny('content-banned', `The text contains "${phrase}", which is banned.`))
}

function reviews({ content }: Policy, facts: Facts): Finding[] {
  const said = facts.reviews.flatMap(({ by, verdict }) => {
    if (verdict === 'block') return [deny(`review-${by}`, `${by} blocked it.`)]
    return verdict === 'revise' ? [ask(`review-${by}`, `${by} wants it revised.`)] : []
  })
  const silent = content.needsReviews
    .filter((by) => !facts.reviews.some((review) => review.by === by))
    .map((by) => ask(`review-missing-${by}`, `${by} has not looked at this version.`))
  return [...said, ...silent]
}
