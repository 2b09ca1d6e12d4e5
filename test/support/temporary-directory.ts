import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of its own, gone with its scope: `using directory = temporaryDirectory()`. */
export function temporaryDirectory(name = 'test'): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), `stakazo-${name}-`))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
