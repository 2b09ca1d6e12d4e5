import { type ErrorCode, StakazoError } from '../runtime/core/errors.ts'

/** What PostgreSQL, the loader and the file system say, and which row of our table that is. */
const SIGNS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device|ENOSPC|disk quota exceeded|EDQUOT/i, 'disk-full'],
  [/database files are incompatible|was initialized by PostgreSQL version/i, 'database-version'],
  [
    /error while loading shared libraries|GLIBC_|Library not loaded|ENOENT.*(postgres|initdb)/i,
    'embedded-unsupported',
  ],
]

/** `evidence` is a program's output or what was caught; the last lines of it are what a person needs. */
export function failureOf(what: string, evidence: unknown): StakazoError {
  const text = evidence instanceof Error ? evidence.message : String(evidence)
  const code = SIGNS.find(([sign]) => sign.test(text))?.[1] ?? 'database-unavailable'
  const lines = text.trim().split('\n').slice(-8)
  const telling = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1) ?? ''
  return new StakazoError(code, `${what}: ${telling}`, { cause: evidence, details: { lines } })
}
