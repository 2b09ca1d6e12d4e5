/** One measurement, one process: no warm caches, no heap and no timers of another. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const CHILD_MS_MAX = 15 * 60_000

export interface ChildOptions {
  /** Lets the child collect garbage before it reads its heap. */
  readonly exposesGc?: boolean
  readonly signal?: AbortSignal
}

/** Runs a driver file with one JSON argument and returns what it answered with. */
export async function runChild<T>(file: URL, input: unknown, options: ChildOptions = {}): Promise<T> {
  const flags = options.exposesGc ? ['--expose-gc'] : []
  const child = spawn(process.execPath, [...flags, file.pathname, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: CHILD_MS_MAX,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${file.pathname} ended with ${signal ?? code}`)
  return JSON.parse(said) as T
}

/** The child's side: its input, and its answer as the only thing on stdout. */
export async function answer<I>(work: (input: I) => Promise<unknown>): Promise<void> {
  const result = await work(JSON.parse(process.argv[2] ?? 'null') as I)
  process.stdout.write(JSON.stringify(result))
}

/** Heap in use after what can be collected was; needs `exposesGc`. */
export function settledHeapBytes(): number {
  if (!globalThis.gc) throw new Error('this driver runs with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
