/** Versions of the Graph API in force; an older one is refused by name, so that a forgotten constant is found. */
import { GRAPH_PROBLEMS, GraphRefusal } from './refusal.ts'

const GRAPH_VERSIONS = ['v24.0', 'v25.0', 'v26.0'] as const
export const NEWEST_GRAPH_VERSION = 'v26.0'

/** Splits `/v26.0/178/media` into version and segments. */
export function splitPath(path: string): { version: string | undefined; segments: string[] } {
  const [first, ...rest] = path.split('/').filter((segment) => segment !== '')
  if (first === undefined) throw new GraphRefusal(GRAPH_PROBLEMS.unknownPath)
  if (!/^v\d+\.\d+$/.test(first)) return { version: undefined, segments: [first, ...rest] }
  if (GRAPH_VERSIONS.some((version) => version === first)) return { version: first, segments: rest }
  const isOld = Number.parseFloat(first.slice(1)) < Number.parseFloat(GRAPH_VERSIONS[0].slice(1))
  throw isOld
    ? new GraphRefusal(
        GRAPH_PROBLEMS.deprecatedVersion,
        `(#2635) ${GRAPH_PROBLEMS.deprecatedVersion.message} ${first} is gone.`,
      )
    : new GraphRefusal(GRAPH_PROBLEMS.unknownPath, `Unknown path components: /${first}`)
}
