/** The seam between the server and the three vendors' formats. */
import type { FaultTurn, NormalisedRequest, SayTurn } from './turn.ts'

export interface WireFault {
  status: number
  headers: Record<string, string>
  body: unknown
}

export interface Wire {
  /** Reads a body as strictly as the vendor does; throws WireRefusal where the vendor answers 400. */
  read(path: string, body: Record<string, unknown>, headers: Record<string, string>): NormalisedRequest
  /** The whole answer as one JSON body. */
  whole(turn: SayTurn, request: NormalisedRequest): unknown
  /** The same answer as server-sent events, one string a frame. */
  frames(turn: SayTurn, request: NormalisedRequest): string[]
  fault(turn: FaultTurn): WireFault
  refusal(reason: string): WireFault
}

export const event = (data: unknown, name?: string): string =>
  `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

export const retryAfterHeaders = (turn: FaultTurn): Record<string, string> =>
  turn.retryAfterMs === undefined ? {} : { 'retry-after': String(turn.retryAfterMs / 1_000) }

/** Tool names as the vendors accept them; a dot is refused everywhere. */
export const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

let counter = 0
export const nextId = (prefix: string): string => `${prefix}${(++counter).toString().padStart(6, '0')}`
