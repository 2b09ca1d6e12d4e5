import { spawn } from 'node:child_process'

export interface ProgramEnd {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined
  /** Both streams, as they came. */
  readonly output: string
}

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/**
 * The whole environment of the database's processes: it outlives the daemon, so it must carry neither the daemon's
 * secrets nor stray PG* variables; C messages, because we read them.
 */
export const PROGRAM_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** Runs a program to its end; a program that cannot start ends with code 127, as in a shell. */
export function runProgram(
  command: readonly string[],
  options: { as?: Identity | undefined; signal?: AbortSignal | undefined } = {},
): Promise<ProgramEnd> {
  const [file = '', ...args] = command
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const end = (code: number | undefined, more = '') =>
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + more })
    const child = spawn(file, args, {
      env: PROGRAM_ENV,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      ...options.as,
    })
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error) => end(127, error.message))
    child.once('close', (code) => end(code ?? undefined))
  })
}
