/** Which verb answers which path. `<node> <METHOD> <edge>`; anything else is an unknown path. */
import type { Comment } from '../../comments.ts'
import type { Operation, OperationTrait } from '../../operation.ts'
import type { Publication } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import { parseFields, readFields } from '../graph/fields.ts'
import { pageQuery, pageReply } from '../graph/paging.ts'
import { parseParameters } from '../graph/parameters.ts'
import { readAccountInsights } from './account-insights.ts'
import type { Container } from './containers.ts'
import { type Call, ok, selfUrl } from './context.ts'
import { LIMITS, PARAMETERS } from './contract.ts'
import {
  deleteComment,
  deleteMedia,
  editComment,
  editMedia,
  listComments,
  writeComment,
} from './conversation.ts'
import { createContainer } from './create-container.ts'
import { readMediaInsights } from './insights.ts'
import { childrenOf, showAccount, showComment, showContainer, showMedia } from './nodes.ts'
import { publishContainer } from './publish-container.ts'

export interface Route<Node> {
  operation: Operation
  run(call: Call, node: Node): WireReply | Promise<WireReply>
}

const operation = (name: string, ...traits: OperationTrait[]): Operation => ({ name, traits })

const fieldsOf = (call: Call) => {
  const { fields } = parseParameters(PARAMETERS.readNode, call.parameters)
  return fields === undefined ? undefined : parseFields(fields)
}

export const ACCOUNT_ROUTES: Readonly<Record<string, Route<undefined>>> = {
  'GET ': { operation: operation('account'), run: (call) => ok(showAccount(call, fieldsOf(call))) },
  'GET media': { operation: operation('media_list'), run: (call) => listMedia(call) },
  'GET stories': { operation: operation('stories'), run: (call) => listStories(call) },
  'POST media': { operation: operation('container', 'writes', 'processes'), run: createContainer },
  'POST media_publish': {
    operation: operation('media_publish', 'writes', 'publishes'),
    run: publishContainer,
  },
  'GET content_publishing_limit': { operation: operation('publishing_limit'), run: readPublishingLimit },
  'GET insights': { operation: operation('account_insights'), run: readAccountInsights },
}

export const CONTAINER_ROUTES: Readonly<Record<string, Route<Container>>> = {
  'GET ': {
    operation: operation('status'),
    run: (call, container) => ok(showContainer(call.ig, container, fieldsOf(call))),
  },
}

export const MEDIA_ROUTES: Readonly<Record<string, Route<Publication>>> = {
  'GET ': {
    operation: operation('media'),
    run: (call, publication) => ok(showMedia(call, publication, fieldsOf(call))),
  },
  'POST ': { operation: operation('edit', 'writes'), run: editMedia },
  'DELETE ': { operation: operation('delete', 'writes'), run: deleteMedia },
  'GET children': {
    operation: operation('children'),
    run: (call, publication) => ok(childrenOf(publication, fieldsOf(call))),
  },
  'GET insights': { operation: operation('insights'), run: readMediaInsights },
  'GET comments': {
    operation: operation('comments'),
    run: (call, publication) => listComments(call, publication),
  },
  'POST comments': {
    operation: operation('comment', 'writes'),
    run: (call, publication) => writeComment(call, publication),
  },
}

/** A comment comes with the publication it stands under, whose account must be the caller's. */
export interface CommentNode {
  comment: Comment
  publication: Publication
}

export const COMMENT_ROUTES: Readonly<Record<string, Route<CommentNode>>> = {
  'GET ': {
    operation: operation('comment_read'),
    run: (call, { comment }) => ok(showComment(call.ig, comment, fieldsOf(call))),
  },
  'POST ': { operation: operation('hide', 'writes'), run: (call, { comment }) => editComment(call, comment) },
  'DELETE ': {
    operation: operation('comment_delete', 'writes'),
    run: (call, { comment }) => deleteComment(call, comment),
  },
  'GET replies': {
    operation: operation('replies'),
    run: (call, { comment, publication }) => listComments(call, publication, comment),
  },
  'POST replies': {
    operation: operation('reply', 'writes'),
    run: (call, { comment, publication }) => writeComment(call, publication, comment),
  },
}

function listMedia(call: Call): WireReply {
  const { fields, since, until, ...paging } = parseParameters(PARAMETERS.listMedia, call.parameters)
  return list(call, 'posts', fields, paging, { sinceMs: since, untilMs: until })
}

/** Stories are gone from the list after 24 hours. */
function listStories(call: Call): WireReply {
  const { fields, ...paging } = parseParameters(PARAMETERS.listStories, call.parameters)
  return list(call, 'stories', fields, paging, {
    sinceMs: call.ig.world.clock.nowMs() - LIMITS.quotaWindowMs,
  })
}

function list(
  call: Call,
  kind: 'posts' | 'stories',
  fields: string | undefined,
  paging: Parameters<typeof pageQuery>[0],
  range: { sinceMs?: number; untilMs?: number },
): WireReply {
  const requests = fields === undefined ? undefined : parseFields(fields)
  const query = pageQuery(paging)
  const found = call.ig.world.publications.list(call.account, { kind, ...range, ...query })
  return ok(pageReply(found, query, selfUrl(call), (publication) => showMedia(call, publication, requests)))
}

function readPublishingLimit(call: Call): WireReply {
  const { fields = 'quota_usage', since } = parseParameters(PARAMETERS.publishingLimit, call.parameters)
  const { clock, publications } = call.ig.world
  const usedSince = Math.max(since ?? 0, clock.nowMs() - LIMITS.quotaWindowMs)
  const table = {
    quota_usage: () => publications.countSince(call.account, usedSince),
    config: () => ({
      quota_total: call.account.settings.postsPerDay ?? LIMITS.postsPerDay,
      quota_duration: LIMITS.quotaWindowMs / 1000,
    }),
  }
  return ok({ data: [readFields('ContentPublishingLimitResponse', table, undefined, parseFields(fields))] })
}
