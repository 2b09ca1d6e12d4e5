/** The sandbox's one listener: platform requests by their original origin, pages by path, and the control API. */
import { createReadStream, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { getRequestListener } from '@hono/node-server'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { type ControlOptions, createControl } from './control.ts'
import { NETWORKS } from './networks/index.ts'
import { renderHome } from './pages.ts'
import { performUnderFaults } from './perform.ts'
import type { Network, PageReply, WireRequest } from './wire.ts'
import type { World } from './world.ts'

/** The header in which a mapped request carries the origin it meant; `fetch` drops a Host of its own. */
const ORIGIN_HEADER = 'x-stakazo-origin'

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'"

export function createSandboxServer(world: World, options: ControlOptions): Server {
  const networks = NETWORKS.map((open) => open(world))
  for (const network of networks) network.resume()
  const control = getRequestListener(createControl(world, networks, options).fetch)
  const server = createServer((incoming, outgoing) => {
    route(world, networks, control, incoming, outgoing).catch((error: unknown) => {
      world.log('a request ended unexpectedly', { url: incoming.url, error: fromUnknown(error).message })
      incoming.socket.destroy()
    })
  })
  // uploads of 300 MB over a throttled test line take longer than Node's five minutes
  server.requestTimeout = 0
  return server
}

async function route(
  world: World,
  networks: Network[],
  control: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!isLoopbackName(incoming.headers.host)) {
    return sendJson(outgoing, 403, { message: 'the sandbox answers to loopback names only' })
  }
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const origin = incoming.headers[ORIGIN_HEADER]
  if (typeof origin === 'string') return servePlatform(world, networks, origin, url, incoming, outgoing)
  if (url.pathname.startsWith('/control/')) {
    await control(incoming, outgoing)
    return
  }
  await sendPage(pageAt(world, networks, decodePath(url.pathname)), incoming, outgoing)
}

async function servePlatform(
  world: World,
  networks: Network[],
  origin: string,
  url: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const host = URL.canParse(origin) ? new URL(origin).host : origin
  const page = networks
    .find((network) => network.pageHosts.includes(host))
    ?.page(host, decodePath(url.pathname))
  if (page) return sendPage(page, incoming, outgoing)
  const network = networks.find((one) => one.apiHosts.includes(host))
  if (!network) return sendJson(outgoing, 502, { message: `the sandbox speaks for no network at ${host}` })
  const request: WireRequest = {
    requestId: newId(),
    method: incoming.method ?? 'GET',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: incoming,
  }
  const reply = await performUnderFaults(world, network, request)
  if (reply.isDropped) {
    incoming.socket.destroy()
    return
  }
  sendJson(outgoing, reply.status, reply.body, reply.headers)
}

/** `/www.instagram.com/reel/abc/`: the first segment is the platform's host. */
function pageAt(world: World, networks: Network[], path: string): PageReply {
  const [, host = '', rest = ''] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
  const page = networks
    .find((network) => network.pageHosts.includes(host))
    ?.page(host, rest === '' ? '/' : rest)
  if (page) return page
  const content = renderHome({
    now: world.clock.now(),
    accounts: world.accounts.list().flatMap((account) => {
      const network = networks.find((one) => one.name === account.network)
      if (!network) return []
      const publications = world.publications.count(account)
      const href = `/${network.pageHosts[0]}${network.profilePath(account)}`
      return [
        {
          network: account.network,
          username: account.username,
          href,
          followers: account.followers,
          publications,
        },
      ]
    }),
  })
  return { status: path === '/' ? 200 : 404, kind: 'html', content, contentType: 'text/html; charset=utf-8' }
}

async function sendPage(page: PageReply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (page.kind === 'file') return sendFile(page, incoming, outgoing)
  outgoing.writeHead(page.status, {
    'content-type': page.contentType,
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : page.content)
}

/** Media with byte ranges, which video players insist on. */
async function sendFile(page: PageReply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const size = statSync(page.content).size
  const range = readRange(incoming.headers.range, size)
  if (range === 'unsatisfiable') {
    outgoing.writeHead(416, { 'content-range': `bytes */${size}` }).end()
    return
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  outgoing.writeHead(range ? 206 : 200, {
    'content-type': page.contentType,
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  })
  if (incoming.method === 'HEAD' || size === 0) {
    outgoing.end()
    return
  }
  try {
    await pipeline(createReadStream(page.content, { start, end }), outgoing)
  } catch (error) {
    // players close the connection once they have what they need
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error
  }
}

function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const isSuffix = match[1] === ''
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]))
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}

function sendJson(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body)
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
  outgoing.end(text)
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}

/** A foreign web page that points its own name at 127.0.0.1 must not reach the control API. */
const isLoopbackName = (host: string | undefined) =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '')

/** Binds to 127.0.0.1 only; port 0 takes any free one. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isBusy = 'code' in cause && cause.code === 'EADDRINUSE'
      reject(
        new StakazoError(isBusy ? 'port-busy' : 'bug', `the sandbox cannot listen on port ${port}`, {
          cause,
        }),
      )
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string')
        reject(new StakazoError('bug', 'the sandbox has no address'))
      else resolve(address.port)
    })
  })
}
