import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { END, Send } from '@langchain/langgraph'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readHandIn } from '../../graphs/hand-in.ts'
import { afterCollecting, afterDeciding, enter, type OrchestratorState } from '../../graphs/orchestrator.ts'
import { afterThinking, type RoleState } from '../../graphs/role-loop.ts'

const calls = (...names: string[]) =>
  names.map((name, index) => ({ id: `c${index}`, name, args: {}, type: 'tool_call' as const }))
const thinking = (state: Partial<RoleState>) =>
  afterThinking({ trust: 2, messages: [], ...state } as RoleState)

describe('the role loop', () => {
  test('gives each tool call a task of its own, with the trust of the moment', () => {
    const sends = thinking({
      messages: [new AIMessage({ content: '', tool_calls: calls('a', 'b') })],
      trust: 1,
    })
    expect(sends).toHaveLength(2)
    expect((sends as Send[])[1]).toMatchObject({
      node: 'use-tool',
      args: { request: { id: 'c1', name: 'b' }, trust: 1 },
    })
  })

  test('thinks again after a nudge and ends with an outcome', () => {
    expect(thinking({ messages: [new AIMessage('hm'), new HumanMessage('go on')] })).toBe('think')
    expect(
      thinking({
        messages: [new AIMessage({ content: '', tool_calls: calls('a') })],
        outcome: 'over-budget',
      }),
    ).toBe(END)
  })
})

describe('the orchestrator', () => {
  const state = (part: Partial<OrchestratorState>) => part as OrchestratorState
  const finalAnswer = { text: '', cites: [], outcome: 'done' as const, refusals: [], by: [] }

  test('plans once, collects at every later wake-up, and hands a known answer over again', () => {
    expect(enter(state({ planNumber: 0 }))).toBe('plan')
    expect(enter(state({ planNumber: 1 }))).toBe('collect')
    expect(enter(state({ planNumber: 2, finalAnswer }))).toBe('answer')
    expect(afterDeciding(state({ planNumber: 1 }))).toBe('collect')
  })

  test('sends each ready step to the node of its role', () => {
    const ready = [{ stepId: 's1', agent: 'compliance' }]
    expect(afterCollecting(state({ decision: 'dispatch', ready }))).toEqual([
      new Send('compliance', ready[0]),
    ])
    expect(afterCollecting(state({ decision: 'wait', ready: [] }))).toBe(END)
    expect(afterCollecting(state({ decision: 'judge', ready: [] }))).toBe('judge')
  })
})

describe('handing in', () => {
  const Report = z.object({ n: z.int() })
  const turn = (args: Record<string, unknown>) =>
    new AIMessage({
      content: '',
      tool_calls: [
        { id: 'r', name: 'submit-report', args },
        { id: 'x', name: 'other', args: {} },
      ],
    })

  test('takes a report that parses, bare or wrapped', () => {
    expect(readHandIn(turn({ n: 3 }), Report)).toEqual({ kind: 'report', report: { n: 3 } })
    expect(readHandIn(turn({ report: { n: 4 } }), Report)).toEqual({ kind: 'report', report: { n: 4 } })
  })

  test('answers every call of a turn whose report does not fit, so that strict vendors go on', () => {
    const handIn = readHandIn(turn({ n: 'three' }), Report)
    expect(handIn.kind).toBe('invalid')
    expect(handIn.kind === 'invalid' && handIn.answers.map((one) => one.tool_call_id)).toEqual(['r', 'x'])
  })
})
