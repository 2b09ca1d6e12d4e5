/**
 * The only hand on the terminal. People read standard output line by line; with `--json` it carries JSON alone and
 * everything meant for people is left out.
 */
import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import type { StakazoError } from '../core/errors.ts'

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

export interface Screen {
  readonly isJson: boolean
  /** A person sits in front of it: questions may be asked, a line may be rewritten. */
  readonly isInteractive: boolean
  line(text?: string): void
  /** A line that the next output replaces; nothing where it cannot be rewritten. */
  progress(text: string): void
  style(style: Style, text: string): string
  json(value: unknown): void
  warn(text: string): void
  fail(error: StakazoError, hint: string): void
  ask(question: string, signal?: AbortSignal): Promise<string>
}

const CLEAR = '\r\u001b[K'

export function openScreen({ isJson, isDebug }: { isJson: boolean; isDebug: boolean }): Screen {
  const { stdout, stderr, stdin } = process
  let isDirty = false
  const clean = () => {
    if (isDirty) stdout.write(CLEAR)
    isDirty = false
  }
  return {
    isJson,
    isInteractive: !isJson && stdin.isTTY === true && stdout.isTTY === true,
    line(text = '') {
      if (isJson) return
      clean()
      stdout.write(`${text}\n`)
    },
    progress(text) {
      if (isJson || !stdout.isTTY) return
      stdout.write(`${CLEAR}${text.slice(0, (stdout.columns || 80) - 1)}`)
      isDirty = true
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    warn(text) {
      clean()
      stderr.write(`${styleText('yellow', 'warning', { stream: stderr })} ${text}\n`)
    },
    fail(error, hint) {
      clean()
      if (isJson)
        stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message, hint } })}\n`)
      stderr.write(
        `${styleText('red', 'error', { stream: stderr })} ${error.code}: ${error.message}\nnext: ${hint}\n`,
      )
      if (isDebug) stderr.write(`${error.stack}\n${describeCause(error)}`)
    },
    async ask(question, signal) {
      clean()
      const reader = createInterface({ input: stdin, output: stdout })
      try {
        return (await reader.question(question, signal ? { signal } : {})).trim()
      } finally {
        reader.close()
      }
    },
  }
}

function describeCause({ cause }: Error): string {
  if (cause === undefined) return ''
  return `cause: ${cause instanceof Error ? `${cause.stack}\n${describeCause(cause)}` : String(cause)}\n`
}

/** `████░░░░ 45 %` */
export function bar(fraction: number, cells = 20): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${String(Math.round(fraction * 100)).padStart(3)} %`
}
