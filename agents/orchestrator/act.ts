/** Asks the gate for what was planned. Decides nothing anew: a post no reviewer passed stays where it is, with the reason. */

import type { IntentReply } from '../../runtime/core/effect.ts'
import {
  askAll,
  call,
  type PlaybookCall,
  type PlaybookRun,
  type ToolOutcome,
} from '../../runtime/core/playbook.ts'
import { pick } from '../words/language.ts'
import type { ActAction, ActBrief, ActPost } from './brief.ts'
import type { ActedReport } from './report.ts'

type Publish = Extract<ActAction, { do: 'publish' }>
type Did = ActedReport['intents'][number]['did']

interface Asked {
  call: PlaybookCall
  settle: (outcome: ToolOutcome) => void
}

export function* act(brief: ActBrief): PlaybookRun<ActedReport> {
  const report: ActedReport = {
    decision: 'acted',
    language: brief.language,
    intents: [],
    cancelled: [],
    remembered: [],
    skipped: [],
    failures: [],
  }
  const asked = brief.actions.flatMap((action) => callsOf(action, report))
  const outcomes = yield* askAll(asked.map((one) => one.call))
  for (const [index, one] of asked.entries()) {
    const outcome = outcomes[index]
    if (outcome) one.settle(outcome)
  }
  return report
}

function callsOf(action: ActAction, report: ActedReport): Asked[] {
  switch (action.do) {
    case 'publish':
      return publishing(action, report)
    case 'move':
      return action.publicationIds.map((id) => intent(report, 'move', 'schedule-post', id, { at: action.at }))
    case 'undo':
      return action.publicationIds.map((id) => intent(report, 'undo', 'undo-publication', id, {}))
    case 'cancel':
      return action.publicationIds.map((id) => ({
        call: call('cancel-publication', { publicationId: id, reason: action.because }, 'Calling it back'),
        settle: (outcome) => {
          if (outcome.ok) report.cancelled.push(id)
          else fail(report, 'cancel-publication', id, outcome)
        },
      }))
    case 'remember': {
      const { subject, predicate, text } = action
      return [
        {
          call: call('remember', { subject, predicate, text }, 'Remembering it'),
          settle: (outcome) => {
            if (outcome.ok) report.remembered.push(text)
            else fail(report, 'remember', subject, outcome)
          },
        },
      ]
    }
  }
}

function publishing(action: Publish, report: ActedReport): Asked[] {
  const posts = action.posts
    .filter(({ ordinal }) => action.only?.includes(ordinal) ?? true)
    .filter(({ ordinal }) => !action.except?.includes(ordinal))
  return posts.flatMap((post) => {
    const because = heldBack(post, action, report.language)
    if (because) {
      report.skipped.push({ postId: post.postId, ordinal: post.ordinal, because })
      return []
    }
    const ids = post.publicationIds.filter((id) => action.publicationIds?.includes(id) ?? true)
    return ids.map((id) =>
      action.at
        ? intent(report, 'schedule', 'schedule-post', id, { at: action.at })
        : intent(report, 'publish', 'publish-post', id, {}),
    )
  })
}

/** Fails closed: no time where one was asked for, a reviewer that said nothing, or one that said no. */
function heldBack(post: ActPost, { at, isTimed, reviews }: Publish, language: string): string | undefined {
  if (isTimed && !at) {
    return pick(language, { en: 'no time could be found for it', es: 'no se encontró una hora para él' })
  }
  for (const list of reviews ?? []) {
    const review = list.find((one) => one.postId === post.postId)
    if (!review) return pick(language, { en: 'a reviewer has not seen it', es: 'falta una revisión' })
    if (review.verdict === 'pass') continue
    const why = review.findings.map((finding) => `${finding.rule}: ${finding.value}`).join(', ')
    return pick(language, {
      en: `${review.by} ${review.verdict === 'block' ? 'blocks it' : 'wants it changed'} (${why})`,
      es: `${review.by} ${review.verdict === 'block' ? 'lo bloquea' : 'pide cambios'} (${why})`,
    })
  }
  return undefined
}

function intent(
  report: ActedReport,
  did: Did,
  tool: string,
  publicationId: string,
  rest: { at?: string },
): Asked {
  return {
    call: call(
      tool,
      { publicationId, ...rest },
      did === 'undo' ? 'Asking to take it back' : 'Asking to publish it',
    ),
    settle: (outcome) => {
      if (!outcome.ok) return fail(report, tool, publicationId, outcome)
      const { intentId, state, verdict, dueAt } = outcome.value as IntentReply
      report.intents.push({
        did,
        publicationId,
        intentId,
        state,
        verdict: { kind: verdict.kind, sentence: verdict.sentence },
        ...(dueAt ? { dueAt } : {}),
      })
    },
  }
}

function fail(report: ActedReport, what: string, id: string, outcome: ToolOutcome & { ok: false }): void {
  report.failures.push({ what, id, code: outcome.code, message: outcome.message })
}
