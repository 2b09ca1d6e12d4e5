/** From a message to a plan of steps, or to an answer where nothing is to be done. */
import { findLang, pick } from '../words/language.ts'
import { listOf } from '../words/units.ts'
import type { PlanBrief, Refusal } from './brief.ts'
import { describeThread } from './describe-thread.ts'
import { planActs, planCaptions, planReshaping, planTrimming } from './plan-changes.ts'
import { planMaking } from './plan-making.ts'
import { planLatePublishing, planReviews } from './plan-publishing.ts'
import { openPlanning, type Planning } from './planning.ts'
import type { AnswerReport, PlanReport } from './report.ts'
import { understand } from './understand/understand.ts'
import type { Ask, Understanding } from './understand/understanding.ts'
import { phrase } from './wording.ts'

export function planTask(brief: PlanBrief): PlanReport | AnswerReport {
  const understood = understand(brief.message, {
    language: findLang(brief.language) ?? 'en',
    now: brief.now,
    zone: brief.brand.zone,
    accounts: brief.accounts,
    hasThread: brief.thread.some((task) => task.clips.length > 0),
  })
  const plan = openPlanning(brief, understood.language)
  planAsks(plan, understood.asks)
  if (brief.agent && brief.agent !== 'orchestrator') plan.keepOnly(brief.agent)
  const refusals = [...understood.refusals, ...plan.refusals]
  if (plan.steps.length === 0) return answerAtOnce(brief, understood, refusals)
  return {
    decision: 'plan',
    language: understood.language,
    say: [sayPlan(plan), ...understood.notes].join(' '),
    steps: plan.steps,
    refusals,
  }
}

function planAsks(plan: Planning, asks: readonly Ask[]): void {
  const making = asks.find((ask) => ask.do === 'make')
  const publishing = asks.filter((ask) => ask.do === 'publish')
  planActs(plan, asks)
  if (making) planMaking(plan, making, publishing)
  else for (const ask of publishing) planLatePublishing(plan, ask)
  for (const ask of asks) {
    if (ask.do === 'trim') planTrimming(plan, ask)
    if (ask.do === 'caption') planCaptions(plan, ask)
    if (ask.do === 'reformat') planReshaping(plan, ask)
    if (ask.do === 'check') planChecking(plan, ask)
    if (ask.do === 'measure') planMeasuring(plan, ask)
  }
}

function planChecking(plan: Planning, ask: Extract<Ask, { do: 'check' }>): void {
  const { language } = plan
  if (ask.text !== undefined) {
    for (const agent of ask.by)
      plan.add(agent === 'brand-voice' ? 'voice' : agent, agent, { language, text: ask.text })
  } else {
    const clips = plan.clips(ask.scope, 'asked-check')
    const posts = clips.flatMap((clip) =>
      clip.posts.map(({ postId, caption }) => ({ postId, ordinal: clip.ordinal, caption })),
    )
    if (posts.length === 0) return
    if (ask.by.length === 2) planReviews(plan, posts, [], [])
    else
      for (const agent of ask.by)
        plan.add(agent === 'brand-voice' ? 'voice' : agent, agent, { language, posts })
  }
  plan.doing.push(pick(language, { en: 'check it', es: 'revisarlo' }))
}

function planMeasuring(plan: Planning, ask: Extract<Ask, { do: 'measure' }>): void {
  const { brief, language } = plan
  const { wants, from, to, metric, document, accountIds } = ask
  plan.add('analyse', 'analytics', {
    language,
    now: brief.now,
    zone: brief.brand.zone,
    wants,
    ...(from && to ? { from, to } : {}),
    ...(metric ? { metric } : {}),
    ...(document ? { document } : {}),
    ...(accountIds?.length === 1 ? { accountId: accountIds[0] } : {}),
  })
  plan.doing.push(pick(language, { en: 'look at the figures', es: 'mirar las cifras' }))
}

const sayPlan = ({ doing, language }: Planning): string =>
  pick(language, {
    en: `I will ${listOf([...new Set(doing)], 'en')}.`,
    es: `Voy a ${listOf([...new Set(doing)], 'es')}.`,
  })

function answerAtOnce(brief: PlanBrief, understood: Understanding, refusals: Refusal[]): AnswerReport {
  const { language, notes, asks } = understood
  const text = [
    ...smallTalk(brief, asks, language, refusals),
    ...refusals.map((one) => sayRefusal(one, language)),
    ...notes,
  ]
  return {
    decision: 'answer',
    language,
    text: text.join('\n'),
    cites: [],
    outcome: refusals.length > 0 ? 'refused' : 'done',
    refusals,
  }
}

export const sayRefusal = ({ asked, because }: Refusal, language: string): string =>
  pick(language, { en: `Not done – ${asked}: ${because}.`, es: `No hecho – ${asked}: ${because}.` })

function smallTalk(
  brief: PlanBrief,
  asks: readonly Ask[],
  language: string,
  refusals: readonly Refusal[],
): string[] {
  const said = (act: Ask['do']) => asks.some((ask) => ask.do === act)
  if (said('status')) return [describeThread(brief, language)]
  if (said('greet')) return [phrase('greet', language), phrase('help', language)]
  if (said('help')) return [phrase('help', language)]
  if (said('thank')) return [phrase('thank', language)]
  return refusals.length > 0 ? [] : [phrase('unknown', language), phrase('help', language)]
}
