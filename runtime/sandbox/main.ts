/**
 * The sandbox as a process: `node runtime/sandbox/main.ts --data DIR [--port N] [--clock-url URL]`.
 * Writes `DIR/sandbox.json` when it answers; ends on SIGTERM, SIGINT or `POST /control/stop`.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock, toInstant } from '../core/clock.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { removeStateFile, writeStateFile } from './launch.ts'
import { followClock } from './sandbox-clock.ts'
import { createSandboxServer, listen } from './server.ts'
import { openWorld, type SandboxLog } from './world.ts'

export interface SandboxOptions {
  dataDir: string
  port: number
  clockUrl: string | undefined
}

export interface RunningSandbox extends AsyncDisposable {
  url: string
  port: number
  instanceId: string
  /** Resolves when somebody asked it to stop. */
  stopped: Promise<void>
}

const toStderr: SandboxLog = (message, details = {}) => {
  process.stderr.write(`${JSON.stringify({ time: systemClock.now(), message, ...details })}\n`)
}

/** Opens the store, listens, then shows itself in `sandbox.json`; the disposer undoes it in reverse. */
export async function startSandbox(
  { dataDir, port, clockUrl }: SandboxOptions,
  log = toStderr,
): Promise<RunningSandbox> {
  const world = openWorld(dataDir, log)
  const instanceId = newId()
  const stopping = Promise.withResolvers<void>()
  const startedAt = toInstant(systemClock.nowMs())
  const server = createSandboxServer(world, {
    instanceId,
    startedAt,
    pid: process.pid,
    stop: () => stopping.resolve(),
  })
  try {
    const bound = await listen(server, port)
    const url = `http://127.0.0.1:${bound}`
    writeStateFile(dataDir, { pid: process.pid, port: bound, url, instanceId, startedAt })
    if (clockUrl !== undefined) follow(world.clock, clockUrl, world.stop, log)
    log('the sandbox answers', { url, dataDir, pid: process.pid })
    return {
      url,
      port: bound,
      instanceId,
      stopped: stopping.promise,
      async [Symbol.asyncDispose]() {
        removeStateFile(dataDir, instanceId)
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
        world[Symbol.dispose]()
      },
    }
  } catch (error) {
    world[Symbol.dispose]()
    throw error
  }
}

/** The other process may be away for a while: its clock is asked again, and ours runs on. */
function follow(
  clock: Parameters<typeof followClock>[0],
  url: string,
  stop: AbortSignal,
  log: SandboxLog,
): void {
  followClock(clock, url, stop).catch(async (error: unknown) => {
    if (stop.aborted) return
    log('the clock to follow does not answer', { url, error: fromUnknown(error).message })
    await clock.sleep(1_000)
    if (!stop.aborted) follow(clock, url, stop, log)
  })
}

function readOptions(): SandboxOptions {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      'clock-url': { type: 'string' },
    },
  })
  const port = Number(values.port)
  if (values.data === undefined)
    throw new StakazoError('bad-input', 'give --data DIR, where the sandbox keeps its store')
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StakazoError('bad-input', `--port ${values.port} is no port`)
  return { dataDir: values.data, port, clockUrl: values['clock-url'] }
}

async function main(): Promise<void> {
  try {
    const sandbox = await startSandbox(readOptions())
    const signalled = new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve())
      process.once('SIGINT', () => resolve())
    })
    await Promise.race([sandbox.stopped, signalled])
    // `await using` would be a syntax error on Node 22, which runs this file as it is
    await sandbox[Symbol.asyncDispose]()
  } catch (error) {
    const known = fromUnknown(error)
    toStderr(`the sandbox did not start: ${known.message}`, { code: known.code, hint: known.row.hint })
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
