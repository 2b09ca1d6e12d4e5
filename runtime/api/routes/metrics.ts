import { z } from 'zod'
import { listMetrics, saveMetrics } from '../../../db/queries/metrics.ts'
import { readAccount, readBrand, readPost, readPublication } from '../../../db/queries/pages.ts'
import type { Tx } from '../../../db/transaction.ts'
import { instantMs, toInstant } from '../../core/clock.ts'
import type { MetricPoint as Point } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { readText } from '../json-body.ts'
import { parseMetricsFile } from '../metrics-file.ts'
import { ownerScope } from '../owner-scope.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { parse } from '../serve-route.ts'
import { MetricPoint, When } from '../shapes.ts'

export const ImportedPoint = z
  .strictObject({
    // A name, not a sentence: agents read it as a clean word beside its figures.
    metric: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,99}$/u, 'a name of letters, digits and _ . : - such as views'),
    at: When,
    value: z.number(),
    accountId: z.uuid().nullable().default(null),
    publicationId: z.uuid().nullable().default(null),
    source: z.string().trim().min(1).max(100).default('import'),
  })
  .meta({ id: 'ImportedPoint' })

const ImportQuery = z.object({ brandId: z.uuid() })
const Imported = z.object({ saved: z.int(), known: z.int().describe('Points that were there already') })
const POINTS_MAX = 100_000

const getMetrics = defineRoute({
  method: 'get',
  path: '/v1/metrics',
  tag: 'metrics',
  summary: 'Measured values, oldest first',
  scope: 'read',
  query: z.object({
    brandId: z.uuid(),
    accountId: z.uuid().optional(),
    publicationId: z.uuid().optional(),
    metric: z.string().optional(),
    from: When.optional(),
    to: When.optional(),
    limit: z.coerce.number().int().min(1).max(20_000).default(1_000),
  }),
  answer: z.object({ items: z.array(MetricPoint) }),
  run: ({ query: { brandId, metric, ...query } }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      await readBrand(tx, brandId)
      const scope = ownerScope(brandId, ports.clock)
      return { items: await listMetrics(tx, scope, { ...query, ...(metric ? { metrics: [metric] } : {}) }) }
    }),
})

const postMetrics = defineRawRoute({
  method: 'post',
  path: '/v1/metrics',
  tag: 'metrics',
  summary:
    'Import measured values as JSON ({points: […]}) or CSV (metric,at,value[,accountId,publicationId,source])',
  scope: 'write',
  query: ImportQuery,
  accepts: { 'application/json': z.object({ points: z.array(ImportedPoint) }), 'text/csv': z.string() },
  answers: { status: 201, mediaType: 'application/json', schema: Imported },
  async run(c, { ports, tenantId }) {
    const { brandId } = parse(ImportQuery, c.req.query(), 'query') as z.output<typeof ImportQuery>
    const text = await readText(c, ports.config.limits.importBytes)
    const rows = parseMetricsFile(text, c.req.header('content-type') ?? '')
    if (rows.length > POINTS_MAX)
      throw new StakazoError('too-large', `${rows.length} points; at most ${POINTS_MAX} at once`)
    const points = rows.map((row, index) => toPoint(row, index))
    const saved = await ports.database.tenant(tenantId, async (tx) => {
      await readBrand(tx, brandId)
      await assertSubjects(tx, brandId, points)
      const fresh = await saveMetrics(tx, ownerScope(brandId, ports.clock), points)
      tx.emit({
        type: 'metrics.imported',
        brandId,
        trust: 3,
        payload: { points: points.length, saved: fresh },
      })
      return fresh
    })
    return c.json({ saved, known: points.length - saved }, 201)
  },
})

function toPoint(row: unknown, index: number): Point {
  const point = parse(ImportedPoint, row, `point ${index + 1}`) as z.output<typeof ImportedPoint>
  return { ...point, at: toInstant(instantMs(point.at)) }
}

/** Every account and publication named must be this brand's: a number is not hung on somebody else's post. */
async function assertSubjects(tx: Tx, brandId: string, points: readonly Point[]): Promise<void> {
  for (const id of new Set(points.flatMap((point) => point.accountId ?? []))) {
    const account = await readAccount(tx, id)
    if (account.brandId !== brandId)
      throw new StakazoError('bad-input', `account ${id} belongs to another brand`)
  }
  for (const id of new Set(points.flatMap((point) => point.publicationId ?? []))) {
    const post = await readPost(tx, (await readPublication(tx, id)).postId)
    if (post.brandId !== brandId)
      throw new StakazoError('bad-input', `publication ${id} belongs to another brand`)
  }
}

export const metricRoutes = [getMetrics, postMetrics]
