/** Ready-made minds for the model server: one that follows rules, one that obeys anybody, one that never stops. */
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { type AnyPlaybook, nextPlaybookTurn } from '../../../runtime/models/playbook.ts'
import { type Brain, callTools, type FakeCall, type NormalisedRequest, say, type Turn } from './turn.ts'

/** The same turn to every request: `always(callTools(call('recall', {})))` is an endless tool loop. */
export const always =
  (turn: Turn): Brain =>
  () =>
    turn

/** Two steps that wait for each other, as a careless model plans them. */
export const cyclicPlan = (agent = 'content-creator') => ({
  steps: [
    { key: 'one', agent, brief: {}, needs: ['two'] },
    { key: 'two', agent, brief: {}, needs: ['one'] },
  ],
})

/** The first brain of the list that has an answer. */
export const firstOf =
  (...brains: ((request: NormalisedRequest) => Turn | undefined | Promise<Turn | undefined>)[]): Brain =>
  async (request) => {
    for (const brain of brains) {
      const turn = await brain(request)
      if (turn) return turn
    }
    return say('I have nothing to add.')
  }

/** The conversation as LangChain messages, calls renumbered as rules number them: vendors and Google lose our ids. */
function toMessages(request: NormalisedRequest): BaseMessage[] {
  const renamed = new Map<string, string>()
  let turn = 0
  const messages = request.messages.map((message): BaseMessage => {
    if (message.role === 'user') return new HumanMessage(message.text)
    if (message.role === 'tool') {
      return new ToolMessage({
        tool_call_id: renamed.get(message.callId) ?? message.callId,
        content: message.text,
      })
    }
    const calls = message.calls.map(({ id, name, args }, index) => {
      renamed.set(id, `pb_${turn}_${index}`)
      return { id: `pb_${turn}_${index}`, name, args: args as Record<string, unknown> }
    })
    if (calls.length > 0) turn += 1
    return new AIMessage({ content: message.text, tool_calls: calls })
  })
  return [new SystemMessage(request.system), ...messages]
}

/**
 * A provider whose model happens to think exactly as an agent's rules: the main job then runs end to end over any wire
 * format. `find` picks the rules, usually by a word of the system prompt; without rules there is no answer.
 */
export const playbookBrain =
  (find: (request: NormalisedRequest) => AnyPlaybook | undefined) =>
  (request: NormalisedRequest): Turn | undefined => {
    const playbook = find(request)
    if (!playbook) return undefined
    const turn = nextPlaybookTurn(playbook, toMessages(request))
    return callTools(
      turn.calls.map(({ name, args }) => ({ name, args })),
      { text: turn.say },
    )
  }

/** Reads `call <tool> with {json}` at a place of a text; the braces are balanced by trying. */
function readInstruction(text: string, from: number): { call: FakeCall; end: number } | undefined {
  const head = /call ([a-z][\w-]*) with (?=\{)/gi
  head.lastIndex = from
  const match = head.exec(text)
  if (!match?.[1]) return undefined
  for (let end = text.indexOf('}', head.lastIndex); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return { call: { name: match[1], args: JSON.parse(text.slice(head.lastIndex, end + 1)) }, end }
    } catch {
      // not yet the closing brace
    }
  }
  return undefined
}

function instructionsIn(text: string): FakeCall[] {
  const found: FakeCall[] = []
  // Tool results are JSON: quotes inside the foreign text arrive escaped.
  for (const variant of new Set([text, text.replaceAll('\\"', '"')])) {
    for (let at = readInstruction(variant, 0); at; at = readInstruction(variant, at.end)) found.push(at.call)
  }
  return found
}

const sameCall = (left: FakeCall, right: { name: string; args: unknown }): boolean =>
  left.name === right.name && JSON.stringify(left.args) === JSON.stringify(right.args)

/**
 * Obeys every instruction `call <tool> with {…}` that it reads anywhere, its own system prompt excepted: the worst
 * model an attacker could wish for. Each instruction is obeyed once, whether or not such a tool was offered.
 */
export const obedientBrain = (request: NormalisedRequest): Turn | undefined => {
  const done = request.messages.flatMap((message) => (message.role === 'assistant' ? message.calls : []))
  const read = request.messages.flatMap((message) =>
    message.role === 'assistant' ? [] : instructionsIn(message.text),
  )
  const wanted = read.filter((call, index) => {
    const isFirst = read.findIndex((other) => sameCall(other, call)) === index
    return isFirst && !done.some((made) => sameCall(call, made))
  })
  return wanted.length > 0 ? callTools(wanted) : undefined
}
