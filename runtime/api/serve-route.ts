/** The way of every request: door, key, scope, limits, parsing, once, answer. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { SECOND } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { ApiPorts } from './api-ports.ts'
import { authenticate } from './authenticate.ts'
import { assertOwnDoor } from './doors.ts'
import { type Answered, answerOnce } from './idempotent.ts'
import { readJsonBody } from './json-body.ts'
import { fromFailure, toBadInput, toProblem } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import type { AnyRoute, RequestContext } from './route.ts'

type JsonOf = Extract<AnyRoute, { kind: 'json' }>

/** A hono handler for one route. Never throws: a failure is a Problem and a line in the log. */
export const serveRoute =
  (route: AnyRoute, ports: ApiPorts, limits: RateLimits) =>
  async (c: Context): Promise<Response> => {
    const startedMs = ports.clock.elapsedMs()
    const requestId = readRequestId(c)
    const headers = new Headers()
    let response: Response
    try {
      assertOwnDoor(ports.config.http, c.req.raw.headers)
      const ctx = await admit(route, c, ports, limits, headers, requestId)
      response = route.kind === 'raw' ? await route.run(c, ctx) : await answerJson(route, c, ctx)
      for (const [name, value] of headers) response.headers.set(name, value)
      response.headers.set('x-request-id', requestId)
    } catch (failure) {
      response = refuse(ports, fromFailure(failure), requestId, headers)
    }
    const seconds = (ports.clock.elapsedMs() - startedMs) / SECOND
    const labels = { method: c.req.method, endpoint: route.path }
    ports.telemetry.apiRequests.inc({ ...labels, status: String(response.status) })
    ports.telemetry.apiSeconds.observe(labels, seconds)
    return response
  }

function readRequestId(c: Context): string {
  const given = c.req.header('x-request-id')
  return given && /^[\w.-]{1,64}$/.test(given) ? given : newId()
}

function refuse(ports: ApiPorts, error: StakazoError, requestId: string, headers: Headers): Response {
  const level = error.row.status >= 500 ? 'error' : 'info'
  ports.log[level](
    { requestId, code: error.code, ...(level === 'error' ? { err: error } : {}) },
    error.message,
  )
  return toProblem(error, requestId, headers)
}

async function admit(
  route: AnyRoute,
  c: Context,
  ports: ApiPorts,
  limits: RateLimits,
  headers: Headers,
  requestId: string,
): Promise<RequestContext> {
  const principal = await authenticate(ports.database, c.req.header('authorization')).catch(
    async (error: unknown) => {
      if (error instanceof StakazoError && error.code === 'unauthorized') {
        await limits.take('stranger', addressOf(c), headers)
      }
      throw error
    },
  )
  await limits.take('requests', principal.keyId, headers)
  if (route.limit) await limits.take(route.limit, principal.keyId, headers)
  if (!principal.scopes.has(route.scope)) {
    throw new StakazoError('forbidden', `this needs a key with scope "${route.scope}"`)
  }
  return { ports, principal, tenantId: principal.tenantId, requestId, signal: c.req.raw.signal }
}

const addressOf = (c: Context): string =>
  (c.env as { incoming?: { socket?: { remoteAddress?: string } } }).incoming?.socket?.remoteAddress ??
  'unknown'

async function answerJson(route: JsonOf, c: Context, ctx: RequestContext): Promise<Response> {
  const { bodyBytes, jsonDepth } = ctx.ports.config.limits
  const params = parse(route.params, c.req.param(), 'path')
  const query = parse(route.query, c.req.query(), 'query')
  const isWrite = route.method !== 'get'
  const raw = isWrite
    ? await readJsonBody(c, { maxBytes: bodyBytes, maxDepth: jsonDepth })
    : { text: '', value: undefined }
  const body = parse(route.body, raw.value ?? {}, 'body')
  const perform = async (): Promise<Answered> => {
    const value = parseAnswer(route, await route.run({ params, query, body } as never, ctx))
    return { status: route.status ?? 200, body: value, kept: route.withoutSecrets?.(value as never) }
  }
  const request = `${c.req.method} ${c.req.path}\n${raw.text}`
  const answer = isWrite
    ? await answerOnce(ctx, c.req.header('idempotency-key'), request, perform)
    : await perform()
  const response = c.json(answer.body as object, answer.status as ContentfulStatusCode)
  if (answer.isReplay) response.headers.set('idempotent-replayed', 'true')
  return response
}

export function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return value
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw toBadInput(parsed.error, where)
}

/** An answer that breaks its own promise is our bug, not the client's input. */
function parseAnswer(route: JsonOf, value: unknown): unknown {
  const parsed = route.answer.safeParse(value)
  if (parsed.success) return parsed.data
  throw new StakazoError('bug', `${route.method} ${route.path} answers in another shape`, {
    cause: parsed.error,
  })
}
