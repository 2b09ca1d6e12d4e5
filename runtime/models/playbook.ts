/**
 * The last link of every chain: the agent's own rules, speaking as if they were a model.
 *
 * A playbook is re-run from its start on every turn and fed the outcomes recorded in the messages, so nothing but the
 * conversation has to survive a crash. Its calls carry ids `pb_<turn>_<index>`. When it takes over from a model, calls
 * the model made already, with equal arguments and a good outcome, are not made again.
 */
import {
  type AIMessage,
  type BaseMessage,
  isAIMessage,
  isHumanMessage,
  isToolMessage,
} from '@langchain/core/messages'
import { canonicalJson, type Json } from '../core/digest.ts'
import { StakazoError } from '../core/errors.ts'
import type { PlaybookCall, PlaybookRun, ToolOutcome } from '../core/playbook.ts'
import { type Answer, callChunk, endChunk, textChunk, usageMetadata } from './link.ts'
import { textOf } from './plain-messages.ts'

const REPORT_TOOL = 'submit-report'
const PLAYBOOK_ID = /^pb_\d+_\d+$/

export type AnyPlaybook = (brief: unknown) => PlaybookRun<unknown>

type Calls = NonNullable<AIMessage['tool_calls']>

/** True once rules have begun: a model could not pick up a generator half-way, so the rules finish what they started. */
export const hasPlaybookBegun = (messages: readonly BaseMessage[]): boolean =>
  messages.some((message) => isAIMessage(message) && isPlaybookTurn(message.tool_calls ?? []))

const isPlaybookTurn = (calls: Calls): boolean => calls.some(({ id }) => PLAYBOOK_ID.test(id ?? ''))

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The brief is the first human message whose text, or one of whose text blocks, is a JSON object. */
function findBrief(messages: readonly BaseMessage[]): unknown {
  for (const message of messages.filter((each) => isHumanMessage(each))) {
    const blocks =
      typeof message.content === 'string' ? [] : message.content.map((block) => String(block.text ?? ''))
    for (const text of [textOf(message), ...blocks]) {
      const parsed = tryJson(text)
      if (isObject(parsed)) return parsed
    }
  }
  throw new StakazoError('bug', 'a playbook needs a human message that holds its brief as JSON')
}

/** Tools answer `{ok, value}` or `{ok, code, message}`; anything else is taken as a plain value. */
function readOutcome(message: BaseMessage | undefined): ToolOutcome {
  if (!message || !isToolMessage(message))
    return { ok: false, code: 'cancelled', message: 'the call was not answered' }
  const text = textOf(message)
  const parsed = tryJson(text)
  if (isObject(parsed) && parsed.ok === true) return { ok: true, value: parsed.value }
  if (isObject(parsed) && parsed.ok === false) {
    return { ok: false, code: String(parsed.code ?? 'bug'), message: String(parsed.message ?? '') }
  }
  return message.status === 'error'
    ? { ok: false, code: 'bug', message: text }
    : { ok: true, value: parsed ?? text }
}

interface Turn {
  calls: Calls
  outcomes: ToolOutcome[]
}

interface History {
  /** Turns of these rules, in order. */
  own: Turn[]
  /** Good outcomes of a model's calls, by tool and arguments. */
  inherited: Map<string, ToolOutcome>
}

/** Equal calls have equal keys: `undefined` arguments are dropped as JSON drops them. */
const keyOf = (tool: string, args: unknown): string =>
  canonicalJson([tool, JSON.parse(JSON.stringify(args ?? {})) as Json])

function readHistory(messages: readonly BaseMessage[]): History {
  const answers = new Map(
    messages.filter((each) => isToolMessage(each)).map((each) => [each.tool_call_id, each]),
  )
  const history: History = { own: [], inherited: new Map() }
  for (const message of messages.filter((each) => isAIMessage(each))) {
    const calls = message.tool_calls ?? []
    const outcomes = calls.map(({ id }) => readOutcome(answers.get(id ?? '')))
    if (isPlaybookTurn(calls)) history.own.push({ calls, outcomes })
    else
      for (const [index, { name, args }] of calls.entries())
        inherit(history, keyOf(name, args), outcomes[index])
  }
  return history
}

function inherit(history: History, key: string, outcome: ToolOutcome | undefined): void {
  if (outcome?.ok) history.inherited.set(key, outcome)
}

export interface PlaybookTurn {
  say: string
  calls: { id: string; name: string; args: Record<string, unknown> }[]
}

function assertSame(turn: number, recorded: Calls, yielded: readonly PlaybookCall[]): void {
  const was = recorded.map(({ name, args }) => keyOf(name, args))
  const is = yielded.map(({ tool, args }) => keyOf(tool, args))
  if (was.length === is.length && was.every((key, index) => key === is[index])) return
  throw new StakazoError('playbook-diverged', `turn ${turn} of the rules is not what was recorded`, {
    details: { turn, recorded: was, now: is },
  })
}

function inheritedOutcomes(history: History, yielded: readonly PlaybookCall[]): ToolOutcome[] | undefined {
  const found = yielded.map(({ tool, args }) => history.inherited.get(keyOf(tool, args)))
  return found.every((outcome) => outcome !== undefined) ? found : undefined
}

function toTurn(turn: number, yielded: readonly PlaybookCall[]): PlaybookTurn {
  const calls = yielded.map(({ tool, args }, index) => ({
    id: `pb_${turn}_${index}`,
    name: tool,
    args: JSON.parse(JSON.stringify(args)) as Record<string, unknown>,
  }))
  return {
    say: yielded
      .map(({ say }) => say)
      .filter(Boolean)
      .join('\n'),
    calls,
  }
}

function reportTurn(turn: number, report: unknown, recorded: Turn | undefined): PlaybookTurn {
  if (!isObject(report)) throw new StakazoError('bug', 'a playbook must return its report as an object')
  if (!recorded) return toTurn(turn, [{ tool: REPORT_TOOL, args: report as PlaybookCall['args'] }])
  // Rules cannot think again: the same report would be handed in for ever.
  const [outcome] = recorded.outcomes
  const why = outcome && !outcome.ok ? outcome.message : 'it was handed in before'
  throw new StakazoError('report-invalid', `the rules' report was not accepted: ${why}`, {
    details: { turn },
  })
}

/** Runs the rules through everything recorded and answers with what they want next. Pure. */
export function nextPlaybookTurn(playbook: AnyPlaybook, messages: readonly BaseMessage[]): PlaybookTurn {
  const history = readHistory(messages)
  const run = playbook(findBrief(messages))
  let step = run.next()
  for (let turn = 0; ; ) {
    const recorded = history.own[turn]
    if (step.done) return reportTurn(turn, step.value, recorded)
    const isMany = Array.isArray(step.value)
    const yielded = Array.isArray(step.value) ? step.value : [step.value]
    const inherited = inheritedOutcomes(history, yielded)
    if (!inherited && !recorded) return toTurn(turn, yielded)
    if (!inherited && recorded) {
      assertSame(turn, recorded.calls, yielded)
      turn += 1
    }
    const outcomes = inherited ?? recorded?.outcomes ?? []
    step = run.next(isMany ? outcomes : (outcomes[0] as ToolOutcome))
  }
}

export const openPlaybook = (playbook: AnyPlaybook): Answer =>
  async function* answerByRules(messages, { signal }) {
    signal.throwIfAborted()
    const { say, calls } = nextPlaybookTurn(playbook, messages)
    if (say) yield textChunk(say)
    yield callChunk(
      calls.map(({ id, name, args }, index) => ({
        type: 'tool_call_chunk',
        index,
        id,
        name,
        args: JSON.stringify(args),
      })),
    )
    yield endChunk(usageMetadata(0, 0), { stop: 'calls' })
  }
