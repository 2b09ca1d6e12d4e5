/** I1: nothing of this process reaches an address nobody declared, whoever calls fetch. */
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StakazoError } from '../../runtime/core/errors.ts'
import { installEgress } from '../../runtime/egress.ts'

let port: number
const server = createServer((_, response) => response.end('here'))
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, listening))
  const address = server.address()
  port = address !== null && typeof address === 'object' ? address.port : 0
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

/** What a fetch of anybody in this process meets. */
async function reach(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text()
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (!(cause instanceof StakazoError)) return 'not reached'
    return cause.message.includes('not a declared origin') ? 'undeclared' : cause.code
  }
}

const at = (host: string) => `http://${host}:${port}`

describe('in live mode', () => {
  test('an undeclared origin is refused', async () => {
    await using egress = installEgress({ mode: 'live', origins: ['https://graph.example'] })
    expect(await reach(at('127.0.0.1'))).toBe('undeclared')
    expect(egress.isAllowed('https://graph.example/v26.0/me')).toBe(true)
    expect(egress.isAllowed('http://graph.example')).toBe(false)
  })

  test.each(['127.0.0.1', 'localhost', '[::1]', '127.1', '0.0.0.0', '[::ffff:127.0.0.1]'])(
    'a declared host that lives at a private address is refused: %s',
    async (host) => {
      await using egress = installEgress({ mode: 'live', origins: [at(host)] })
      expect(await reach(at(host))).toBe('egress-refused')
      expect(egress.isAllowed(at(host))).toBe(true)
    },
  )

  test.each([
    '10.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '172.16.9.9',
    '100.64.0.1',
    '[fd00::1]',
    '[fe80::1]',
  ])('metadata services and inner networks are refused: %s', async (host) => {
    await using _egress = installEgress({ mode: 'live', origins: [`http://${host}`] })
    expect(await reach(`http://${host}/latest/meta-data`)).toBe('egress-refused')
  })

  test('what the operator wrote down may be on this machine, by its exact origin', async () => {
    await using _egress = installEgress({ mode: 'live', origins: [], privateOrigins: [at('127.0.0.1')] })
    expect(await reach(at('127.0.0.1'))).toBe('here')
    expect(await reach(at('localhost'))).toBe('undeclared')
  })

  test('a linked account’s own server may be declared later', async () => {
    await using egress = installEgress({ mode: 'live', origins: [] })
    egress.allow('http://10.0.0.1')
    expect(egress.isAllowed('http://10.0.0.1')).toBe(true)
    expect(await reach('http://10.0.0.1')).toBe('egress-refused')
  })
})

describe('in sandbox mode', () => {
  test('this machine is reached', async () => {
    await using _egress = installEgress({ mode: 'sandbox', origins: [at('127.0.0.1'), at('localhost')] })
    expect(await reach(at('127.0.0.1'))).toBe('here')
    expect(await reach(at('localhost'))).toBe('here')
  })

  test.each(['https://93.184.215.14', 'http://10.0.0.1', 'http://169.254.169.254'])(
    'nothing else is, declared or not: %s',
    async (url) => {
      await using _egress = installEgress({ mode: 'sandbox', origins: [url] })
      expect(await reach(url)).toBe('egress-refused')
    },
  )
})

test('after it is disposed the world is as before', async () => {
  {
    await using _egress = installEgress({ mode: 'live', origins: [] })
    expect(await reach(at('127.0.0.1'))).toBe('undeclared')
  }
  expect(await reach(at('127.0.0.1'))).toBe('here')
})
