import { type AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelNote } from '../../../runtime/core/model.ts'
import { ask, call } from '../../../runtime/core/playbook.ts'
import type { AnyPlaybook } from '../../../runtime/models/playbook.ts'
import { chatAgainst } from '../../fakes/model-server/bench.ts'
import { type ModelServer, startModelServer } from '../../fakes/model-server/model-server.ts'
import {
  callMalformed,
  callTools,
  fail,
  call as fakeCall,
  refuse,
  say,
  type Turn,
} from '../../fakes/model-server/turn.ts'

const CHAIN = ['anthropic:claude-sonnet-5', 'openai:gpt-5.4', 'google:gemini-2.5-flash', 'playbook']

const rules: AnyPlaybook = function* rules() {
  yield* ask(call('list-clips'))
  return { done: true }
}

const brief = [new HumanMessage('{"count":1}')]

const noteOf = (message: AIMessage) => message.response_metadata.stakazo as ModelNote

let server: ModelServer

beforeEach(async () => {
  server = await startModelServer()
})

afterEach(async () => {
  await server.close()
})

describe('fallback', () => {
  it.each<[string, Turn[], string]>([
    ['throttled', [fail('rate-limit'), fail('rate-limit'), fail('rate-limit')], 'model-rate-limited'],
    ['overloaded', [fail('overloaded'), fail('overloaded'), fail('overloaded')], 'model-overloaded'],
    ['given a wrong key', [fail('auth')], 'model-auth'],
    ['declining', [refuse()], 'model-refused'],
    ['speaking nonsense', [callMalformed('list-clips'), callMalformed('list-clips')], 'model-malformed'],
    ['too small for the conversation', [fail('context-too-long')], 'model-context-too-long'],
    ['broken', [fail('server-error'), fail('server-error'), fail('server-error')], 'model-unavailable'],
    ['not what was configured', [fail('not-found')], 'model-bad-request'],
  ])('asks the next provider when one is %s, and says so', async (_, turns, code) => {
    const { chat } = chatAgainst(server, CHAIN, { playbook: rules })
    server.script(...turns, say('Here.'))
    const answer = await chat.invoke(brief)
    expect(answer.text).toBe('Here.')
    expect(noteOf(answer)).toMatchObject({
      provider: 'openai',
      model: 'gpt-5.4',
      degraded: [{ model: 'anthropic:claude-sonnet-5', code }],
    })
    server.verify()
  })

  it('ends at the rules when nobody answers, naming everyone who did not', async () => {
    const { chat, rows } = chatAgainst(server, CHAIN, { playbook: rules })
    server.script(fail('auth'), refuse(), fail('context-too-long'))
    const answer = await chat.invoke(brief)
    expect(answer.tool_calls?.[0]?.name).toBe('list-clips')
    const refusalMicros = rows.reduce((sum, { costMicros }) => sum + costMicros, 0)
    expect(noteOf(answer)).toMatchObject({ provider: 'playbook', costMicros: refusalMicros })
    expect(noteOf(answer).degraded.map(({ code }) => code)).toEqual([
      'model-auth',
      'model-refused',
      'model-context-too-long',
    ])
  })

  it('fails with every reason when there are no rules', async () => {
    const { chat } = chatAgainst(server, CHAIN)
    server.script(refuse(), refuse(), refuse())
    await expect(chat.invoke(brief)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('openai:gpt-5.4 (model-refused)'),
    })
  })

  it('lets the rules finish what they began, though the model is back', async () => {
    const { chat } = chatAgainst(server, CHAIN, { playbook: rules })
    server.script(refuse(), refuse(), refuse())
    const first = await chat.invoke(brief)
    const result = new ToolMessage({
      tool_call_id: first.tool_calls?.[0]?.id ?? '',
      content: '{"ok":true,"value":[]}',
    })
    const second = await chat.invoke([...brief, first, result])
    expect(second.tool_calls?.[0]).toMatchObject({ name: 'submit-report', args: { done: true } })
    expect(noteOf(second).degraded).toEqual([{ model: 'anthropic:claude-sonnet-5', code: 'playbook-begun' }])
    server.verify()
  })
})

describe('circuit', () => {
  it('spares a provider that failed five times in a row, and tries it again after a pause', async () => {
    const bench = chatAgainst(server, CHAIN)
    server.script(fail('overloaded'), fail('overloaded'), fail('overloaded'), say('one'))
    server.script(fail('overloaded'), fail('overloaded'), fail('overloaded'), say('two'))
    await bench.chat.invoke(brief)
    await bench.chat.invoke(brief)
    server.verify()
    server.script(say('three'))
    expect(noteOf(await bench.chat.invoke(brief)).degraded).toEqual([
      { model: CHAIN[0], code: 'model-overloaded' },
    ])
    expect(server.requests.at(-1)?.provider).toBe('openai')
    bench.windMs(60_000)
    server.script(say('four'))
    expect(noteOf(await bench.chat.invoke(brief))).toMatchObject({ provider: 'anthropic', degraded: [] })
  })

  it('stays away as long as a provider says, from the first time it says so', async () => {
    const bench = chatAgainst(server, CHAIN)
    server.script(fail('rate-limit', 120_000), say('one'), say('two'))
    await bench.chat.invoke(brief)
    bench.windMs(60_000)
    expect(noteOf(await bench.chat.invoke(brief)).degraded).toEqual([
      { model: CHAIN[0], code: 'model-rate-limited' },
    ])
    bench.windMs(61_000)
    server.script(say('three'))
    expect(noteOf(await bench.chat.invoke(brief)).provider).toBe('anthropic')
    server.verify()
  })

  it('lets the next caller probe when the one who did went away', async () => {
    const bench = chatAgainst(server, CHAIN)
    server.script(fail('auth'), say('one'))
    await bench.chat.invoke(brief)
    bench.windMs(6 * 60_000)
    server.script(say('A long answer that nobody reads to its end.', { stallAfterFrames: 5 }), say('two'))
    for await (const piece of await bench.chat.stream(brief)) if (piece.text) break
    expect(noteOf(await bench.chat.invoke(brief))).toMatchObject({ provider: 'anthropic', degraded: [] })
    server.verify()
  })

  it('sends one probe after the pause and rests again when it fails', async () => {
    const bench = chatAgainst(server, CHAIN)
    server.script(fail('auth'), say('one'))
    await bench.chat.invoke(brief)
    bench.windMs(6 * 60_000)
    server.script(fail('overloaded'), fail('overloaded'), fail('overloaded'), say('two'))
    await bench.chat.invoke(brief)
    server.script(say('three'))
    expect(noteOf(await bench.chat.invoke(brief)).provider).toBe('openai')
    server.verify()
  })
})

describe('budget', () => {
  const dear = {
    smart: ['anthropic:claude-opus-5', 'openai:gpt-5.5', 'playbook'],
    fast: ['google:gemini-2.5-flash-lite', 'playbook'],
  }

  it('steps down to a cheaper tier when the money does not reach, and says so', async () => {
    const { chat, rows } = chatAgainst(server, dear.smart, {
      tiers: dear,
      afford: ({ provider }) => provider === 'google',
    })
    server.script(say('Cheap and cheerful.'))
    const answer = await chat.invoke(brief)
    expect(noteOf(answer)).toMatchObject({
      provider: 'google',
      degraded: [{ model: 'anthropic:claude-opus-5', code: 'budget-exhausted' }],
    })
    expect(rows).toMatchObject([
      {
        model: 'gemini-2.5-flash-lite',
        tier: 'smart',
        caller: { tenantId: 'tenant', agent: 'content-creator' },
      },
    ])
    server.verify()
  })

  it('ends at the rules when there is no money at all, without asking anybody', async () => {
    const { chat, rows } = chatAgainst(server, dear.smart, {
      tiers: dear,
      playbook: rules,
      afford: () => false,
    })
    const answer = await chat.invoke(brief)
    expect(noteOf(answer)).toMatchObject({ provider: 'playbook', costMicros: 0 })
    expect(server.requests).toEqual([])
    expect(rows).toEqual([])
  })

  it('fails with budget-exhausted when there are no rules either', async () => {
    const { chat } = chatAgainst(server, ['openai:gpt-5.4'], { afford: () => false })
    await expect(chat.invoke(brief)).rejects.toMatchObject({ code: 'budget-exhausted' })
  })

  it('makes no call when the budget cannot be read', async () => {
    const { chat } = chatAgainst(server, CHAIN, {
      playbook: rules,
      afford: () => {
        throw new Error('the database is gone')
      },
    })
    await expect(chat.invoke(brief)).rejects.toMatchObject({ code: 'bug', message: 'the database is gone' })
    expect(server.requests).toEqual([])
  })

  it('counts a billed answer that was no use into the price of the one that was', async () => {
    const { chat, rows } = chatAgainst(server, ['anthropic:claude-sonnet-5'])
    server.script(
      { ...callMalformed('list-clips'), usage: { input: 1_000, output: 100 } },
      say('Good.', { usage: { input: 1_000, output: 100 } }),
    )
    const answer = await chat.invoke(brief)
    expect(rows.map(({ outcome, costMicros }) => [outcome, costMicros])).toEqual([
      ['failed', 3_000],
      ['answered', 3_000],
    ])
    expect(noteOf(answer).costMicros).toBe(6_000)
  })

  it('flags the price of a model nobody listed and takes a conservative one', async () => {
    const { chat, rows } = chatAgainst(server, ['openai:my-own-model'])
    server.script(say('Hi.', { usage: { input: 1_000_000, output: 0 } }))
    await chat.invoke(brief)
    expect(rows).toMatchObject([{ isPriceKnown: false, costMicros: 10_000_000 }])
  })
})

it('hands a conversation of one provider to the next without its private marks', async () => {
  const { chat } = chatAgainst(server, ['google:gemini-2.5-flash', 'openai:gpt-5.4'])
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'list-clips', parameters: { type: 'object', properties: {} } },
    },
  ]
  const model = chat.bindTools(tools)
  server.script(callTools(fakeCall('list-clips'), { text: 'Looking.' }))
  const first = await model.invoke(brief)
  server.script(fail('context-too-long'), say('None.'))
  const result = new ToolMessage({
    tool_call_id: first.tool_calls?.[0]?.id ?? '',
    content: '{"ok":true,"value":[]}',
  })
  const second = await model.invoke([...brief, first, result])
  expect(noteOf(second).provider).toBe('openai')
  expect(server.requests.at(-1)?.messages[1]).toMatchObject({
    role: 'assistant',
    text: 'Looking.',
    calls: [{ name: 'list-clips' }],
  })
  server.verify()
})
