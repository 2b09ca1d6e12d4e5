import { z } from 'zod'
import { pageComments, pagePublications, readPost, readPublication } from '../../../db/queries/pages.ts'
import { cancelPublication, reschedulePublication } from '../../../db/queries/publications.ts'
import type { Tx } from '../../../db/transaction.ts'
import { instantMs, toInstant } from '../../core/clock.ts'
import { ACT_STATES, IntentReply } from '../../core/effect.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { ownerScope } from '../owner-scope.ts'
import { defineRoute } from '../route.ts'
import { Comment, Done, IdParams, Nothing, Publication, Reason, When } from '../shapes.ts'

/** The brand a publication belongs to stands on its post. */
const brandOf = async (tx: Tx, id: string): Promise<string> =>
  (await readPost(tx, (await readPublication(tx, id)).postId)).brandId

const getPublications = defineRoute({
  method: 'get',
  path: '/v1/publications',
  tag: 'publications',
  summary: 'Posts on accounts, newest first',
  scope: 'read',
  query: ListQuery.extend({
    taskId: z.uuid().optional(),
    postId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    state: z.enum(ACT_STATES).optional(),
  }),
  answer: listOf(Publication),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pagePublications(tx, at, query))),
})

const getPublication = defineRoute({
  method: 'get',
  path: '/v1/publications/{id}',
  tag: 'publications',
  summary: 'One publication and its state',
  scope: 'read',
  params: IdParams,
  answer: Publication,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => readPublication(tx, params.id)),
})

const getComments = defineRoute({
  method: 'get',
  path: '/v1/publications/{id}/comments',
  tag: 'publications',
  summary: 'What other people wrote under it',
  scope: 'read',
  params: IdParams,
  query: ListQuery,
  answer: listOf(Comment),
  run: ({ params, query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      await readPublication(tx, params.id)
      return await answerPage(query, (at) => pageComments(tx, at, { publicationId: params.id }))
    }),
})

const cancel = defineRoute({
  method: 'post',
  path: '/v1/publications/{id}/cancel',
  tag: 'publications',
  summary: 'Call it back before it left',
  scope: 'write',
  params: IdParams,
  body: Reason,
  answer: Publication,
  run: ({ params, body }, { ports, principal, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const scope = ownerScope(await brandOf(tx, params.id), ports.clock)
      const reason = body.reason ?? `cancelled by ${principal.keyName}`
      return await cancelPublication(tx, scope, params.id, reason)
    }),
})

const reschedule = defineRoute({
  method: 'post',
  path: '/v1/publications/{id}/reschedule',
  tag: 'publications',
  summary: 'Move it to another time before it left; null: as soon as it may',
  scope: 'write',
  params: IdParams,
  body: z.strictObject({ dueAt: When.nullable() }),
  answer: Publication,
  run: ({ params, body }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const scope = ownerScope(await brandOf(tx, params.id), ports.clock)
      const dueAt = body.dueAt === null ? null : toInstant(instantMs(body.dueAt))
      return await reschedulePublication(tx, scope, params.id, dueAt)
    }),
})

const undo = defineRoute({
  method: 'post',
  path: '/v1/publications/{id}/undo',
  tag: 'publications',
  summary: 'Take it down where the platform allows; answers what was decided',
  scope: 'approve',
  params: IdParams,
  body: Nothing,
  answer: IntentReply.meta({ id: 'IntentReply' }),
  status: 202,
  run: ({ params }, { ports, tenantId }) => ports.acts.undo(tenantId, params.id),
})

const settle = defineRoute({
  method: 'post',
  path: '/v1/publications/{id}/settle',
  tag: 'publications',
  summary: 'Say what you found on the platform, where the runtime could not tell',
  scope: 'approve',
  params: IdParams,
  body: z.strictObject({ posted: z.boolean(), url: z.url().max(2_000).optional() }),
  answer: Done,
  async run({ params, body }, { ports, principal, tenantId }) {
    const word = { isPosted: body.posted, by: principal.keyName, ...(body.url ? { url: body.url } : {}) }
    await ports.acts.settle(tenantId, params.id, word)
    return { done: true as const }
  },
})

export const publicationRoutes = [
  getPublications,
  getPublication,
  getComments,
  cancel,
  reschedule,
  undo,
  settle,
]
