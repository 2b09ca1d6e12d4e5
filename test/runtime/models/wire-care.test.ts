/** What the vendors' services demand beyond their schemas, and the SDKs' habits that would cost us the daemon. */
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chatAgainst } from '../../fakes/model-server/bench.ts'
import { type ModelServer, startModelServer } from '../../fakes/model-server/model-server.ts'
import { call, callTools, record, say } from '../../fakes/model-server/turn.ts'

const tools = [
  {
    type: 'function' as const,
    function: { name: 'list-clips', parameters: { type: 'object', properties: {} } },
  },
]

let server: ModelServer

beforeEach(async () => {
  server = await startModelServer()
})

afterEach(async () => {
  await server.close()
})

async function twoTurns(model: string) {
  const chat = chatAgainst(server, [model]).chat.bindTools(tools)
  server.script(
    callTools([call('list-clips'), call('list-clips')], {
      thinking: 'What might be there?',
      text: 'Looking.',
    }),
    say('None.'),
  )
  const opening = [new SystemMessage('You cut films.'), new HumanMessage('Which clips?')]
  const first = await chat.invoke(opening)
  // As a checkpoint keeps it: only what survives JSON comes back.
  const kept = { ...first.response_metadata }
  first.response_metadata = JSON.parse(JSON.stringify(kept))
  const results = (first.tool_calls ?? []).map(
    ({ id }) => new ToolMessage({ tool_call_id: id ?? '', content: '{"ok":true,"value":[]}' }),
  )
  await chat.invoke([...opening, first, ...results])
  server.verify()
  return server.requests[1]?.body ?? {}
}

it('gives Claude its signed thinking back, first and untouched', async () => {
  const { messages } = await twoTurns('anthropic:claude-sonnet-5')
  const assistant = (messages as { content: unknown[] }[])[1]
  expect(assistant?.content.map((block) => record(block).type)).toEqual([
    'thinking',
    'text',
    'tool_use',
    'tool_use',
  ])
})

it('marks Claude’s stable prefix and the history so far for the cache', async () => {
  const body = await twoTurns('anthropic:claude-sonnet-5')
  const marks = JSON.stringify(body).match(/"cache_control":\{"type":"ephemeral"\}/g)
  expect(marks).toHaveLength(2)
  expect(body.system).toMatchObject([{ cache_control: { type: 'ephemeral' } }])
})

it('gives Gemini its thought signature back, and results of parallel calls in one content', async () => {
  const { contents } = await twoTurns('google:gemini-2.5-flash')
  const [, model, results] = contents as { parts: Record<string, unknown>[] }[]
  expect(
    model?.parts.some(
      ({ thoughtSignature }) => thoughtSignature === Buffer.from('What might be there?').toString('base64'),
    ),
  ).toBe(true)
  expect(results?.parts).toHaveLength(2)
})

it('asks OpenAI to keep nothing', async () => {
  expect((await twoTurns('openai:gpt-5.6')).store).toBe(false)
})

it('survives a cut Gemini stream without an unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const cut = say('This stream will be cut somewhere in its middle.', { cutAfterFrames: 2 })
  server.script(cut, cut, cut)
  await expect(chatAgainst(server, ['google:gemini-2.5-flash']).chat.invoke('Go.')).rejects.toMatchObject({
    code: 'model-unavailable',
  })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

interface Dispatcher {
  dispatch(options: { origin?: unknown; path?: string }, handler: unknown): boolean
}

/** The process's dispatcher, watched while `perform` runs. */
async function watchEgress(perform: () => Promise<unknown>): Promise<string[]> {
  await fetch(server.origin, { method: 'HEAD' }).catch(() => undefined) // undici sets its dispatcher with the first use
  const original = Reflect.get(globalThis, DISPATCHER) as Dispatcher
  const origins: string[] = []
  const watched = new Proxy(original, {
    get: (target, key) =>
      key === 'dispatch'
        ? (options: { origin?: unknown }, handler: unknown) => {
            origins.push(String(options.origin))
            return target.dispatch(options, handler)
          }
        : Reflect.get(target, key, target),
  })
  Reflect.set(globalThis, DISPATCHER, watched)
  try {
    await perform()
  } finally {
    Reflect.set(globalThis, DISPATCHER, original)
  }
  return origins
}

it.each(['openai:gpt-5.4', 'openai:gpt-5.6', 'anthropic:claude-sonnet-5', 'google:gemini-2.5-flash'])(
  'sends every byte to %s through the process’s dispatcher, where egress is guarded',
  async (model) => {
    server.script(say('Hi.'))
    const { chat } = chatAgainst(server, [model])
    expect(await watchEgress(() => chat.invoke('Go.'))).toEqual([server.origin])
  },
)

it('sends vectors and sound through the same dispatcher', async () => {
  const { models } = chatAgainst(server, [])
  const caller = { tenantId: 'tenant' }
  const sound = { bytes: new Uint8Array([1, 2, 3]), mimeType: 'audio/mpeg' as const }
  const origins = await watchEgress(async () => {
    await models.embeddings(caller)?.embed(['hello'])
    await models.speech(caller)?.transcribe(sound, AbortSignal.timeout(5_000))
  })
  expect(origins).toEqual([server.origin, server.origin])
})
