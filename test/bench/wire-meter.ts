/**
 * Counts what goes to a Postgres server: stands before its socket and reads the frontend's message headers. Sees every
 * client library alike, and only what really went over the wire.
 */
import { createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '../support/temporary-directory.ts'

export interface WireCount {
  /** Simple queries and executions. */
  statements: number
  bytesOut: number
  bytesIn: number
}

export interface WireMeter extends AsyncDisposable {
  /** The same database, through the meter. */
  readonly url: string
  readonly count: Readonly<WireCount>
  reset(): void
}

const SOCKET = '.s.PGSQL.5432'
const STATEMENT = new Set(['Q', 'E'].map((type) => type.charCodeAt(0)))

export async function openWireMeter(databaseUrl: string): Promise<WireMeter> {
  const target = join(new URL(databaseUrl).searchParams.get('host') ?? '', SOCKET)
  const directory = temporaryDirectory('meter')
  const count: WireCount = { statements: 0, bytesOut: 0, bytesIn: 0 }
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = dial(target)
    const read = readTypes((type) => {
      if (STATEMENT.has(type)) count.statements += 1
    })
    client.on('data', (chunk) => {
      count.bytesOut += chunk.length
      read(chunk)
    })
    upstream.on('data', (chunk) => {
      count.bytesIn += chunk.length
    })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => open.delete(one))
    }
  })
  await new Promise<void>((resolve) => server.listen(join(directory.path, SOCKET), resolve))
  const url = new URL(databaseUrl)
  url.searchParams.set('host', directory.path)
  return {
    url: url.href,
    count,
    reset: () => void Object.assign(count, { statements: 0, bytesOut: 0, bytesIn: 0 }),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
      directory[Symbol.dispose]()
    },
  }
}

/** Tells the type of each message; only the first, the startup, has none. */
function readTypes(onType: (type: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let toSkip = 0
  let isStarted = false
  return (chunk) => {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    while (data.length > 0) {
      const skipped = Math.min(toSkip, data.length)
      data = data.subarray(skipped)
      toSkip -= skipped
      const headBytes = isStarted ? 5 : 4
      if (toSkip > 0 || data.length < headBytes) break
      if (isStarted) onType(data[0] ?? 0)
      // The length counts itself but not the type before it.
      toSkip = data.readInt32BE(headBytes - 4) + headBytes - 4
      isStarted = true
    }
    rest = Buffer.from(data)
  }
}
