/** A route as OpenAPI describes it; nothing is written twice. */
import type { RouteConfig } from '@hono/zod-openapi'
import { z } from 'zod'
import { Problem } from './problem.ts'
import type { AnyRoute } from './route.ts'

const IdempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('Sent again with the same key, the first answer comes back and nothing happens twice')

export function describeRoute(route: AnyRoute): RouteConfig {
  const isWrite = route.method !== 'get'
  const content = describeBody(route)
  return {
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    operationId: operationId(route),
    'x-scope': route.scope,
    request: {
      ...(route.params ? { params: route.params as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
      ...(isWrite && route.kind === 'json'
        ? { headers: z.object({ 'Idempotency-Key': IdempotencyKey }) }
        : {}),
      ...(content ? { body: { content, required: true } } : {}),
    },
    responses: {
      ...describeAnswer(route),
      default: { description: 'What went wrong', content: { 'application/json': { schema: Problem } } },
    },
  } as RouteConfig
}

function describeBody(route: AnyRoute) {
  if (route.kind === 'json') return route.body ? { 'application/json': { schema: route.body } } : undefined
  const accepts = Object.entries(route.accepts ?? {}).map(([mediaType, schema]) => [mediaType, { schema }])
  return accepts.length > 0 ? Object.fromEntries(accepts) : undefined
}

function describeAnswer(route: AnyRoute) {
  const { status, mediaType, schema } =
    route.kind === 'raw'
      ? route.answers
      : { status: route.status ?? 200, mediaType: 'application/json', schema: route.answer }
  return { [status]: { description: 'Done', content: { [mediaType]: { schema } } } }
}

/** `post /v1/approvals/{id}/approve` -> `postApprovalsIdApprove`: stable names for generated clients. */
function operationId({ method, path }: AnyRoute): string {
  const words = path
    .replace('/v1/', '')
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}
