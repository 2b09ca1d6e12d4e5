/** The directory of package.json, from the sources (`runtime/`) as from what is published (`dist/runtime/`). */
import { existsSync } from 'node:fs'

const here = new URL('../', import.meta.url)

export const PACKAGE_ROOT: URL = existsSync(new URL('package.json', here)) ? here : new URL('../', here)
