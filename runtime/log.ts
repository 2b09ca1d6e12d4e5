/** Loggers named per room. Nothing that looks like a secret is written, whatever a caller hands over. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { pino } from 'pino'

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>

/** Names of fields that never reach the file, at the top and one and two levels down. */
const SECRET_FIELDS = [
  'token',
  'accessToken',
  'access_token',
  'sealedToken',
  'secret',
  'password',
  'apiKey',
  'key',
  'authorization',
  'cookie',
]

export interface LogOptions {
  /** A file that is appended to, or `-` for standard error. */
  readonly destination: string
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Written synchronously: the last line before a kill is the one that matters. */
export function openLog({ destination, level = 'info' }: LogOptions): Log {
  if (destination !== '-') mkdirSync(dirname(destination), { recursive: true, mode: 0o700 })
  return pino(
    {
      name: 'stakazo',
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '••••••••',
      },
      serializers: { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause },
    },
    pino.destination({ dest: destination === '-' ? 2 : destination, sync: true, mode: 0o600 }),
  )
}

/** For commands and tests that have nobody to read a log. */
export const silentLog: Log = pino({ level: 'silent' })
