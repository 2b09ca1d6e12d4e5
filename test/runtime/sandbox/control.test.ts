import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../runtime/sandbox/main.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { openClient, openSandbox } from './harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

describe('the clock', () => {
  it('follows the one another process shows', async () => {
    using directory = temporaryDirectory('sandbox-follower')
    await sandbox.control('PUT', '/clock', { offsetMs: 5_000_000, rate: 0 })
    const clockUrl = `${sandbox.url}/control/clock`
    await using follower = await startSandbox({ dataDir: directory.path, port: 0, clockUrl }, () => {})
    const theirs = await openClient(follower.url)
    const leader = (await sandbox.control('GET', '/clock')).body
    await eventually(async () => {
      const { body } = await theirs.control('GET', '/clock')
      return body.rate === 0 && Math.abs(body.businessMs - leader.businessMs) < 1_000
    })
    await sandbox.control('PUT', '/clock', { offsetMs: 0, rate: 1 })
  })
})

describe('the control API', () => {
  it('winds the business clock by offset, instant or rate', async () => {
    const { body: ahead } = await sandbox.control('PUT', '/clock', { offsetMs: 3_600_000 })
    expect(ahead.offsetMs).toBe(3_600_000)
    const { body: set } = await sandbox.control('PUT', '/clock', { now: '2027-01-01T00:00:00Z', rate: 0 })
    expect(set.now).toBe('2027-01-01T00:00:00.000Z')
    const { body: read } = await sandbox.control('GET', '/clock')
    expect(read).toMatchObject({ now: '2027-01-01T00:00:00.000Z', rate: 0 })
    const { status } = await sandbox.control('PUT', '/clock', { now: 1, offsetMs: 1 })
    expect(status).toBe(400)
    await sandbox.control('PUT', '/clock', { offsetMs: 0, rate: 1 })
  })

  it('names the field that is wrong and half-writes nothing', async () => {
    const before = (await sandbox.control('GET', '/accounts')).body.accounts.length
    for (const body of [
      { network: 'myspace', username: 'a' },
      { network: 'instagram', username: 'a b' },
      { network: 'instagram', username: 'luna' },
      { network: 'instagram', username: 'b', followers: -1 },
      { network: 'instagram', username: 'b', zone: 'Mars/Olympus' },
      { network: 'instagram', username: 'b', colour: 'red' },
      { network: 'instagram', username: 'b', token: sandbox.token },
    ]) {
      const refused = await sandbox.control('POST', '/accounts', body)
      expect([400, 409, 422]).toContain(refused.status)
      expect(refused.body.error.message).not.toBe('')
    }
    expect((await sandbox.control('GET', '/accounts')).body.accounts).toHaveLength(before)
    const wrong = await fetch(`${sandbox.url}/control/accounts`, { method: 'POST', body: '{' })
    expect(await wrong.json()).toMatchObject({ error: { code: 'bad-json' } })
    expect((await sandbox.control('GET', '/nowhere')).body.error.code).toBe('not-found')
  })

  it('never shows an app secret', async () => {
    const owner = await openClient(sandbox.url, {
      username: 'secretive',
      settings: { appSecret: 'hush-hush' },
    })
    const { body } = await sandbox.control('GET', `/accounts/instagram/${owner.id}`)
    expect(JSON.stringify(body)).not.toContain('hush-hush')
    expect(body.account.settings.hasAppSecret).toBe(true)
  })

  it('pages the witness log and filters it by account', async () => {
    const owner = await openClient(sandbox.url, { username: 'witnessed' })
    await owner.publish(await owner.ready())
    const { body } = await sandbox.control('GET', `/log?accountId=${owner.id}&limit=2`)
    expect(body.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['account', 'container'])
    const rest = await sandbox.control('GET', `/log?accountId=${owner.id}&after=${body.next}`)
    expect(rest.body.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['bytes', 'publish'])
  })

  it('takes a post down as the platform would', async () => {
    const owner = await openClient(sandbox.url, { username: 'moderated' })
    const { body } = await owner.publish(await owner.ready())
    await sandbox.control('POST', `/publications/instagram/${body.id}/remove`)
    expect((await owner.graph('GET', `/v26.0/${body.id}`)).body.error.error_subcode).toBe(33)
    expect((await owner.graph('GET', `/v26.0/${owner.id}/media`)).body.data).toEqual([])
  })

  it('answers to loopback names only, whoever resolves to them', async () => {
    const { hostname, port } = new URL(sandbox.url)
    const status = await new Promise((resolve, reject) => {
      request(
        { hostname, port, path: '/control/accounts', headers: { host: 'evil.example' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})
