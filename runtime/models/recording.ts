/**
 * A run's model traffic on a tape, and a router that answers from it: a recorded run is a regression test that needs no
 * provider. Ids of messages are left out of what is compared, ids and moments of the run go under marks (`run-names.ts`);
 * everything else a model reads is in.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type BaseMessage, isAIMessage, isToolMessage } from '@langchain/core/messages'
import type { Tier } from '../core/agent.ts'
import { payloadHash } from '../core/digest.ts'
import { StakazoError } from '../core/errors.ts'
import type { ModelCaller, ModelNote } from '../core/model.ts'
import type { ChainEvent, WholeAnswer } from './chain-walk.ts'
import type { TrafficPort, TrafficRow } from './ports.ts'
import type { RoutedRequest, Router } from './routed-chat-model.ts'
import { type RunNames, readRunNames } from './run-names.ts'

function readable(message: BaseMessage): unknown {
  const base = { type: message.type, content: message.content }
  if (isToolMessage(message)) return { ...base, answers: message.tool_call_id }
  if (!isAIMessage(message)) return base
  return { ...base, calls: (message.tool_calls ?? []).map(({ id, name, args }) => ({ id, name, args })) }
}

interface PlainRequest {
  messages: unknown[]
}

function readRequest({ messages, tools, toolChoice }: RoutedRequest): {
  plain: PlainRequest
  names: RunNames
} {
  const whole = JSON.parse(
    JSON.stringify({ messages: messages.map(readable), tools, toolChoice }),
  ) as PlainRequest
  const names = readRunNames(whole.messages)
  return { plain: names.plain(whole), names }
}

const turnOf = ({ messages }: RoutedRequest): number => messages.filter((each) => isAIMessage(each)).length

function rowOf(tier: Tier, caller: ModelCaller, request: RoutedRequest, answer: WholeAnswer): TrafficRow {
  const { plain, names } = readRequest(request)
  return {
    taskId: caller.taskId,
    stepId: caller.stepId,
    agent: caller.agent,
    tier,
    turn: turnOf(request),
    requestHash: payloadHash(plain),
    request: plain,
    answer: {
      content: names.hide(answer.text),
      toolCalls: names.hide(answer.toolCalls),
      usage: answer.usage,
      metadata: { end: answer.end, provider: answer.provider, note: answer.note },
    },
  }
}

/** Passes everything through and writes a row before the last event leaves: what the run saw is on the tape. */
export const recordTraffic = (inner: Router, tape: TrafficPort, tier: Tier, caller: ModelCaller): Router =>
  async function* recorded(request) {
    for await (const event of inner(request)) {
      if (event.type === 'answer') await tape.write(rowOf(tier, caller, request, event.answer))
      yield event
    }
  }

function answerOf({ answer }: TrafficRow, names: RunNames): WholeAnswer {
  const { end, provider, note } = answer.metadata as {
    end: WholeAnswer['end']
    provider: string
    note: ModelNote
  }
  return {
    text: names.show(answer.content),
    toolCalls: names.show(answer.toolCalls) as WholeAnswer['toolCalls'],
    usage: answer.usage as WholeAnswer['usage'],
    end,
    provider,
    note,
  }
}

/** The first message that is not as recorded says more than two hashes do. */
function divergence(
  agent: string | undefined,
  request: RoutedRequest,
  candidates: readonly TrafficRow[],
): StakazoError {
  const now = readRequest(request).plain.messages
  const [nearest] = candidates
  const was = (nearest?.request as { messages?: unknown[] } | undefined)?.messages ?? []
  const index = now.findIndex((message, at) => payloadHash(message) !== payloadHash(was[at] ?? null))
  const where = nearest ? `message ${index} differs` : `the tape has no turn ${turnOf(request)}`
  return new StakazoError('replay-diverged', `the run of ${agent ?? 'nobody'} left its recording: ${where}`, {
    details: { turn: turnOf(request), recorded: was[index], now: now[index] },
  })
}

/** Answers from the tape alone: each row once, by agent, turn and request. Throws `replay-diverged` otherwise. */
export function openReplay(tape: TrafficPort): (caller: ModelCaller) => Router {
  let rows: Promise<TrafficRow[]> | undefined
  const used = new Set<TrafficRow>()
  return ({ agent }) =>
    async function* replayed(request): AsyncGenerator<ChainEvent> {
      request.signal?.throwIfAborted()
      rows ??= tape.list()
      const turn = turnOf(request)
      const candidates = (await rows).filter(
        (row) => row.agent === agent && row.turn === turn && !used.has(row),
      )
      const { plain, names } = readRequest(request)
      const hash = payloadHash(plain)
      const row = candidates.find(({ requestHash }) => requestHash === hash)
      if (!row) throw divergence(agent, request, candidates)
      used.add(row)
      const answer = answerOf(row, names)
      if (answer.text) yield { type: 'text', text: answer.text }
      yield { type: 'answer', answer }
    }
}

/** A tape as a file of JSON lines, so that it can be kept beside a test and read by a person. */
export function jsonLinesTape(path: string): TrafficPort {
  return {
    async write(row) {
      await mkdir(dirname(path), { recursive: true })
      await appendFile(path, `${JSON.stringify(row)}\n`)
    },
    async list() {
      const text = await readFile(path, 'utf8')
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as TrafficRow)
    },
  }
}
