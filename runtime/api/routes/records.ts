import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { listEvents } from '../../../db/queries/events.ts'
import { listLedger } from '../../../db/queries/ledger.ts'
import { acknowledgeAlert, pageAlerts, pageVault, readVaultItem } from '../../../db/queries/pages.ts'
import { verifyLedger as verifyChain } from '../../effects/ledger.ts'
import { parseLastEventId, streamEvents } from '../event-stream.ts'
import { explainAny } from '../explain.ts'
import { answerPage, LIMIT_MAX, ListQuery, listOf } from '../lists.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { sendBlob } from '../send-blob.ts'
import { parse } from '../serve-route.ts'
import { Alert, IdParams, Nothing, VaultItem } from '../shapes.ts'

const getAlerts = defineRoute({
  method: 'get',
  path: '/v1/alerts',
  tag: 'records',
  summary: 'What somebody should look at, newest first',
  scope: 'read',
  query: ListQuery.extend({ open: z.stringbool().optional() }),
  answer: listOf(Alert),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) =>
      answerPage(query, (at) => pageAlerts(tx, at, { isOpen: query.open ?? false })),
    ),
})

const postAcknowledge = defineRoute({
  method: 'post',
  path: '/v1/alerts/{id}/acknowledge',
  tag: 'records',
  summary: 'Say that somebody looked',
  scope: 'write',
  params: IdParams,
  body: Nothing,
  answer: Alert,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => acknowledgeAlert(tx, params.id, ports.clock.now())),
})

const AfterQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Number of the last row that is known'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50),
})

const LedgerRow = z
  .object({
    seq: z.int(),
    at: z.string(),
    kind: z.string(),
    subjectId: z.string().nullable(),
    bodyDigest: z.string(),
    previousHash: z.string(),
    hash: z.string(),
    body: z.record(z.string(), z.unknown()).nullable().describe('null when it was erased'),
  })
  .meta({ id: 'LedgerRow' })

const getLedger = defineRoute({
  method: 'get',
  path: '/v1/ledger',
  tag: 'records',
  summary: 'The hash-chained record, oldest first',
  scope: 'read',
  query: AfterQuery,
  answer: z.object({
    items: z.array(LedgerRow),
    next: z.int().nullable().describe('`after` of the next page'),
  }),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const rows = await listLedger(tx, query.after, query.limit + 1)
      const items = rows.slice(0, query.limit).map(({ row, body }) => ({ ...row, body: body?.body ?? null }))
      return { items, next: rows.length > query.limit ? (items.at(-1)?.seq ?? null) : null }
    }),
})

const verifyLedger = defineRoute({
  method: 'get',
  path: '/v1/ledger/verify',
  tag: 'records',
  summary: 'Recompute the whole chain and compare it with the head kept outside the database',
  scope: 'read',
  answer: z.object({
    verified: z.boolean(),
    events: z.int(),
    erased: z.int().describe('Bodies erased on purpose; their digests still stand'),
    head: z.string(),
    problems: z.array(z.object({ seq: z.int(), kind: z.string(), message: z.string() })),
  }),
  async run(_, { ports, tenantId }) {
    const outside = await ports.witness.read(tenantId)
    const { isIntact, events, erased, head, problems } = await verifyChain(ports.database, tenantId, outside)
    return { verified: isIntact, events, erased, head: head.hash, problems }
  },
})

const WhyLine = z.object({
  at: z.string(),
  type: z.string(),
  agent: z.string().nullable(),
  summary: z.string(),
})

const getWhy = defineRoute({
  method: 'get',
  path: '/v1/why/{id}',
  tag: 'records',
  summary: 'Every step, call and decision behind a task, an act or a publication',
  scope: 'read',
  params: IdParams,
  answer: z.object({
    id: z.uuid(),
    effect: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('Agent, reasoning, verdict, answers, hash, platform id, figures'),
    lines: z.array(WhyLine),
  }),
  run: ({ params }, { ports, tenantId }) => explainAny(ports, tenantId, params.id),
})

const getEvents = defineRawRoute({
  method: 'get',
  path: '/v1/events',
  tag: 'records',
  summary: 'Everything of the tenant as server-sent events with consecutive ids; never ends',
  scope: 'read',
  answers: { status: 200, mediaType: 'text/event-stream', schema: z.string() },
  async run(c, { ports, tenantId, signal }) {
    const { database, feed, clock } = ports
    return streamEvents({
      tenantId,
      feed,
      clock,
      signal,
      after: parseLastEventId(c.req.header('last-event-id') ?? c.req.query('after')),
      read: (place, seq) =>
        database.tenant(tenantId, (tx) => listEvents(tx, { after: seq ?? place, limit: LIMIT_MAX })),
      isOver: async () => false,
    })
  },
})

const getVault = defineRoute({
  method: 'get',
  path: '/v1/vault',
  tag: 'records',
  summary: 'Durable records, newest first',
  scope: 'read',
  query: ListQuery.extend({ folder: z.string().optional() }),
  answer: listOf(VaultItem),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageVault(tx, at, query))),
})

const getVaultContent = defineRawRoute({
  method: 'get',
  path: '/v1/vault/{id}/content',
  tag: 'records',
  summary: 'The record itself',
  scope: 'read',
  params: IdParams,
  answers: { status: 200, mediaType: 'application/json', schema: z.unknown() },
  async run(c, { ports, tenantId }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const { sha256, name } = await ports.database.tenant(tenantId, (tx) => readVaultItem(tx, id))
    const blobs = ports.blobs.forTenant({ tenantId })
    const { size: bytes } = await stat(await blobs.path(sha256))
    return await sendBlob(blobs, { sha256, bytes, mediaType: 'application/json', name }, undefined)
  },
})

export const recordRoutes = [
  getAlerts,
  postAcknowledge,
  getLedger,
  verifyLedger,
  getWhy,
  getEvents,
  getVault,
  getVaultContent,
]
