import { z } from 'zod'
import { confirmRights, createAsset } from '../../../db/queries/new-asset.ts'
import { pageAssets, readAsset } from '../../../db/queries/pages.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { receiveFilm } from '../receive-film.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { sendBlob } from '../send-blob.ts'
import { parse } from '../serve-route.ts'
import { Asset, IdParams } from '../shapes.ts'

const UploadQuery = z.object({
  brandId: z.uuid().optional(),
  name: z.string().max(255).optional().describe('Name of the file, for a raw body'),
})

const getAssets = defineRoute({
  method: 'get',
  path: '/v1/assets',
  tag: 'assets',
  summary: 'Films, newest first',
  scope: 'read',
  query: ListQuery.extend({ brandId: z.uuid().optional() }),
  answer: listOf(Asset),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageAssets(tx, at, query))),
})

const postAsset = defineRawRoute({
  method: 'post',
  path: '/v1/assets',
  tag: 'assets',
  summary: 'Upload a film, as the raw body or as the file of a form; it is checked before it is kept',
  scope: 'write',
  limit: 'uploads',
  query: UploadQuery,
  accepts: {
    'video/mp4': z.string().meta({ format: 'binary' }),
    'multipart/form-data': z.object({ file: z.string().meta({ format: 'binary' }) }),
  },
  answers: { status: 201, mediaType: 'application/json', schema: Asset },
  async run(c, { ports, tenantId, signal }) {
    const query = parse(UploadQuery, c.req.query(), 'query') as z.output<typeof UploadQuery>
    const { name, info, ref } = await receiveFilm(ports, tenantId, c, signal)
    const asset = await ports.database.tenant(tenantId, (tx) =>
      createAsset(tx, ports.clock, { brandId: query.brandId, name: query.name ?? name, info, ...ref }),
    )
    return c.json(asset, 201)
  },
})

const getAsset = defineRoute({
  method: 'get',
  path: '/v1/assets/{id}',
  tag: 'assets',
  summary: 'One film',
  scope: 'read',
  params: IdParams,
  answer: Asset,
  run: ({ params }, { ports, tenantId }) => ports.database.tenant(tenantId, (tx) => readAsset(tx, params.id)),
})

const getContent = defineRawRoute({
  method: 'get',
  path: '/v1/assets/{id}/content',
  tag: 'assets',
  summary: 'The file; Range is honoured',
  scope: 'read',
  params: IdParams,
  answers: { status: 200, mediaType: 'application/octet-stream', schema: z.string() },
  async run(c, { ports, tenantId }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const { sha256, bytes } = await ports.database.tenant(tenantId, (tx) => readAsset(tx, id))
    const blobs = ports.blobs.forTenant({ tenantId })
    return await sendBlob(
      blobs,
      { sha256, bytes, mediaType: 'application/octet-stream' },
      c.req.header('range'),
    )
  },
})

const putRights = defineRoute({
  method: 'put',
  path: '/v1/assets/{id}/rights',
  tag: 'assets',
  summary: 'Confirm that you hold the rights and accept the terms; needed before the first publication',
  scope: 'approve',
  params: IdParams,
  body: z.strictObject({
    copyrightConfirmed: z.literal(true).describe('I confirm that I hold the rights'),
    termsAccepted: z.literal(true).describe('I accept the terms'),
    confirmedBy: z.string().min(1).max(200).optional().describe('Who says so; the key’s name when absent'),
  }),
  answer: Asset,
  run: ({ params, body }, { ports, principal, tenantId }) =>
    ports.database.tenant(tenantId, (tx) =>
      confirmRights(tx, params.id, {
        ...body,
        confirmedBy: body.confirmedBy ?? principal.keyName,
        confirmedAt: ports.clock.now(),
      }),
    ),
})

export const assetRoutes = [getAssets, postAsset, getAsset, getContent, putRights]
