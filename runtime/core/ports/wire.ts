/**
 * One HTTP call to a platform, as connectors make it. `runtime/http.ts` implements it: origin allow-list, timeouts, size
 * limits, redaction, and retries of `safe` calls alone.
 */
import type { Readable } from 'node:stream'

/** `safe` only reads. `repeatable` may be sent again with the same meaning. `once` must never be. */
export type CallClass = 'safe' | 'repeatable' | 'once'

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute, with a declared origin. */
  readonly url: string
  readonly call: CallClass
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly form?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly json?: unknown
  readonly body?: { stream: () => Promise<Readable>; bytes: number }
  readonly headers?: Readonly<Record<string, string>>
  readonly bearer?: string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed when the body is JSON, else undefined. */
  readonly json: unknown
  readonly text: string
}

/**
 * Resolves with any answer the platform gave, 4xx and 5xx included.
 * Throws `platform-unreachable` when provably nothing was sent (DNS, refused connection), `outcome-unknown` when the
 * request may have arrived (reset, timeout), `egress-refused` for an undeclared origin, `cancelled` on abort.
 */
export interface Wire {
  send(request: WireRequest): Promise<WireAnswer>
}
