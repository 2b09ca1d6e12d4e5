/** The HTTP API as one hono app: the routes, their reference, and what a supervisor asks. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { StakazoError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { VERSION } from '../version.ts'
import type { ApiPorts } from './api-ports.ts'
import { describeRoute } from './describe-route.ts'
import { docsPage } from './docs-page.ts'
import { assertOwnDoor } from './doors.ts'
import { fromFailure, toProblem } from './problem.ts'
import { openRateLimits } from './rate-limits.ts'
import { routes } from './routes/index.ts'
import { serveRoute } from './serve-route.ts'

export function openApi(ports: ApiPorts): Hono {
  const app = new OpenAPIHono()
  const limits = openRateLimits(ports.config.limits)
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  for (const route of routes) {
    app.openAPIRegistry.registerPath(describeRoute(route))
    app.on(
      route.method.toUpperCase(),
      route.path.replace(/\{(\w+)\}/g, ':$1'),
      serveRoute(route, ports, limits),
    )
  }
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Stakazo',
      version: VERSION,
      description:
        'Runs a brand’s social media with agents you can stop. Every write takes an Idempotency-Key.',
      license: { name: 'MIT' },
    },
    security: [{ key: [] }],
  })
  const page = docsPage(document)
  app.use('*', async (c, next) => {
    assertOwnDoor(ports.config.http, c.req.raw.headers)
    await next()
  })
  app.get('/', (c) => c.redirect('/docs'))
  app.get('/openapi.json', (c) => c.json(document))
  app.get('/docs', (c) => {
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    return c.html(page)
  })
  app.get('/healthz', (c) => c.json({ ok: true, version: VERSION }))
  app.get('/readyz', async (c) => {
    const troubles = await ports.listTroubles()
    return c.json({ ready: troubles.length === 0, troubles }, troubles.length === 0 ? 200 : 503)
  })
  app.get('/metrics', async () => {
    const { registry, queueDepth } = ports.telemetry
    for (const [name, { waiting, delayed }] of Object.entries(await ports.queueDepth()))
      queueDepth.set({ queue_name: name }, waiting + delayed)
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
  })
  app.notFound((c) =>
    toProblem(new StakazoError('not-found', `there is no ${c.req.method} ${c.req.path}; see /docs`), newId()),
  )
  app.onError((error) => {
    const requestId = newId()
    ports.log.error({ requestId, err: error }, 'a request failed outside of its route')
    return toProblem(fromFailure(error), requestId)
  })
  return app as unknown as Hono
}
