import { z } from 'zod'
import { pagePosts, readPost } from '../../../db/queries/pages.ts'
import { revisePost } from '../../../db/queries/posts.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { ownerScope } from '../owner-scope.ts'
import { defineRoute } from '../route.ts'
import { IdParams, Post } from '../shapes.ts'

const getPosts = defineRoute({
  method: 'get',
  path: '/v1/posts',
  tag: 'posts',
  summary: 'Posts, newest first',
  scope: 'read',
  query: ListQuery.extend({ taskId: z.uuid().optional(), brandId: z.uuid().optional() }),
  answer: listOf(Post),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pagePosts(tx, at, query))),
})

const getPost = defineRoute({
  method: 'get',
  path: '/v1/posts/{id}',
  tag: 'posts',
  summary: 'One post with its reviews',
  scope: 'read',
  params: IdParams,
  answer: Post,
  run: ({ params }, { ports, tenantId }) => ports.database.tenant(tenantId, (tx) => readPost(tx, params.id)),
})

const patchPost = defineRoute({
  method: 'patch',
  path: '/v1/posts/{id}',
  tag: 'posts',
  summary: 'Change what has not left yet; a pending approval of the old content dies',
  scope: 'write',
  params: IdParams,
  body: z
    .strictObject({
      caption: z.string().max(20_000).optional(),
      altText: z.string().max(2_000).optional(),
      hashtags: z.array(z.string().max(200)).max(100).optional(),
    })
    .meta({ id: 'PostChange' }),
  answer: Post,
  run: ({ params, body }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const { brandId } = await readPost(tx, params.id)
      return await revisePost(tx, ownerScope(brandId, ports.clock), params.id, body)
    }),
})

export const postRoutes = [getPosts, getPost, patchPost]
