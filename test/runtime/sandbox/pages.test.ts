import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClient, openSandbox } from './harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const HOSTILE = `"><script>alert('x')</script><img src=x onerror=alert(1)>`

describe('pages', () => {
  it('escape captions, names, biographies and comments', async () => {
    const owner = await openClient(sandbox.url, { username: 'pages', name: HOSTILE, biography: HOSTILE })
    const media = (await owner.publish(await owner.ready({ caption: HOSTILE }))).body.id
    await owner.control('POST', '/comments', {
      network: 'instagram',
      publicationId: media,
      username: 'x',
      text: HOSTILE,
    })
    const { permalink } = (await owner.graph('GET', `/v26.0/${media}`, { fields: 'permalink' })).body
    for (const path of [permalink.replace('https://', '/'), '/www.instagram.com/pages/', '/']) {
      const answer = await fetch(sandbox.url + path)
      const html = await answer.text()
      expect(answer.status).toBe(200)
      expect(html).not.toContain('<script')
      expect(html).not.toContain('<img src=x')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    const post = await (await fetch(sandbox.url + permalink.replace('https://', '/'))).text()
    expect(post.split('&lt;script&gt;').length - 1).toBeGreaterThanOrEqual(2)
  })

  it('load nothing from elsewhere and say that they are a sandbox', async () => {
    const owner = await openClient(sandbox.url, { username: 'local' })
    const media = (await owner.publish(await owner.ready({ caption: 'hello' }))).body.id
    const { permalink } = (await owner.graph('GET', `/v26.0/${media}`, { fields: 'permalink' })).body
    const html = await (await fetch(sandbox.url + permalink.replace('https://', '/'))).text()
    expect(html).toContain('<span class="badge">sandbox</span>')
    const addresses = [...html.matchAll(/(?:src|href|poster)="([^"]*)"/g)].map((match) => match[1])
    expect(addresses.length).toBeGreaterThan(2)
    expect(addresses.filter((address) => !address?.startsWith('/'))).toEqual([])
    const film = addresses.find((address) => address?.includes('.mp4')) ?? ''
    expect((await fetch(sandbox.url + film, { method: 'HEAD' })).headers.get('content-type')).toBe(
      'video/mp4',
    )
    expect((await fetch(sandbox.url + film, { headers: { range: 'bytes=99999999-' } })).status).toBe(416)
  })

  it('are missing for posts and people that are', async () => {
    for (const path of [
      '/www.instagram.com/reel/nope/',
      '/www.instagram.com/nobody/',
      '/elsewhere.example/x',
    ]) {
      expect((await fetch(sandbox.url + path)).status).toBe(404)
    }
  })
})
