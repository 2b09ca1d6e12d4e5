import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { WireRequest } from '../../runtime/core/ports/wire.ts'
import { type CallRecord, mapOrigins, openWire } from '../../runtime/http.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const PLATFORM = 'https://graph.example'
let handler: Handler
let seen: IncomingMessage[]
let records: CallRecord[]
let url: string
let server: ReturnType<typeof createServer>

beforeEach(async () => {
  seen = []
  records = []
  handler = (_, response) => response.end('{"ok":true}')
  server = createServer((request, response) => {
    seen.push(request)
    handler(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

const open = (more: object = {}) =>
  openWire({
    origins: [PLATFORM],
    mapping: mapOrigins({ origins: { [PLATFORM]: url } }),
    clock: { elapsedMs: () => 0, sleep: async () => undefined },
    onCall: (record) => records.push(record),
    ...more,
  })
const get = (more: Partial<WireRequest> = {}): WireRequest => ({
  method: 'GET',
  url: `${PLATFORM}/me`,
  call: 'safe',
  ...more,
})
const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof StakazoError ? error.code : error
}
const drop: Handler = (request) => request.socket.destroy()

test('an undeclared origin is refused before anything is sent', async () => {
  expect(await codeOf(open().send(get({ url: 'https://evil.example/me' })))).toBe('egress-refused')
  expect(seen).toHaveLength(0)
})

test('a mapped call tells which origin was meant and carries query, form and token', async () => {
  const answer = await open().send(
    get({ query: { fields: 'id', limit: 5, after: undefined }, bearer: 'SECRET' }),
  )
  expect(answer).toMatchObject({ status: 200, json: { ok: true } })
  expect(seen[0]).toMatchObject({
    url: '/me?fields=id&limit=5',
    headers: { 'x-stakazo-origin': PLATFORM, authorization: 'Bearer SECRET' },
  })
})

test('a chosen origin wins over the sandbox, the sandbox over the real one', () => {
  const map = mapOrigins({
    sandboxUrl: 'http://127.0.0.1:1/x',
    origins: { [PLATFORM]: 'http://127.0.0.1:2' },
  })
  expect([map(PLATFORM), map('https://other.example')]).toEqual(['http://127.0.0.1:2', 'http://127.0.0.1:1'])
  expect(mapOrigins({})(PLATFORM)).toBe(PLATFORM)
})

test('a body is streamed with its length said first', async () => {
  let bytes = 0
  handler = (request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end('{}'))
  }
  const stream = async () => Readable.from([Buffer.alloc(70_000), Buffer.alloc(30_000)])
  await open().send(get({ method: 'POST', call: 'repeatable', body: { stream, bytes: 100_000 } }))
  expect(bytes).toBe(100_000)
  expect(seen[0]?.headers).toMatchObject({ 'content-length': '100000' })
  expect(seen[0]?.headers['transfer-encoding']).toBeUndefined()
})

describe('a call is repeated by itself', () => {
  test.each(['safe', 'repeatable', 'once'] as const)('only when it is safe: %s', async (call) => {
    handler = drop
    expect(await codeOf(open().send(get({ method: 'POST', call })))).toBe('outcome-unknown')
    expect(seen).toHaveLength(call === 'safe' ? 3 : 1)
  })

  test.each([500, 502, 503, 429])('after %i, and the answer that comes then counts', async (status) => {
    handler = (_, response) => {
      response.statusCode = seen.length === 1 ? status : 200
      response.end('{}')
    }
    expect((await open().send(get())).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  test('never after a refusal', async () => {
    handler = (_, response) => {
      response.statusCode = 400
      response.end('{"error":{"code":100}}')
    }
    expect((await open().send(get())).status).toBe(400)
    expect(seen).toHaveLength(1)
  })

  test('not while the platform asks for more patience than a worker has', async () => {
    handler = (_, response) => {
      response.writeHead(429, { 'retry-after': '60' })
      response.end('{}')
    }
    expect((await open().send(get())).status).toBe(429)
    expect(seen).toHaveLength(1)
  })
})

test('a refused connection proves that nothing was sent, a broken one proves nothing', async () => {
  const nobody = createServer()
  await new Promise<void>((listening) => nobody.listen(0, '127.0.0.1', listening))
  const address = nobody.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  await new Promise((done) => nobody.close(done))
  const gone = openWire({ origins: [PLATFORM], mapping: () => `http://127.0.0.1:${port}` })
  expect(await codeOf(gone.send(get({ call: 'once' })))).toBe('platform-unreachable')
  const nameless = openWire({ origins: ['https://nowhere.invalid'] })
  expect(await codeOf(nameless.send(get({ call: 'once', url: 'https://nowhere.invalid/' })))).toBe(
    'platform-unreachable',
  )
  handler = drop
  expect(await codeOf(open().send(get({ call: 'once' })))).toBe('outcome-unknown')
  handler = () => undefined
  expect(await codeOf(open({ timeoutMs: 50 }).send(get({ call: 'once' })))).toBe('outcome-unknown')
})

test('an answer cut short or beyond its limit is a lost one', async () => {
  handler = (request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"ok":')
    setImmediate(() => request.socket.destroy())
  }
  expect(await codeOf(open().send(get({ call: 'once' })))).toBe('outcome-unknown')
  handler = (_, response) => response.end(Buffer.alloc(2_000, 'x'))
  expect(await codeOf(open({ maxAnswerBytes: 1_000 }).send(get({ call: 'once' })))).toBe('outcome-unknown')
})

test('a redirect is an answer, never followed', async () => {
  handler = (_, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' })
    response.end()
  }
  expect((await open().send(get())).status).toBe(302)
})

test('giving up is told as such', async () => {
  handler = () => undefined
  const stop = new AbortController()
  const sending = codeOf(open().send(get({ call: 'once', signal: stop.signal })))
  stop.abort()
  expect(await sending).toBe('cancelled')
})

test('neither a record nor an error carries token, query or body', async () => {
  handler = drop
  const request = get({
    method: 'POST',
    call: 'once',
    bearer: 'SECRET',
    query: { access_token: 'SECRET' },
    form: { caption: 'SECRET' },
  })
  const error: unknown = await open()
    .send(request)
    .catch((thrown: unknown) => thrown)
  const shown = error instanceof StakazoError ? [error.message, error.details, error.cause, error.stack] : []
  expect(shown).toHaveLength(4)
  expect(JSON.stringify([shown, records])).not.toContain('SECRET')
  expect(records).toMatchObject([
    { method: 'POST', origin: PLATFORM, path: '/me', call: 'once', failure: 'outcome-unknown' },
  ])
})
