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
  /** Ended, with or without a change. */
  transactions: number
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
const codeOf = (letter: string): number => letter.charCodeAt(0)
const STATEMENT = new Set(['Q', 'E'].map(codeOf))
/** "Ready for query", and that no transaction is open. */
const READY = codeOf('Z')
const IDLE = codeOf('I')

export async function openWireMeter(databaseUrl: string): Promise<WireMeter> {
  const target = join(new URL(databaseUrl).searchParams.get('host') ?? '', SOCKET)
  const directory = temporaryDirectory('meter')
  const count: WireCount = { statements: 0, transactions: 0, bytesOut: 0, bytesIn: 0 }
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = dial(target)
    const readClient = readMessages(true, (type) => {
      if (STATEMENT.has(type)) count.statements += 1
    })
    const readServer = readMessages(false, (type, first) => {
      if (type === READY && first === IDLE) count.transactions += 1
    })
    client.on('data', (chunk) => {
      count.bytesOut += chunk.length
      readClient(chunk)
    })
    upstream.on('data', (chunk) => {
      count.bytesIn += chunk.length
      readServer(chunk)
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
    reset: () => void Object.assign(count, { statements: 0, transactions: 0, bytesOut: 0, bytesIn: 0 }),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
      directory[Symbol.dispose]()
    },
  }
}

/** Tells each message's type and the first byte after its head; only a client's first, the startup, has no type. */
function readMessages(
  beginsWithStartup: boolean,
  onMessage: (type: number, first: number | undefined) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let toSkip = 0
  let isStarted = !beginsWithStartup
  return (chunk) => {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    while (data.length > 0) {
      const skipped = Math.min(toSkip, data.length)
      data = data.subarray(skipped)
      toSkip -= skipped
      const headBytes = isStarted ? 5 : 4
      if (toSkip > 0 || data.length < headBytes) break
      // The length counts itself but not the type before it.
      const messageBytes = data.readInt32BE(headBytes - 4) + headBytes - 4
      if (data.length < Math.min(messageBytes, headBytes + 1)) break
      if (isStarted) onMessage(data[0] ?? 0, data[5])
      toSkip = messageBytes
      isStarted = true
    }
    rest = Buffer.from(data)
  }
}
