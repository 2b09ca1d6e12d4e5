import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiClient } from '../../../runtime/cli/api-client.ts'
import type { Account, Brand } from '../../../runtime/core/entities.ts'
import { ERRORS } from '../../../runtime/core/errors.ts'
import { newId } from '../../../runtime/core/ids.ts'
import { linkAccount, makeBrand, openStage, rawRequest, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ limits: { bodyBytes: 65_536, messageChars: 500, tasksPerMinute: 3 } })
})
afterAll(() => stage?.[Symbol.asyncDispose]())

const call = (
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  rawRequest(`${stage.url}${path}`, {
    ...options,
    headers: { authorization: `Bearer ${stage.key}`, 'content-type': 'application/json', ...options.headers },
  })
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })

describe('errors', () => {
  it('carry code, message, hint, docs and request id', async () => {
    const { status, json, headers } = await call(`/v1/brands/${newId()}`)
    expect(status).toBe(404)
    expect(json).toEqual({
      code: 'not-found',
      message: expect.stringContaining('there is no brand'),
      hint: ERRORS['not-found'].hint,
      docs: 'README.md#error-not-found',
      requestId: headers['x-request-id'],
    })
  })

  it.each([
    ['broken JSON', () => post('/v1/brands', '{"name":'), 400, 'bad-json'],
    ['an unknown field', () => post('/v1/brands', { name: 'x', colour: 'red' }), 400, 'bad-input'],
    ['a wrong id', () => call('/v1/tasks/not-an-id'), 400, 'bad-input'],
    [
      'a body that is no JSON',
      () => post('/v1/brands', 'x', { 'content-type': 'text/plain' }),
      400,
      'bad-input',
    ],
    [
      'a body that is too long',
      () => post('/v1/tasks', { message: 'x'.repeat(5_000_000) }),
      413,
      'too-large',
    ],
    [
      'a body that is too deep',
      () => post('/v1/brands', '['.repeat(5_000) + ']'.repeat(5_000)),
      400,
      'bad-input',
    ],
    [
      'an unknown network',
      () => post('/v1/accounts', { brandId: newId(), network: 'myspace', token: 't' }),
      422,
      'unsupported-platform',
    ],
    ['an unknown zone', () => post('/v1/brands', { name: 'x', zone: 'Mars/Base' }), 400, 'bad-input'],
    ['an unknown path', () => call('/v1/nothing'), 404, 'not-found'],
    ['a foreign Host', () => call('/v1/status', { headers: { host: 'evil.example' } }), 403, 'forbidden'],
    [
      'a foreign Origin',
      () => call('/v1/status', { headers: { origin: 'https://evil.example' } }),
      403,
      'forbidden',
    ],
    ['a bad cursor', () => call('/v1/brands?cursor=zzz'), 400, 'bad-input'],
  ])('name %s', async (_, ask, status, code) => {
    const answer = await ask()
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code })
    expect(answer.json.hint).not.toBe('')
  })

  it('name every wrong field at once', async () => {
    const { json } = await post('/v1/tasks', { message: '', brandId: 'x', priority: 'soon' })
    expect(json.message).toMatch(/message: .*brandId: .*priority: /)
  })

  it('refuse a message that is longer than the limit with its length', async () => {
    const brand = await makeBrand(stage.client)
    const { status, json } = await post('/v1/tasks', { message: 'x'.repeat(501), brandId: brand.id })
    expect(status).toBe(400)
    expect(json.message).toContain('501')
  })
})

describe('keys', () => {
  it('are refused with the same words when missing a piece, unknown or revoked', async () => {
    const made = await stage.client.send<{ id: string; key: string }>('POST', '/v1/keys', {
      name: 'bot',
      scopes: ['read'],
    })
    const bot = (path: string) => call(path, { headers: { authorization: `Bearer ${made.key}` } })
    expect((await bot('/v1/brands')).status).toBe(200)
    await stage.client.send('DELETE', `/v1/keys/${made.id}`)
    const answers = [
      await bot('/v1/brands'),
      await call('/v1/brands', { headers: { authorization: 'Bearer stk_x_y' } }),
    ]
    for (const { status, json, headers } of answers) {
      expect(status).toBe(401)
      expect(json.message).toBe('this key is unknown or revoked')
      expect(headers['www-authenticate']).toBe('Bearer')
    }
  })

  it('do only what their scopes say and hand on no more than they have', async () => {
    const { key } = await stage.client.send<{ key: string }>('POST', '/v1/keys', {
      name: 'reader',
      scopes: ['read', 'admin'],
    })
    const reader = openApiClient({ url: stage.url, key })
    await expect(reader.send('POST', '/v1/brands', { name: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(reader.send('POST', '/v1/keys', { name: 'y', scopes: ['approve'] })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('see nothing of another tenant', async () => {
    const other = await stage.client.send<{ key: string }>('POST', '/v1/tenants', { name: 'Other' })
    const stranger = openApiClient({ url: stage.url, key: other.key })
    const brand = await makeBrand(stage.client)
    await expect(stranger.get(`/v1/brands/${brand.id}`)).rejects.toMatchObject({ code: 'not-found' })
    expect(await stranger.get('/v1/brands')).toEqual({ items: [], next: null })
    await expect(stranger.send('POST', '/v1/tenants', { name: 'Third' })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('never appear in what the store remembers of an answer', async () => {
    const headers = { 'idempotency-key': 'key-once' }
    const first = await post('/v1/keys', { name: 'once', scopes: ['read'] }, headers)
    const again = await post('/v1/keys', { name: 'once', scopes: ['read'] }, headers)
    expect(first.json.key).toMatch(/^stk_/)
    expect(again.json).toEqual({ ...first.json, key: 'shown once, with the first answer' })
  })
})

describe('Idempotency-Key', () => {
  it('gives the first answer again and does nothing twice', async () => {
    const headers = { 'idempotency-key': 'brand-1' }
    const first = await post('/v1/brands', { name: 'Once' }, headers)
    const again = await post('/v1/brands', { name: 'Once' }, headers)
    expect(first.status).toBe(201)
    expect(again.json).toEqual(first.json)
    expect(again.headers['idempotent-replayed']).toBe('true')
  })

  it('is refused with another body', async () => {
    const headers = { 'idempotency-key': 'brand-2' }
    await post('/v1/brands', { name: 'One' }, headers)
    expect((await post('/v1/brands', { name: 'Two' }, headers)).json.code).toBe('idempotency-mismatch')
  })

  it('lets one of many at once through and tells the others to wait or gives them its answer', async () => {
    const headers = { 'idempotency-key': 'brand-3' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/v1/brands', { name: 'Race' }, headers)),
    )
    const { items } = await stage.client.get<{ items: Brand[] }>('/v1/brands', { limit: 200 })
    expect(items.filter(({ name }) => name === 'Race')).toHaveLength(1)
    expect(answers.every(({ status }) => [201, 409].includes(status))).toBe(true)
  })

  it('may be used again after a refusal', async () => {
    const headers = { 'idempotency-key': 'brand-4' }
    expect((await post('/v1/brands', { name: 'x', zone: 'Nowhere' }, headers)).status).toBe(400)
    expect((await post('/v1/brands', { name: 'x', zone: 'UTC' }, headers)).status).toBe(201)
  })
})

describe('lists', () => {
  it('page by cursors without losing or repeating a row', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `page-${index}`)
    for (const name of names) await makeBrand(stage.client, { name })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await stage.client.get<{ items: Brand[]; next: string | null }>('/v1/brands', {
        limit: 2,
        cursor,
      })
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(seen.filter((name) => name.startsWith('page-'))).toEqual(names.toReversed())
    expect(new Set(seen).size).toBeLessThanOrEqual(seen.length)
  })
})

describe('brands', () => {
  it('take a guide in YAML, JSON and Markdown, and keep what it does not name', async () => {
    const brand = await makeBrand(stage.client, { voice: { emoji: 'none' } })
    const path = `/v1/brands/${brand.id}/guide`
    const yaml = await stage.client.sendText<Brand>(
      'PUT',
      path,
      'tone: [dry]\nfacts: { artist: Marea }\n',
      'application/yaml',
    )
    expect(yaml).toMatchObject({ voice: { tone: ['dry'], emoji: 'none' }, facts: { artist: 'Marea' } })
    const markdown = '# Luna Café\n\n## Idioma\nEspañol\n\n## Tono\n- cercano, alegre\n\n## Evitamos\n'
    await expect(stage.client.sendText('PUT', path, markdown, 'text/markdown')).rejects.toThrow('"Evitamos"')
    const good = markdown.replace('Evitamos', 'Evita\n- barato\n- oferta')
    const read = await stage.client.sendText<Brand>('PUT', path, good, 'text/markdown')
    expect(read).toMatchObject({
      name: 'Luna Café',
      language: 'es',
      voice: { tone: ['cercano', 'alegre'], avoids: ['barato', 'oferta'] },
    })
    await expect(stage.client.sendText('PUT', path, 'tone: [', 'application/yaml')).rejects.toMatchObject({
      code: 'bad-input',
    })
  })

  it('change only in the fields that are sent', async () => {
    const brand = await makeBrand(stage.client, { language: 'es', voice: { tone: ['calm'] } })
    const changed = await stage.client.send<Brand>('PATCH', `/v1/brands/${brand.id}`, {
      voice: { signOff: 'Ciao' },
    })
    expect(changed).toMatchObject({ language: 'es', voice: { tone: ['calm'], signOff: 'Ciao' } })
  })
})

describe('accounts', () => {
  it('are linked by a token the network knows, and the token never comes back', async () => {
    const brand = await makeBrand(stage.client)
    const account = await linkAccount(stage, brand)
    expect(account).toMatchObject({
      network: 'instagram',
      world: 'sandbox',
      status: 'active',
      brandId: brand.id,
    })
    const { text } = await call(`/v1/accounts/${account.id}`)
    expect(text).not.toMatch(/token/i)
  })

  it('are refused when the network does not know the token', async () => {
    const brand = await makeBrand(stage.client)
    const { status, json } = await post('/v1/accounts', {
      brandId: brand.id,
      network: 'instagram',
      token: 'made-up-token',
    })
    expect({ status, code: json.code }).toEqual({ status: 401, code: 'auth-expired' })
    const { items } = await stage.client.get<{ items: Account[] }>('/v1/accounts', { brandId: brand.id })
    expect(items).toEqual([])
  })
})

describe('metrics', () => {
  const rows = 'metric,at,value\nviews,2026-11-01T10:00:00Z,10\nviews,2026-11-02T10:00:00+01:00,20\n'

  it('are imported from CSV once, whatever is sent twice', async () => {
    const brand = await makeBrand(stage.client)
    const send = () => stage.client.sendText('POST', '/v1/metrics', rows, 'text/csv', { brandId: brand.id })
    expect(await send()).toEqual({ saved: 2, known: 0 })
    expect(await send()).toEqual({ saved: 0, known: 2 })
    const { items } = await stage.client.get<{ items: { at: string; value: number }[] }>('/v1/metrics', {
      brandId: brand.id,
    })
    expect(items.map(({ value }) => value)).toEqual([10, 20])
    expect(items[1]?.at).toBe('2026-11-02T09:00:00.000Z')
  })

  it('are refused whole when one row is wrong, and the row is named', async () => {
    const brand = await makeBrand(stage.client)
    const broken = `${rows}views,yesterday,30\n`
    await expect(
      stage.client.sendText('POST', '/v1/metrics', broken, 'text/csv', { brandId: brand.id }),
    ).rejects.toThrow(/point 3: at/)
    const { items } = await stage.client.get<{ items: unknown[] }>('/v1/metrics', { brandId: brand.id })
    expect(items).toEqual([])
  })
})

describe('control', () => {
  it('pauses everything with a reason, and resumes', async () => {
    await stage.client.send('POST', '/v1/pause', { reason: 'launch moved' })
    expect(await stage.client.get('/v1/status')).toMatchObject({ paused: 'launch moved' })
    await stage.client.send('POST', '/v1/resume')
    expect(await stage.client.get('/v1/status')).toMatchObject({ paused: null })
  })

  it('changes the policy only from the version that was read', async () => {
    const { version, policy } = await stage.client.get<{ version: number; policy: object }>('/v1/policy')
    const changed = { version, policy: { ...policy, autonomy: 'observe' } }
    expect(await stage.client.send('PUT', '/v1/policy', changed)).toMatchObject({ version: version + 1 })
    await expect(stage.client.send('PUT', '/v1/policy', changed)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps a ledger of it that verifies', async () => {
    const proof = await stage.client.get<{ events: number }>('/v1/ledger/verify')
    expect(proof).toMatchObject({ verified: true, problems: [] })
    expect(proof.events).toBeGreaterThan(3)
  })
})

describe('limits', () => {
  it('tell what is left and when, and refuse beyond', async () => {
    const brand = await makeBrand(stage.client)
    const { key } = await stage.client.send<{ key: string }>('POST', '/v1/keys', {
      name: 'fast',
      scopes: ['read', 'write'],
    })
    const send = () =>
      post(
        '/v1/tasks',
        { message: 'hi', brandId: brand.id, agent: 'analytics' },
        { authorization: `Bearer ${key}` },
      )
    const answers = [await send(), await send(), await send(), await send()]
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429])
    const last = answers.at(-1)
    expect(last?.json.code).toBe('rate-limited')
    expect(last?.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '0' })
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('the open pages', () => {
  it('serve OpenAPI 3.1 with every route, and a reference that loads nothing from elsewhere', async () => {
    const { json } = await call('/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    expect(Object.keys(json.paths as object)).toEqual(
      expect.arrayContaining(['/v1/tasks/{id}/events', '/v1/approvals/{id}/approve', '/v1/assets']),
    )
    const page = await call('/docs')
    expect(page.text).toContain('/v1/approvals/{id}/approve')
    expect(page.text).not.toMatch(/<script|src=|https?:\/\/(?!127\.0\.0\.1)/)
  })

  it('answer supervisors and Prometheus without a key', async () => {
    const open = (path: string) => rawRequest(`${stage.url}${path}`)
    expect((await open('/healthz')).json).toMatchObject({ ok: true })
    expect(await open('/readyz')).toMatchObject({ status: 200, json: { ready: true, troubles: [] } })
    expect((await open('/metrics')).text).toContain(
      'api_requests_total{method="GET",endpoint="/v1/status",status="200"}',
    )
  })
})
