import { describe, expect, it } from 'vitest'
import { getEmbeddedBinaries } from '../../db/embedded-binaries.ts'
import { failureOf } from '../../db/embedded-failure.ts'

describe('failures of the embedded database', () => {
  it.each([
    ['FATAL:  could not extend file "base/1/2": No space left on device', 'disk-full'],
    ['EDQUOT: disk quota exceeded, mkdir', 'disk-full'],
    ['FATAL:  database files are incompatible with server', 'database-version'],
    ["postgres: /lib/libc.so.6: version `GLIBC_2.27' not found", 'embedded-unsupported'],
    ['error while loading shared libraries: libicuuc.so.60', 'embedded-unsupported'],
    ['FATAL:  data directory has invalid permissions', 'database-unavailable'],
  ])('are told apart by what was said: %s', (said, code) => {
    const failure = failureOf('it failed', `some lines\n${said}\n`)
    expect(failure.code).toBe(code)
    expect(failure.message).toBe(`it failed: ${said}`)
  })

  it('name a machine that has no binaries', () => {
    expect(() => getEmbeddedBinaries('win32', 'x64')).toThrow('no embedded PostgreSQL for win32-x64')
  })
})
