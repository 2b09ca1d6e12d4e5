/** Comments and answers: read, write, hide, delete. The account's own words are held to the documented rules. */
import type { Comment } from '../../comments.ts'
import type { Publication } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import type { WitnessKind } from '../../witness.ts'
import { parseFields } from '../graph/fields.ts'
import { pageQuery, pageReply } from '../graph/paging.ts'
import { parseParameters } from '../graph/parameters.ts'
import { GraphRefusal, refuseParameter } from '../graph/refusal.ts'
import { type Call, NETWORK, ok, selfUrl } from './context.ts'
import { LIMITS, PARAMETERS } from './contract.ts'
import { mediaIdOf, showComment } from './nodes.ts'
import { IG } from './problems.ts'

export function listComments(call: Call, publication: Publication, parent?: Comment): WireReply {
  const { fields, ...paging } = parseParameters(PARAMETERS.listComments, call.parameters)
  const requests = fields === undefined ? undefined : parseFields(fields)
  const query = pageQuery(paging)
  call.ig.world.engagement.settle(publication)
  const found = call.ig.world.comments.list({
    publicationSeq: publication.seq,
    parentId: parent?.id,
    ...query,
  })
  return ok(pageReply(found, query, selfUrl(call), (comment) => showComment(call.ig, comment, requests)))
}

export function writeComment(call: Call, publication: Publication, parent?: Comment): WireReply {
  const { message } = parseParameters(PARAMETERS.writeComment, call.parameters)
  checkMessage(message)
  if (!publication.isCommentEnabled) throw refuseParameter('Commenting on this media has been turned off')
  if (parent?.isHidden) throw refuseParameter('A hidden comment cannot be answered')
  const { ig, account } = call
  return ig.world.store.transaction(() => {
    const comment = ig.world.comments.add({
      network: NETWORK,
      publicationSeq: publication.seq,
      // an answer to an answer joins the thread of the top comment
      parentId: parent ? (parent.parentId ?? parent.id) : undefined,
      accountId: account.id,
      username: account.username,
      text: message,
      sentiment: 'neutral',
      likes: 0,
      createdBusinessMs: ig.world.clock.nowMs(),
    })
    witness(call, parent ? 'reply' : 'comment', publication.id, {
      commentId: comment.id,
      parentId: parent?.id,
      text: message,
    })
    return ok({ id: comment.id })
  })
}

export function editComment(call: Call, comment: Comment): WireReply {
  const { hide } = parseParameters(PARAMETERS.editComment, call.parameters)
  if (comment.accountId === call.account.id) throw refuseParameter('Own comments cannot be hidden')
  return call.ig.world.store.transaction(() => {
    call.ig.world.comments.setHidden(comment, hide)
    witness(call, 'hide', mediaIdOf(call.ig, comment.publicationSeq), { commentId: comment.id, hide })
    return ok({ success: true })
  })
}

export function deleteComment(call: Call, comment: Comment): WireReply {
  parseParameters(PARAMETERS.nothing, call.parameters)
  const { world } = call.ig
  return world.store.transaction(() => {
    world.comments.remove(comment, world.clock.nowMs())
    witness(call, 'delete', mediaIdOf(call.ig, comment.publicationSeq), { commentId: comment.id })
    return ok({ success: true })
  })
}

export function editMedia(call: Call, publication: Publication): WireReply {
  const { comment_enabled } = parseParameters(PARAMETERS.editMedia, call.parameters)
  const { world } = call.ig
  return world.store.transaction(() => {
    // what was written while comments were on is written down before the switch turns
    world.engagement.settle(publication)
    world.publications.setCommentEnabled(publication, comment_enabled)
    witness(call, 'edit', publication.id, { comment_enabled })
    return ok({ success: true })
  })
}

/** In the spec, granted to few apps: without the capability it answers as an app without it sees it. */
export function deleteMedia(call: Call, publication: Publication): WireReply {
  parseParameters(PARAMETERS.nothing, call.parameters)
  if (!call.account.settings.capabilities.includes('delete-media'))
    throw new GraphRefusal(IG.capability, `(#3) ${IG.capability.message}`)
  return call.ig.world.store.transaction(() => {
    call.ig.world.publications.remove(publication)
    witness(call, 'delete', publication.id, {})
    return ok({ success: true })
  })
}

function checkMessage(message: string): void {
  const links = message.match(/https?:\/\/|www\./gi)?.length ?? 0
  const hashtags = message.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0
  const letters = message.replaceAll(/[^\p{L}]/gu, '')
  const isShouted =
    letters.length > 3 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()
  if (message.trim() === '') throw refuseParameter('The parameter message is required')
  if ([...message].length > LIMITS.commentChars)
    throw refuseParameter('Param message must be at most 300 characters')
  if (hashtags > LIMITS.commentHashtags) throw refuseParameter('Param message may hold at most 4 hashtags')
  if (links > LIMITS.commentLinks) throw refuseParameter('Param message may hold at most 1 URL')
  if (isShouted) throw refuseParameter('Param message must not be all capital letters')
}

function witness(
  call: Call,
  kind: WitnessKind,
  mediaId: string | undefined,
  detail: Record<string, unknown>,
): void {
  call.ig.world.witness.append({
    kind,
    network: NETWORK,
    requestId: call.request.requestId,
    accountId: call.account.id,
    mediaId,
    detail,
  })
}
