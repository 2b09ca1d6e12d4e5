/**
 * One file of `routes/` is one resource; one definition is one request: who may, what comes in, what goes out, what is
 * done. Parsing, keys, limits, idempotency and errors are the same for all and live in `serve-route.ts`.
 */
import type { Context } from 'hono'
import type { z } from 'zod'
import type { ApiPorts } from './api-ports.ts'
import type { Principal, Scope } from './scopes.ts'

export interface RequestContext {
  readonly ports: ApiPorts
  readonly principal: Principal
  readonly tenantId: string
  readonly requestId: string
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

interface RouteHead {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** OpenAPI style: `/v1/brands/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly scope: Scope
  /** Own, narrower limit beside the key's hourly one. */
  readonly limit?: 'tasks' | 'uploads'
}

export interface JsonRoute<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> extends RouteHead {
  readonly kind: 'json'
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly answer: A
  readonly status?: 200 | 201 | 202
  /** What an answer that shows a secret once looks like when it is replayed; only this is kept. */
  withoutSecrets?(answer: z.output<A>): z.input<A>
  run(
    input: { params: z.output<P>; query: z.output<Q>; body: z.output<B> },
    ctx: RequestContext,
  ): Promise<z.input<A>>
}

/** Streams in or out; does its own parsing. */
export interface RawRoute extends RouteHead {
  readonly kind: 'raw'
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** For the reference: media type -> what it holds. */
  readonly accepts?: Readonly<Record<string, z.ZodType>>
  readonly answers: { readonly status: number; readonly mediaType: string; readonly schema: z.ZodType }
  run(c: Context, ctx: RequestContext): Promise<Response>
}

/** Any route, as the list holds it. */
export type AnyRoute =
  | RawRoute
  | (Omit<JsonRoute, 'run'> & { run(input: never, ctx: RequestContext): Promise<unknown> })

export const defineRoute = <
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(
  route: Omit<JsonRoute<P, Q, B, A>, 'kind'>,
): AnyRoute => ({ kind: 'json', ...route }) as unknown as AnyRoute

export const defineRawRoute = (route: Omit<RawRoute, 'kind'>): AnyRoute => ({ kind: 'raw', ...route })
