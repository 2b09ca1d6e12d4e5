import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { describe, expect, it } from 'vitest'
import { openModels } from '../../../runtime/models/open-models.ts'
import type { CostPort } from '../../../runtime/models/ports.ts'
import { chatAgainst } from '../../fakes/model-server/bench.ts'
import { startModelServer } from '../../fakes/model-server/model-server.ts'
import { call, callTools, say } from '../../fakes/model-server/turn.ts'

const costs: CostPort = {
  reserve: async () => ({ granted: false, reason: 'no money here' }),
  settle: async () => undefined,
  release: async () => undefined,
}

describe('open models', () => {
  it('has rules alone when no key is given', () => {
    const models = openModels({ providers: {} }, { costs })
    expect(models.describe()).toEqual([
      { tier: 'fast', chain: ['playbook'] },
      { tier: 'smart', chain: ['playbook'] },
      { tier: 'creative', chain: ['playbook'] },
    ])
    expect(models.hasModel('smart')).toBe(false)
    expect(models.embeddings({ tenantId: 't' })).toBeUndefined()
    expect(models.speech({ tenantId: 't' })).toBeUndefined()
    expect(models.estimate('smart', { promptCharacters: 10_000, turns: 5 })).toEqual({
      micros: 0,
      model: 'playbook',
      isPriceKnown: true,
    })
  })

  it('keeps of a chain what has a key, and takes a base URL without one', () => {
    const providers = { google: { apiKey: 'k' }, openai: { baseUrl: 'http://127.0.0.1:11434/v1' } }
    const models = openModels(
      { providers, tiers: { smart: ['anthropic:claude-opus-5', 'openai:llama', 'google:gemini-2.5-pro'] } },
      { costs },
    )
    expect(models.describe()[1]).toEqual({ tier: 'smart', chain: ['openai:llama', 'google:gemini-2.5-pro'] })
    expect(models.estimate('smart', { promptCharacters: 4_000, turns: 1 }).isPriceKnown).toBe(false)
  })

  it.each(['gpt-5.4', 'mistral:large', 'openai:'])(
    'refuses %s as a link, and says how to write one',
    (link) => {
      const open = () => openModels({ providers: {}, tiers: { fast: [link] } }, { costs })
      expect(open).toThrow(
        expect.objectContaining({
          code: 'config-invalid',
          message: expect.stringContaining('anthropic:<model>'),
        }),
      )
    },
  )
})

it('loads no provider’s SDK until somebody asks a provider', async () => {
  // `register` sees every module a process loads, ESM and CommonJS, native or not.
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
    const { openModels } = await import('./runtime/models/open-models.ts')
    const costs = { reserve: async () => ({ granted: true, reservation: { id: '1' } }), settle: async () => {}, release: async () => {} }
    const providers = Object.fromEntries(['openai', 'anthropic', 'google'].map((name) => [name, { apiKey: 'k', baseUrl: 'http://127.0.0.1:1' }]))
    const models = openModels({ providers, waitMaxMs: 0 }, { costs })
    const chat = models.chat('smart', { tenantId: 't' })
    const sdks = () => [...new Set(loaded.flatMap((url) => /node_modules\\/(@langchain\\/(?:openai|google-genai)|openai|@anthropic-ai\\/sdk|@google\\/generative-ai)\\//.exec(url)?.[1] ?? []))].sort()
    models.embeddings({ tenantId: 't' }); models.speech({ tenantId: 't' })
    const idle = sdks()
    await chat.invoke('x').catch(() => undefined)
    console.log(JSON.stringify({ idle, asked: sdks() }))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  expect(JSON.parse(stdout)).toEqual({
    idle: [],
    asked: [
      '@anthropic-ai/sdk',
      '@google/generative-ai',
      '@langchain/google-genai',
      '@langchain/openai',
      'openai',
    ],
  })
})

describe('in a graph', () => {
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'list-clips', parameters: { type: 'object', properties: {} } },
    },
  ]

  it.each(['anthropic:claude-sonnet-5', 'openai:gpt-5.4', 'google:gemini-2.5-flash'])(
    'streams the words of %s as messages and keeps calls, usage and the note in the state',
    async (link) => {
      await using server = await startModelServer({
        turns: [callTools(call('list-clips'), { text: 'Let me look at all the clips.' })],
      })
      const model = chatAgainst(server, [link]).chat.bindTools(tools)
      const graph = new StateGraph(MessagesAnnotation)
        .addNode('think', async ({ messages }, config) => ({
          messages: [await model.invoke(messages, config)],
        }))
        .addEdge(START, 'think')
        .addEdge('think', END)
        .compile()
      const words: string[] = []
      let last: unknown
      const input = { messages: [new HumanMessage('Look.')] }
      for await (const [mode, data] of await graph.stream(input, { streamMode: ['messages', 'values'] })) {
        if (mode === 'messages') words.push(data[0].text)
        else last = data.messages.at(-1)
      }
      expect(words.filter(Boolean).length).toBeGreaterThan(2)
      expect(words.join('')).toBe('Let me look at all the clips.')
      expect(last).toBeInstanceOf(AIMessage)
      expect(last).toMatchObject({
        tool_calls: [{ name: 'list-clips', args: {} }],
        response_metadata: { stakazo: { degraded: [] }, stop: expect.any(String) },
        usage_metadata: { output_tokens: expect.any(Number) },
      })
      server.verify()
    },
  )

  it('keeps the whole answer alone in the state when its first attempt was cut before a reader’s eyes', async () => {
    await using server = await startModelServer()
    server.script(say('This one will be cut off somewhere.', { cutAfterFrames: 4 }), say('Whole.'))
    const model = chatAgainst(server, ['openai:gpt-5.4']).chat
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('think', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, 'think')
      .addEdge('think', END)
      .compile()
    let seen = ''
    let last: AIMessage | undefined
    const input = { messages: [new HumanMessage('Look.')] }
    for await (const [mode, data] of await graph.stream(input, { streamMode: ['messages', 'values'] })) {
      if (mode === 'messages') seen += data[0].text
      else last = data.messages.at(-1) as AIMessage
    }
    expect(seen).toMatch(/^This.*starts again.*Whole\.$/s)
    expect(last?.text).toBe('Whole.')
  })

  it('keeps the note when a client listens to LangChain’s event stream', async () => {
    await using server = await startModelServer({
      turns: [callTools(call('list-clips'), { text: 'Looking.' })],
    })
    const { chat } = chatAgainst(server, ['anthropic:claude-sonnet-5'])
    const message = await chat.streamEvents('Look.', { tools } as never)
    expect(message).toMatchObject({
      response_metadata: { stakazo: { provider: 'anthropic' } },
      tool_calls: [{ name: 'list-clips' }],
    })
  })
})
