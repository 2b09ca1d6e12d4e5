/** What a verb of the Instagram sandbox is called with. */
import type { Account } from '../../accounts.ts'
import type { Fault } from '../../faults.ts'
import type { WireReply, WireRequest } from '../../wire.ts'
import type { World } from '../../world.ts'
import type { RawParameters } from '../graph/parameters.ts'
import { NEWEST_GRAPH_VERSION } from '../graph/version.ts'
import type { Containers } from './containers.ts'

export const NETWORK = 'instagram'

export interface Instagram {
  world: World
  containers: Containers
  /** Containers some request writes to right now: a second writer would interleave. */
  uploading: Set<string>
  /** Aborts what still runs when the process ends. */
  stop: AbortSignal
}

export interface Call {
  ig: Instagram
  request: WireRequest
  parameters: RawParameters
  account: Account
  version: string | undefined
  fault: Fault | undefined
}

export const ok = (body: unknown): WireReply => ({ status: 200, body })

/** The URL of this call on the platform's own host, for `paging.next`. */
export function selfUrl({ request }: Call): URL {
  const url = new URL(`https://${request.host}${request.path}`)
  url.search = request.query.toString()
  return url
}

export const versionOf = ({ version }: Call) => version ?? NEWEST_GRAPH_VERSION
