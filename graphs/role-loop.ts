/**
 * One role at work: model ↔ tools until the report parses.
 *
 * Flat, on its own thread, one graph task per tool call: nested subgraphs under Send re-run finished siblings on resume
 * (measured). A limit ends the loop with an outcome, never with an exception.
 */
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { Annotation, END, messagesStateReducer, Send, START, StateGraph } from '@langchain/langgraph'
import type { AnyAgent } from '../runtime/core/agent.ts'
import type { ModelNote } from '../runtime/core/model.ts'
import { leastTrust, TRUST, type Trust } from '../runtime/core/trust.ts'
import { offerReport, offerTool, readHandIn } from './hand-in.ts'
import type { LimitOutcome, RolePorts, ToolRequest } from './ports.ts'

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])]

export const RoleState = Annotation.Root({
  messages: Annotation<BaseMessage[]>({ reducer: messagesStateReducer, default: () => [] }),
  /** Least trust of anything that entered the conversation. Only ever falls. */
  trust: Annotation<Trust>({ reducer: (a, b) => leastTrust(a, b), default: () => TRUST.owner }),
  turns: Annotation<number>({ reducer: (a, b) => a + b, default: () => 0 }),
  report: Annotation<unknown>(),
  outcome: Annotation<'done' | LimitOutcome | undefined>(),
  /** Who answered: `provider:model`, or `playbook` for the agent's own rules. */
  by: Annotation<string[]>({ reducer: union, default: () => [] }),
  degraded: Annotation<string[]>({ reducer: union, default: () => [] }),
})
export type RoleState = typeof RoleState.State

/** What one `use-tool` task gets: the call, and the trust when it was asked for. */
interface ToolTask {
  request: ToolRequest
  trust: Trust
}

export const roleLoop = (agent: AnyAgent, ports: RolePorts) =>
  new StateGraph(RoleState)
    .addNode('think', think(agent, ports))
    .addNode('use-tool', useTool(ports))
    .addEdge(START, 'think')
    .addConditionalEdges('think', afterThinking, ['use-tool', 'think', END])
    .addEdge('use-tool', 'think')

/** First input of a role's run. */
export const openRole = (prompt: string, brief: unknown, trust: Trust) => ({
  messages: [new SystemMessage(prompt), new HumanMessage(JSON.stringify(brief))],
  trust,
})

function think(agent: AnyAgent, ports: RolePorts) {
  const offers = [
    ...agent.tools.map((tool) => offerTool(tool.name, tool.does, tool.input)),
    offerReport(agent.report),
  ]
  return async (state: RoleState): Promise<Partial<RoleState>> => {
    const limit = await ports.findLimit(state.turns)
    if (limit) return { outcome: limit }
    const bound = ports.model.bindTools?.(offers) ?? ports.model
    const turn = (await bound.invoke(state.messages, { signal: ports.signal })) as AIMessage
    const entry = { turns: 1, trust: trustOf(turn), by: [voiceOf(turn)], degraded: degradedBy(turn) }
    const handIn = readHandIn(turn, agent.report)
    if (handIn.kind === 'report')
      return { ...entry, messages: [turn], report: handIn.report, outcome: 'done' }
    if (handIn.kind === 'invalid') return { ...entry, messages: [turn, ...handIn.answers] }
    if (turn.tool_calls?.length) return { ...entry, messages: [turn] }
    const nudge = new HumanMessage('Go on with a tool, or hand in with submit-report.')
    return { ...entry, messages: [turn, nudge] }
  }
}

/** Rules are our own code (2); a model's words are inference (1), whatever they were made from. */
export function trustOf(turn: AIMessage): Trust {
  return noteOf(turn)?.provider === 'playbook' ? TRUST.verified : TRUST.inference
}

export const degradedBy = (turn: AIMessage): string[] =>
  noteOf(turn)?.degraded.map((link) => `${link.model}: ${link.code}`) ?? []

export function voiceOf(turn: AIMessage): string {
  const note = noteOf(turn)
  return !note ? 'unknown' : note.provider === 'playbook' ? 'playbook' : `${note.provider}:${note.model}`
}

const noteOf = (turn: AIMessage): ModelNote | undefined =>
  (turn.response_metadata as { stakazo?: ModelNote } | undefined)?.stakazo

/** One graph task per unanswered tool call; none left and no report: think again. */
export function afterThinking(state: RoleState): Send[] | 'think' | typeof END {
  if (state.outcome) return END
  const last = state.messages.at(-1)
  if (!(last instanceof AIMessage) || !last.tool_calls?.length) return 'think'
  return last.tool_calls.map(
    (call, index) =>
      new Send('use-tool', {
        request: { id: call.id ?? `${last.id}-${index}`, name: call.name, args: call.args },
        trust: state.trust,
      } satisfies ToolTask),
  )
}

function useTool(ports: RolePorts) {
  return async (state: RoleState): Promise<Partial<RoleState>> => {
    const { request, trust } = state as unknown as ToolTask
    const result = await ports.useTool(request, trust)
    const answer = new ToolMessage({
      tool_call_id: request.id,
      name: request.name,
      status: result.outcome.ok ? 'success' : 'error',
      content: JSON.stringify(result.outcome),
    })
    return { messages: [answer], trust: result.trust }
  }
}
