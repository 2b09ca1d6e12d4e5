/** Finding, starting and stopping the sandbox process from elsewhere, by the state file in its directory. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { SECOND, systemClock } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'

const StateFile = z.object({
  pid: z.int(),
  port: z.int(),
  url: z.string(),
  instanceId: z.string(),
  startedAt: z.string(),
})
export type StateFile = z.infer<typeof StateFile>

const Health = z.object({ service: z.literal('stakazo-sandbox'), instanceId: z.string(), pid: z.int() })

export interface SandboxHandle {
  url: string
  pid: number
  /** False when a live sandbox was found and joined. */
  started: boolean
}

export interface EnsureOptions {
  dataDir: string
  port?: number
  clockUrl?: string
  /** How long a fresh process may take to answer. */
  startMs?: number
}

const POLL_MS = 25

/** Joins the sandbox that lives in the directory or starts one that outlives us, with its log in `sandbox.log`. */
export async function ensureSandbox(options: EnsureOptions): Promise<SandboxHandle> {
  const { dataDir, startMs = 15 * SECOND } = options
  const live = await findSandbox(dataDir)
  if (live) return { url: live.url, pid: live.pid, started: false }
  const child = spawnSandbox(options)
  const deadline = systemClock.elapsedMs() + startMs
  while (systemClock.elapsedMs() < deadline) {
    // a second starter may win the directory: whoever answers is the one
    const found = await findSandbox(dataDir)
    if (found) {
      const isOurs = found.pid === child.pid
      // the loser still waits for the directory's lock and would rise once the winner is stopped
      if (!isOurs) child.abandon()
      return { url: found.url, pid: found.pid, started: isOurs }
    }
    if (child.hasFailed()) break
    await systemClock.sleep(POLL_MS)
  }
  const late = await waitForRival(dataDir, deadline)
  if (late) return { url: late.url, pid: late.pid, started: false }
  throw new StakazoError('not-running', `the sandbox did not start; see ${join(dataDir, 'sandbox.log')}`)
}

/** Our child lost the directory's lock: the winner answers shortly, or the child failed for a reason in its log. */
async function waitForRival(dataDir: string, deadline: number): Promise<StateFile | undefined> {
  const until = Math.min(deadline, systemClock.elapsedMs() + 3 * SECOND)
  while (systemClock.elapsedMs() < until) {
    const found = await findSandbox(dataDir)
    if (found) return found
    await systemClock.sleep(POLL_MS)
  }
  return undefined
}

/** The sandbox of this directory, if one answers under the instance id its state file names. */
export async function findSandbox(dataDir: string): Promise<StateFile | undefined> {
  const state = readStateFile(dataDir)
  if (!state) return undefined
  try {
    const answer = await fetch(`${state.url}/control/health`, { signal: AbortSignal.timeout(2 * SECOND) })
    const health = Health.safeParse(await answer.json())
    return health.success && health.data.instanceId === state.instanceId ? state : undefined
  } catch (error) {
    // refused, reset or not ours: nobody we know lives there. fetch and JSON fail with these two only
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException)
      return undefined
    throw error
  }
}

/** Ends the sandbox of the directory; false when none lives there. */
export async function stopSandbox({ dataDir }: { dataDir: string }): Promise<{ stopped: boolean }> {
  const live = await findSandbox(dataDir)
  if (!live) return { stopped: false }
  await fetch(`${live.url}/control/stop`, { method: 'POST', signal: AbortSignal.timeout(2 * SECOND) })
  if (await hasEnded(live.pid, 5 * SECOND)) return { stopped: true }
  // the health answer confirmed this pid a moment ago, so the last resort hits the right process
  process.kill(live.pid, 'SIGKILL')
  await hasEnded(live.pid, 5 * SECOND)
  return { stopped: true }
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  const deadline = systemClock.elapsedMs() + withinMs
  while (isAlive(pid)) {
    if (systemClock.elapsedMs() > deadline) return false
    await systemClock.sleep(POLL_MS)
  }
  return true
}

interface SandboxChild {
  pid: number | undefined
  hasFailed(): boolean
  abandon(): void
}

function spawnSandbox({ dataDir, port = 0, clockUrl }: EnsureOptions): SandboxChild {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const log = openSync(join(dataDir, 'sandbox.log'), 'a', 0o600)
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = fileURLToPath(new URL(`./main.${extension}`, import.meta.url))
  const clock = clockUrl === undefined ? [] : ['--clock-url', clockUrl]
  const child = spawn(process.execPath, [entry, '--data', dataDir, '--port', String(port), ...clock], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let hasFailed = false
  child.once('error', () => {
    hasFailed = true
  })
  child.once('exit', () => {
    hasFailed = true
  })
  child.unref()
  return { pid: child.pid, hasFailed: () => hasFailed, abandon: () => void child.kill('SIGKILL') }
}

const statePath = (dataDir: string) => join(dataDir, 'sandbox.json')

/** Written beside and renamed, so that a reader sees a whole file or none. */
export function writeStateFile(dataDir: string, state: StateFile): void {
  const draft = `${statePath(dataDir)}.${state.pid}`
  writeFileSync(draft, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(draft, statePath(dataDir))
}

/** Removes the file only while it is ours. */
export function removeStateFile(dataDir: string, instanceId: string): void {
  if (readStateFile(dataDir)?.instanceId === instanceId) rmSync(statePath(dataDir), { force: true })
}

function readStateFile(dataDir: string): StateFile | undefined {
  try {
    return StateFile.safeParse(JSON.parse(readFileSync(statePath(dataDir), 'utf8'))).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
