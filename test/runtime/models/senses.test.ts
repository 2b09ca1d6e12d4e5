import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatAgainst } from '../../fakes/model-server/bench.ts'
import { type ModelServer, startModelServer } from '../../fakes/model-server/model-server.ts'
import { fail, say } from '../../fakes/model-server/turn.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const caller = { tenantId: 'tenant', agent: 'content-creator' }
const signal = () => AbortSignal.timeout(10_000)

let server: ModelServer

beforeEach(async () => {
  server = await startModelServer({
    transcribe: ({ bytes }) => ({ text: bytes.length > 1 ? ' Hello there. ' : '' }),
  })
})

afterEach(async () => {
  await server.close()
})

describe.each(['openai:text-embedding-3-small', 'google:gemini-embedding-001'])(
  'vectors of %s',
  (embeddings) => {
    it('gives one unit vector a text, in order, and books it', async () => {
      const { models, rows } = chatAgainst(server, [], { embeddings })
      const port = models.embeddings(caller)
      const [one, two, again] =
        (await port?.embed(['a long enough text', 'another', 'a long enough text'])) ?? []
      expect(one).toHaveLength(port?.dimensions ?? 0)
      expect(Math.hypot(...(one ?? []))).toBeCloseTo(1, 6)
      expect(again).toEqual(one)
      expect(two).not.toEqual(one)
      expect(rows).toMatchObject([{ model: embeddings.split(':')[1], inputTokens: 12, isPriceKnown: true }])
      expect(await port?.embed([])).toEqual([])
    })

    it('fails as a model fails, never with empty vectors, and gives the money back', async () => {
      const bench = chatAgainst(server, [], { embeddings })
      server.script(fail('rate-limit'), fail('rate-limit'))
      await expect(bench.models.embeddings(caller)?.embed(['text'])).rejects.toMatchObject({
        code: 'model-rate-limited',
      })
      expect([bench.rows.length, bench.released]).toEqual([0, 1])
    })
  },
)

describe('hearing', () => {
  it('transcribes through OpenAI’s audio route', async () => {
    const { models, rows } = chatAgainst(server, [], { speech: 'openai:gpt-4o-mini-transcribe' })
    const sound = { bytes: new Uint8Array(2_000), mimeType: 'audio/wav' as const, durationMs: 30_000 }
    expect(await models.speech(caller)?.transcribe(sound, signal())).toEqual({ text: 'Hello there.' })
    expect(server.sideRequests[0]?.body).toMatchObject({
      model: 'gpt-4o-mini-transcribe',
      fileName: 'sound.wav',
    })
    expect(rows).toMatchObject([{ costMicros: 3_000 }])
  })

  it('transcribes through Gemini with the sound inline', async () => {
    const { models } = chatAgainst(server, [], { speech: 'google:gemini-2.5-flash' })
    server.script(say('Good morning.'))
    const sound = { bytes: new Uint8Array([1, 2, 3]), mimeType: 'audio/mpeg' as const }
    expect(await models.speech(caller)?.transcribe(sound, signal())).toEqual({ text: 'Good morning.' })
    expect(server.requests[0]?.messages[0]).toMatchObject({
      audio: [{ mimeType: 'audio/mpeg', base64: 'AQID' }],
    })
  })

  it('says nothing where nobody speaks', async () => {
    const { models } = chatAgainst(server, [], { speech: 'openai:whisper-1' })
    const sound = { bytes: new Uint8Array([1]), mimeType: 'audio/mpeg' as const }
    expect(await models.speech(caller)?.transcribe(sound, signal())).toBeUndefined()
  })
})

describe('perception', () => {
  const fast = { fast: ['anthropic:claude-haiku-4-5', 'playbook'] }

  it('describes stills in the asked language and listens to a file', async () => {
    using directory = temporaryDirectory('sound')
    const path = `${directory.path}/sound.mp3`
    await writeFile(path, new Uint8Array([1, 2]))
    const perception = chatAgainst(server, [], { tiers: fast }).models.perception(caller)
    server.script(say('Un perro corre por la playa.'))
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff])
    expect(await perception.describe([jpeg, jpeg], { language: 'es', signal: signal() })).toBe(
      'Un perro corre por la playa.',
    )
    expect(server.requests[0]?.messages[0]).toMatchObject({
      text: expect.stringContaining("'es'"),
      images: [{ mimeType: 'image/jpeg' }, {}],
    })
    expect(await perception.transcribe(path, { signal: signal() })).toEqual({ text: 'Hello there.' })
  })

  it('says nothing about the film when nobody can see or hear, or when they fail', async () => {
    const blind = chatAgainst(server, [], {
      tiers: { fast: ['playbook'] },
      speech: 'none',
    }).models.perception(caller)
    const frame = new Uint8Array([0xff, 0xd8])
    expect(await blind.describe([frame], { language: 'en', signal: signal() })).toBeUndefined()
    expect(await blind.transcribe('/nowhere.mp3', { signal: signal() })).toBeUndefined()
    const failing = chatAgainst(server, [], { tiers: fast }).models.perception(caller)
    server.script(fail('auth'))
    expect(await failing.describe([frame], { language: 'en', signal: signal() })).toBeUndefined()
  })
})
