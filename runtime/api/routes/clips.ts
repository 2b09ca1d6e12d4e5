import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { pageClips, pageRenditions, readClip, readRendition } from '../../../db/queries/pages.ts'
import { StakazoError } from '../../core/errors.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { sendBlob } from '../send-blob.ts'
import { parse } from '../serve-route.ts'
import { Clip, IdParams, Rendition } from '../shapes.ts'

const getClips = defineRoute({
  method: 'get',
  path: '/v1/clips',
  tag: 'clips',
  summary: 'Chosen spans of films, newest first',
  scope: 'read',
  query: ListQuery.extend({
    taskId: z.uuid().optional(),
    assetId: z.uuid().optional(),
    current: z.stringbool().optional().describe('false: also those that were replaced'),
  }),
  answer: listOf(Clip),
  run: ({ query: { current = true, ...query } }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) =>
      answerPage(query, (at) => pageClips(tx, at, { ...query, ...(current ? { isCurrent: true } : {}) })),
    ),
})

const getClip = defineRoute({
  method: 'get',
  path: '/v1/clips/{id}',
  tag: 'clips',
  summary: 'One clip',
  scope: 'read',
  params: IdParams,
  answer: Clip,
  run: ({ params }, { ports, tenantId }) => ports.database.tenant(tenantId, (tx) => readClip(tx, params.id)),
})

const getRenditions = defineRoute({
  method: 'get',
  path: '/v1/renditions',
  tag: 'clips',
  summary: 'Rendered files of clips, newest first',
  scope: 'read',
  query: ListQuery.extend({ clipId: z.uuid().optional() }),
  answer: listOf(Rendition),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageRenditions(tx, at, query))),
})

const getRendition = defineRoute({
  method: 'get',
  path: '/v1/renditions/{id}',
  tag: 'clips',
  summary: 'One rendition',
  scope: 'read',
  params: IdParams,
  answer: Rendition,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => readRendition(tx, params.id)),
})

const getContent = defineRawRoute({
  method: 'get',
  path: '/v1/renditions/{id}/content',
  tag: 'clips',
  summary: 'The rendered film; Range is honoured',
  scope: 'read',
  params: IdParams,
  answers: { status: 200, mediaType: 'video/mp4', schema: z.string() },
  async run(c, { ports, tenantId }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const { sha256, bytes } = await ports.database.tenant(tenantId, (tx) => readRendition(tx, id))
    return await sendBlob(
      ports.blobs.forTenant({ tenantId }),
      { sha256, bytes, mediaType: 'video/mp4', name: `${id}.mp4` },
      c.req.header('range'),
    )
  },
})

const getCover = defineRawRoute({
  method: 'get',
  path: '/v1/renditions/{id}/cover',
  tag: 'clips',
  summary: 'The picture shown before it plays',
  scope: 'read',
  params: IdParams,
  answers: { status: 200, mediaType: 'image/jpeg', schema: z.string() },
  async run(c, { ports, tenantId }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const { coverSha256 } = await ports.database.tenant(tenantId, (tx) => readRendition(tx, id))
    if (coverSha256 === null) throw new StakazoError('not-found', `rendition ${id} has no cover`)
    const blobs = ports.blobs.forTenant({ tenantId })
    const { size: bytes } = await stat(await blobs.path(coverSha256))
    return await sendBlob(blobs, { sha256: coverSha256, bytes, mediaType: 'image/jpeg' }, undefined)
  },
})

export const clipRoutes = [getClips, getClip, getRenditions, getRendition, getContent, getCover]
