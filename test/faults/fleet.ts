/** Daemons as processes of their own, each under a name, to be killed, frozen and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment, type Environment } from '../../runtime/config/env.ts'
import type { DaemonRole } from '../../runtime/daemon-files.ts'

export interface Member {
  readonly role: DaemonRole
  readonly environment: Environment & { STAKAZO_DATA: string }
  /** Where the sandbox is, for a member whose directory has none. */
  readonly sandboxUrl?: string
}

const ENTRY = fileURLToPath(new URL('./daemon-child.ts', import.meta.url))

export class Fleet implements AsyncDisposable {
  readonly #children = new Map<string, ChildProcess>()

  pidOf(name: string): number {
    return this.#children.get(name)?.pid ?? 0
  }

  get names(): string[] {
    return [...this.#children.keys()]
  }

  /** Resolves when it is ready. Throws what it said when it ended instead. */
  async start(name: string, { role, environment, sandboxUrl }: Member): Promise<void> {
    const dataDir = environment.STAKAZO_DATA
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const output = join(dataDir, `${name}.out`)
    const log = openSync(output, 'a')
    const options = JSON.stringify({ role, ...(sandboxUrl ? { sandboxUrl } : {}) })
    const child = spawn(process.execPath, [ENTRY, options], {
      stdio: ['ignore', log, log, 'ipc'],
      env: childEnvironment(environment),
    })
    closeSync(log)
    this.#children.set(name, child)
    const isReady = await new Promise<boolean>((resolve) => {
      child.once('message', () => resolve(true))
      child.once('exit', () => resolve(false))
      child.once('error', () => resolve(false))
    })
    if (!isReady) throw new Error(`${name} did not start: ${readFileSync(output, 'utf8').slice(-2_000)}`)
  }

  /** As the kernel ends a process that ran out of memory: no handler, no farewell. */
  async kill(name: string): Promise<void> {
    const child = this.#children.get(name)
    if (child) await end(child, 'SIGKILL')
    this.#children.delete(name)
  }

  freeze(name: string): void {
    this.#children.get(name)?.kill('SIGSTOP')
  }

  thaw(name: string): void {
    this.#children.get(name)?.kill('SIGCONT')
  }

  /** In order, so that each may write down what it leaves. */
  async stop(name: string): Promise<number | null> {
    const child = this.#children.get(name)
    if (!child) return null
    await end(child, 'SIGTERM')
    this.#children.delete(name)
    return child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.names) await this.kill(name)
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  await ended
}
