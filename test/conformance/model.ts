/**
 * What every provider's adapter must do, asked through the one chat model the system knows, against the local fault
 * server: real sockets, real wire format. A new adapter is done when this suite is green for it.
 */
import {
  AIMessage,
  type AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { concat } from '@langchain/core/utils/stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ErrorCode } from '../../runtime/core/errors.ts'
import type { CostRow } from '../../runtime/models/ports.ts'
import { chatAgainst, type TestBench } from '../fakes/model-server/bench.ts'
import { type ModelServer, startModelServer } from '../fakes/model-server/model-server.ts'
import {
  call,
  callMalformed,
  callTools,
  dropConnection,
  type FaultName,
  fail,
  hang,
  type NormalisedRequest,
  type Provider,
  refuse,
  say,
} from '../fakes/model-server/turn.ts'

export interface ModelSubject {
  provider: Provider
  model: string
  api: NormalisedRequest['api']
}

const TOOLS = [
  {
    type: 'function' as const,
    function: {
      name: 'cut-clip',
      description: 'Cuts a clip.',
      parameters: z.toJSONSchema(
        z.object({
          startMs: z.int().min(0),
          format: z.enum(['9:16', '1:1']),
          note: z.string().nullable().optional(),
          mode: z.union([z.literal('fast'), z.literal('fine')]).default('fast'),
          tags: z.record(z.string(), z.string()).optional(),
        }),
      ),
    },
  },
  {
    type: 'function' as const,
    function: {
      name: 'list-clips',
      description: 'Lists clips.',
      parameters: { type: 'object', properties: {} },
    },
  },
]

/** One red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

const EXPECTED: Record<FaultName, ErrorCode> = {
  'bad-request': 'model-bad-request',
  auth: 'model-auth',
  'not-found': 'model-bad-request',
  'rate-limit': 'model-rate-limited',
  'server-error': 'model-unavailable',
  overloaded: 'model-overloaded',
  'context-too-long': 'model-context-too-long',
}

/** Faults that pass: the adapter is asked three times in all. */
const PASSING: FaultName[] = ['rate-limit', 'server-error', 'overloaded']

export function modelConformance(title: string, subject: ModelSubject): void {
  describe(`${title} as a model`, () => {
    let server: ModelServer
    let bench: TestBench

    beforeEach(async () => {
      server = await startModelServer()
      bench = chatAgainst(server, [`${subject.provider}:${subject.model}`])
    })

    afterEach(async () => {
      await server.close()
    })

    answers(subject, () => ({ server, bench }))
    toolCalls(() => ({ server, bench }))
    odderCalls(() => ({ server, bench }))
    streams(() => ({ server, bench }))
    failures(() => ({ server, bench }))
    interruptions(subject, () => ({ server, bench }))
  })
}

type Setting = () => { server: ModelServer; bench: TestBench }

function answers(subject: ModelSubject, setting: Setting): void {
  it('answers with text, says who answered and what it cost, and sends system text apart', async () => {
    const { server, bench } = setting()
    server.script(say('Three clips are ready.', { usage: { input: 1_000, output: 10, cached: 400 } }))
    const answer = await bench.chat.invoke([new SystemMessage('You cut films.'), new HumanMessage('Go.')])
    expect(answer.text).toBe('Three clips are ready.')
    const [row] = bench.rows as [CostRow]
    expect(answer.response_metadata.stakazo).toEqual({
      provider: subject.provider,
      model: subject.model,
      degraded: [],
      costMicros: row.costMicros,
    })
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: 1_000,
      output_tokens: 10,
      input_token_details: { cache_read: 400 },
    })
    expect(row).toMatchObject({
      inputTokens: 1_000,
      cachedInputTokens: 400,
      outputTokens: 10,
      outcome: 'answered',
      isEstimated: false,
    })
    expect(server.requests[0]).toMatchObject({ ...subject, system: 'You cut films.', stream: true })
    server.verify()
  })

  it('shows a picture to the model', async () => {
    const { server, bench } = setting()
    server.script(say('A red dot.'), say('Still red.'))
    const question = { type: 'text', text: 'What is this?' }
    await bench.chat.invoke([
      new HumanMessage({ content: [question, { type: 'image', mimeType: 'image/png', data: PNG }] }),
    ])
    const asUrl = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }
    await bench.chat.invoke([new HumanMessage({ content: [question, asUrl] })])
    for (const { messages } of server.requests) {
      expect(messages[0]).toMatchObject({
        text: 'What is this?',
        images: [{ mimeType: 'image/png', base64: PNG }],
      })
    }
    server.verify()
  })
}

function toolCalls(setting: Setting): void {
  it('offers tools in the vendor’s schema and reads one call', async () => {
    const { server, bench } = setting()
    server.script(callTools(call('cut-clip', { startMs: 500, format: '9:16' })))
    const answer = await bench.chat.bindTools(TOOLS).invoke('Cut one.')
    expect(answer.tool_calls).toMatchObject([{ name: 'cut-clip', args: { startMs: 500, format: '9:16' } }])
    expect(answer.tool_calls?.[0]?.id).toMatch(/^[\w-]{1,64}$/)
    expect(server.requests[0]?.tools.map(({ name }) => name)).toEqual(['cut-clip', 'list-clips'])
    server.verify()
  })

  it('reads parallel calls beside text and sends each result back to its call', async () => {
    const { server, bench } = setting()
    const calls = [
      call('cut-clip', { startMs: 1, format: '1:1' }),
      call('cut-clip', { startMs: 2, format: '1:1' }),
      call('list-clips'),
    ]
    server.script(callTools(calls, { text: 'Cutting two.' }), say('Done.'))
    const model = bench.chat.bindTools(TOOLS)
    const first = await model.invoke('Cut two.')
    expect(first.text).toBe('Cutting two.')
    expect(first.tool_calls?.map(({ args }) => args.startMs)).toEqual([1, 2, undefined])
    const results = (first.tool_calls ?? []).map(
      ({ id, name }, index) =>
        new ToolMessage({ tool_call_id: id ?? '', name, content: `{"ok":true,"value":${index}}` }),
    )
    // Results come in any order; a parallel step finishes when it does.
    const second = await model.invoke([new HumanMessage('Cut two.'), first, ...results.toReversed()])
    expect(second.text).toBe('Done.')
    const told = server.requests[1]?.messages.filter(({ role }) => role === 'tool')
    expect(told?.map(({ text }) => text)).toEqual([
      '{"ok":true,"value":0}',
      '{"ok":true,"value":1}',
      '{"ok":true,"value":2}',
    ])
    server.verify()
  })
}

function odderCalls(setting: Setting): void {
  it('carries on a conversation that another provider began and a cancellation tore', async () => {
    const { server, bench } = setting()
    server.script(say('I see.'))
    const torn = new AIMessage({
      content: [
        { type: 'text', text: 'Cutting.' },
        { type: 'functionCall', functionCall: { name: 'cut-clip' } },
      ] as never,
      tool_calls: [
        { id: 'toolu_1', name: 'cut-clip', args: {} },
        { id: 'toolu_2', name: 'list-clips', args: {} },
      ],
    })
    const half = new ToolMessage({ tool_call_id: 'toolu_2', content: '{"ok":true,"value":[]}' })
    await bench.chat
      .bindTools(TOOLS)
      .invoke([new HumanMessage('Cut.'), torn, half, new HumanMessage('And now?')])
    const roles = server.requests[0]?.messages.map(({ role }) => role)
    expect(roles).toEqual(['user', 'assistant', 'tool', 'tool', 'user'])
    expect(server.requests[0]?.messages[2]?.text).toContain('"code":"cancelled"')
    server.verify()
  })

  it('returns structured output through a forced tool call and refuses what does not fit', async () => {
    const { server, bench } = setting()
    const Caption = z.object({ text: z.string().max(20), tags: z.array(z.string()) })
    const model = bench.chat.withStructuredOutput(Caption, { name: 'write-caption' })
    server.script(
      callTools(call('write-caption', { text: 'Hello', tags: ['a'] })),
      callTools(call('write-caption', { text: 5 })),
    )
    expect(await model.invoke('Write.')).toEqual({ text: 'Hello', tags: ['a'] })
    expect(server.requests[0]?.toolChoice).toBe('write-caption')
    await expect(model.invoke('Write.')).rejects.toMatchObject({ code: 'model-malformed' })
    server.script(callTools(call('write-caption', { text: 5 })))
    const withRaw = bench.chat.withStructuredOutput(Caption, { name: 'write-caption', includeRaw: true })
    expect(await withRaw.invoke('Write.')).toMatchObject({
      parsed: null,
      raw: { tool_calls: [{ args: { text: 5 } }] },
    })
    server.verify()
  })

  it('passes on a call of a tool it was not given, for the loop to answer', async () => {
    const { server, bench } = setting()
    server.script(callTools(call('delete-everything', { sure: true })))
    const answer = await bench.chat.bindTools(TOOLS).invoke('Cut.')
    expect(answer.tool_calls).toMatchObject([{ name: 'delete-everything', args: { sure: true } }])
  })
}

function streams(setting: Setting): void {
  it('streams text in pieces and ends with whole calls, usage and the note', async () => {
    const { server, bench } = setting()
    server.script(callTools(call('list-clips'), { text: 'Let me look at all the clips first.' }))
    const pieces: AIMessageChunk[] = []
    for await (const piece of await bench.chat.bindTools(TOOLS).stream('Look.')) pieces.push(piece)
    expect(pieces.filter(({ text }) => text).length).toBeGreaterThan(2)
    const whole = pieces.reduce((sum, piece) => concat(sum, piece))
    expect(whole.text).toBe('Let me look at all the clips first.')
    expect(whole.tool_calls).toMatchObject([{ name: 'list-clips', args: {} }])
    expect(whole.usage_metadata?.output_tokens).toBeGreaterThan(0)
    expect(whole.response_metadata.stakazo).toMatchObject({ degraded: [] })
  })

  it('starts again when a stream is cut, and the answer is the second alone', async () => {
    const { server, bench } = setting()
    server.script(say('This will be cut off in the middle of it.', { cutAfterFrames: 3 }), say('Whole.'))
    const answer = await bench.chat.invoke('Go.')
    expect(answer.text).toBe('Whole.')
    expect(bench.rows.map(({ outcome }) => outcome).at(-1)).toBe('answered')
    server.verify()
  })

  it('never hands out a tool call of a stream that was cut', async () => {
    const { server, bench } = setting()
    const cut = callTools(
      call('cut-clip', { startMs: 123_456_789, format: '9:16', note: 'long enough for several frames' }),
      {
        text: 'Now I will cut the clip you asked for.',
        cutAfterFrames: 3,
      },
    )
    server.script(cut, cut, cut)
    await expect(bench.chat.bindTools(TOOLS).invoke('Cut.')).rejects.toMatchObject({
      code: 'model-unavailable',
    })
    server.verify()
  })

  it('tells a live reader that a cut answer starts again', async () => {
    const { server, bench } = setting()
    server.script(say('This will be cut off in the middle of it.', { cutAfterFrames: 4 }), say('Whole.'))
    let text = ''
    for await (const piece of await bench.chat.stream('Go.')) text += piece.text
    expect(text).toMatch(/^This.*\[The answer was cut off and starts again.\]\n\nWhole\.$/s)
  })
}

function failures(setting: Setting): void {
  it.each(Object.entries(EXPECTED))('reports %s as %s', async (fault, code) => {
    const { server, bench } = setting()
    const times = PASSING.includes(fault as FaultName) ? 3 : 1
    server.script(...Array.from({ length: times }, () => fail(fault as FaultName)))
    await expect(bench.chat.invoke('Go.')).rejects.toMatchObject({ code })
    expect(bench.rows).toEqual([])
    expect(bench.released).toBe(times)
    server.verify()
  })

  it('waits as long as retry-after says, then answers', async () => {
    const { server, bench } = setting()
    server.script(fail('rate-limit', 3_000), say('Back.'))
    expect((await bench.chat.invoke('Go.')).text).toBe('Back.')
    expect(bench.slept).toEqual([3_000])
    server.verify()
  })

  it('does not wait for a retry-after beyond its patience', async () => {
    const { server, bench } = setting()
    server.script(fail('rate-limit', 60_000))
    await expect(bench.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-rate-limited' })
    expect(bench.slept).toEqual([])
    server.verify()
  })

  it('reports a refusal once, without asking again', async () => {
    const { server, bench } = setting()
    server.script(refuse())
    await expect(bench.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-refused' })
    server.verify()
  })

  it('asks once more after malformed arguments, then reports them', async () => {
    const { server, bench } = setting()
    server.script(callMalformed('cut-clip'), callTools(call('list-clips')))
    const model = bench.chat.bindTools(TOOLS)
    expect((await model.invoke('Go.')).tool_calls).toMatchObject([{ name: 'list-clips' }])
    server.script(callMalformed('cut-clip'), callMalformed('cut-clip'))
    await expect(model.invoke('Go.')).rejects.toMatchObject({ code: 'model-malformed' })
    server.verify()
  })
}

function interruptions(subject: ModelSubject, setting: Setting): void {
  it('reports a connection that is dropped, and a port where nobody listens', async () => {
    const { server, bench } = setting()
    server.script(dropConnection(), dropConnection(), dropConnection())
    await expect(bench.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-unavailable' })
    server.verify()
    await server.close()
    await expect(bench.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-unavailable' })
  })

  it('gives up on a first byte, and on a stream that stalls', async () => {
    const { server } = setting()
    const hasty = chatAgainst(server, [`${subject.provider}:${subject.model}`], {
      deadlines: { firstByteMs: 60, idleMs: 60 },
    })
    server.script(hang(), say('Slow.', { firstByteMs: 5_000 }))
    await expect(hasty.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-timeout' })
    const stall = say('It stalls in the middle of a sentence.', { stallAfterFrames: 3 })
    server.script(stall, stall)
    await expect(hasty.chat.invoke('Go.')).rejects.toMatchObject({ code: 'model-timeout' })
    server.verify()
  })

  it('ends at once with the reason when it is aborted, before and in the middle of a stream', async () => {
    const { server, bench } = setting()
    const reason = new Error('enough')
    await expect(bench.chat.invoke('Go.', { signal: AbortSignal.abort(reason) })).rejects.toThrow()
    expect(server.requests).toHaveLength(0)
    server.script(say('A long answer that stalls after a while.', { stallAfterFrames: 4 }))
    const controller = new AbortController()
    const read = async () => {
      for await (const piece of await bench.chat.stream('Go.', { signal: controller.signal })) {
        if (piece.text) controller.abort(reason)
      }
    }
    await expect(read()).rejects.toThrow()
    expect(server.requests).toHaveLength(1)
    expect(bench.rows.map(({ outcome, isEstimated }) => ({ outcome, isEstimated }))).toEqual([
      { outcome: 'failed', isEstimated: true },
    ])
  })
}
