import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { PACKAGE_ROOT } from './package-root.ts'

/** Of package.json, so that it is said once. */
export const VERSION: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8'))).version
