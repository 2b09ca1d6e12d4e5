/** The nodes of the Instagram graph as `fields` tables: account, container, media, comment. */
import { toInstant } from '../../../core/clock.ts'
import type { Account } from '../../accounts.ts'
import { followersAt } from '../../audience.ts'
import type { Comment } from '../../comments.ts'
import type { Figures } from '../../engagement.ts'
import type { Publication, PublicationKind } from '../../publications.ts'
import { type FieldRequest, type FieldTable, parseFields, readFields } from '../graph/fields.ts'
import type { Container, StatusCode } from './containers.ts'
import { type Call, type Instagram, NETWORK } from './context.ts'
import { INSTAGRAM_LOGIN_HOST, MEDIA_HOST, PAGE_HOST } from './contract.ts'
import { bytesTransferred } from './upload-bytes.ts'

/** Graph writes `+0000` where ISO writes `Z`. */
export const graphTimestamp = (ms: number) => toInstant(ms).replace(/\.\d{3}Z$/, '+0000')

export function permalinkOf({ kind, shortcode, id }: Publication, { username }: Account): string {
  if (kind === 'story') return `https://${PAGE_HOST}/stories/${username}/${id}/`
  return `https://${PAGE_HOST}/${kind === 'reel' ? 'reel' : 'p'}/${shortcode}/`
}

export function mediaUrl({ id, media }: Pick<Publication, 'id' | 'media'>, index: number): string {
  return `https://${MEDIA_HOST}/v/${id}/${index}.${media[index]?.type === 'video' ? 'mp4' : 'jpg'}`
}

const posterUrl = ({ id }: Publication, index: number) => `https://${MEDIA_HOST}/v/${id}/${index}-cover.jpg`

const MEDIA_TYPE: Record<Exclude<PublicationKind, 'story'>, string> = {
  image: 'IMAGE',
  video: 'VIDEO',
  reel: 'VIDEO',
  carousel: 'CAROUSEL_ALBUM',
}

interface MediaNode {
  publication: Publication
  figures: () => Figures
}

const mediaTable = ({ ig, account }: Call): FieldTable<MediaNode> => ({
  id: ({ publication }) => publication.id,
  caption: ({ publication }) => publication.caption || undefined,
  alt_text: ({ publication }) => publication.media[0]?.altText,
  media_type: ({ publication: { kind, media } }) =>
    kind === 'story' ? (media[0]?.type === 'video' ? 'VIDEO' : 'IMAGE') : MEDIA_TYPE[kind],
  media_product_type: ({ publication: { kind } }) =>
    kind === 'reel' ? 'REELS' : kind === 'story' ? 'STORY' : 'FEED',
  media_url: ({ publication }) => mediaUrl(publication, 0),
  thumbnail_url: ({ publication }) => (publication.media[0]?.poster ? posterUrl(publication, 0) : undefined),
  permalink: ({ publication }) => permalinkOf(publication, account),
  shortcode: ({ publication }) => publication.shortcode,
  timestamp: ({ publication }) => graphTimestamp(publication.createdBusinessMs),
  username: () => account.username,
  owner: () => ({ id: account.id }),
  like_count: ({ figures }) => figures().likes,
  comments_count: ({ figures }) => figures().commentsStanding,
  is_comment_enabled: ({ publication }) => publication.isCommentEnabled,
  is_shared_to_feed: ({ publication }) =>
    publication.kind === 'reel' ? publication.detail.isSharedToFeed : undefined,
  children: ({ publication }, request) =>
    publication.kind === 'carousel' ? childrenOf(publication, request.fields) : undefined,
  comments: ({ publication }, request) => {
    ig.world.engagement.settle(publication)
    const found = ig.world.comments.list({ publicationSeq: publication.seq, limit: request.limit ?? 25 })
    return { data: found.map((comment) => showComment(ig, comment, request.fields)) }
  },
})

/** Fields the Instagram-Login spec lacks, answered on graph.facebook.com only. */
const facebookOnly: FieldTable<MediaNode> = {
  ig_id: ({ publication }) => publication.id,
  view_count: ({ figures }) => figures().views,
}

export function showMedia(
  call: Call,
  publication: Publication,
  fields: readonly FieldRequest[] | undefined,
): unknown {
  const table = { ...mediaTable(call), ...(call.request.host === INSTAGRAM_LOGIN_HOST ? {} : facebookOnly) }
  let known: Figures | undefined
  const figures = () => {
    known ??= call.ig.world.engagement.figures(publication)
    return known
  }
  return readFields('IGMedia', table, { publication, figures }, fields ?? [])
}

const CHILD_TABLE: FieldTable<{ publication: Publication; index: number }> = {
  id: ({ publication, index }) => childId(publication, index),
  media_type: ({ publication, index }) => (publication.media[index]?.type === 'video' ? 'VIDEO' : 'IMAGE'),
  media_url: ({ publication, index }) => mediaUrl(publication, index),
  timestamp: ({ publication }) => graphTimestamp(publication.createdBusinessMs),
}

// a child of a carousel has an id of its own; ours is derived and cannot be read as a node
const childId = ({ id }: Publication, index: number) => `${id}${String(index + 1).padStart(2, '0')}`

export function childrenOf(
  publication: Publication,
  fields: readonly FieldRequest[] | undefined,
): { data: unknown[] } {
  return {
    data: publication.media.map((_media, index) =>
      readFields('IGMedia', CHILD_TABLE, { publication, index }, fields ?? []),
    ),
  }
}

const COMMENT_DEFAULT = parseFields('id,text,timestamp')

const commentTable = (ig: Instagram): FieldTable<Comment> => ({
  id: ({ id }) => id,
  text: ({ text }) => text,
  timestamp: ({ createdBusinessMs }) => graphTimestamp(createdBusinessMs),
  username: ({ username }) => username,
  from: ({ username, accountId, id }) => ({
    id: accountId ?? `178${id.slice(3).split('').reverse().join('')}`,
    username,
  }),
  hidden: ({ isHidden }) => isHidden,
  like_count: ({ likes }) => likes,
  parent_id: ({ parentId }) => parentId,
  media: ({ publicationSeq }) => ({ id: mediaIdOf(ig, publicationSeq) }),
  replies: ({ publicationSeq, id }, request) => {
    const found = ig.world.comments.list({ publicationSeq, parentId: id, limit: request.limit ?? 25 })
    return found.length === 0
      ? undefined
      : { data: found.map((reply) => showComment(ig, reply, request.fields)) }
  },
})

export const showComment = (
  ig: Instagram,
  comment: Comment,
  fields: readonly FieldRequest[] | undefined,
): unknown => readFields('IGComment', commentTable(ig), comment, fields ?? COMMENT_DEFAULT)

export const mediaIdOf = ({ world }: Instagram, publicationSeq: number): string =>
  String(world.store.one('SELECT id FROM publication WHERE seq = ?', publicationSeq)?.id)

const STATUS_TEXT: Record<StatusCode, string> = {
  IN_PROGRESS: 'In Progress: Media is still being processed.',
  FINISHED: 'Finished: Media has been uploaded and it is ready to be published.',
  EXPIRED: 'Expired: The container was not published within 24 hours.',
  PUBLISHED: "Published: The container's media object has been published.",
  ERROR: 'Error: Media upload has failed with error code',
}

const containerTable = (ig: Instagram): FieldTable<Container> => ({
  id: ({ id }) => id,
  status_code: (container) => ig.containers.status(container),
  status: (container) => {
    const status = ig.containers.status(container)
    return status === 'ERROR' ? `${STATUS_TEXT.ERROR} ${container.failure?.subcode}` : STATUS_TEXT[status]
  },
  video_status: (container) =>
    container.fileSize === undefined && container.phase !== 'awaiting-bytes'
      ? undefined
      : videoStatus(ig, container),
  copyright_check_status: (container) => ({
    status: container.phase === 'processing' ? 'completed' : 'not_started',
    matches_found: false,
  }),
})

export const showContainer = (
  ig: Instagram,
  container: Container,
  fields: readonly FieldRequest[] | undefined,
): unknown => readFields('ShadowIGMediaBuilder', containerTable(ig), container, fields ?? [])

function videoStatus(ig: Instagram, container: Container): unknown {
  const transferred = bytesTransferred(ig, container)
  const isComplete = container.phase === 'processing'
  const status = ig.containers.status(container)
  const processing = status === 'ERROR' ? 'error' : status === 'IN_PROGRESS' ? 'in_progress' : 'complete'
  return {
    uploading_phase: {
      status: isComplete ? 'complete' : transferred > 0 ? 'in_progress' : 'not_started',
      bytes_transferred: transferred,
      ...(container.fileSize === undefined ? {} : { source_file_size: container.fileSize }),
    },
    processing_phase: {
      status: isComplete ? processing : 'not_started',
      ...(status === 'ERROR'
        ? { errors: [{ code: container.failure?.subcode, message: container.failure?.message }] }
        : {}),
    },
  }
}

const accountTable = (call: Call): FieldTable<Account> => ({
  id: ({ id }) => id,
  username: ({ username }) => username,
  name: ({ name }) => name,
  biography: ({ biography }) => biography,
  followers_count: (account) => followersAt(account, call.ig.world.clock.nowMs() - account.createdBusinessMs),
  follows_count: ({ seed }) => 80 + (seed % 400),
  media_count: (account) => call.ig.world.publications.count(account),
  profile_picture_url: ({ id }) => `https://${MEDIA_HOST}/a/${id}.svg`,
  media: (account, request) => {
    const found = call.ig.world.publications.list(account, { kind: 'posts', limit: request.limit ?? 25 })
    return { data: found.map((publication) => showMedia(call, publication, request.fields)) }
  },
})

export function showAccount(call: Call, fields: readonly FieldRequest[] | undefined): unknown {
  const isInstagramLogin = call.request.host === INSTAGRAM_LOGIN_HOST
  const own: FieldTable<Account> = isInstagramLogin
    ? { user_id: ({ id }) => id, account_type: () => 'BUSINESS' }
    : { ig_id: ({ id }) => id, is_published: () => true, has_profile_pic: () => true }
  return readFields('IGUser', { ...accountTable(call), ...own }, call.account, fields ?? [])
}

export const findOwnMedia = ({ ig, account }: Call, id: string): Publication | undefined => {
  const publication = ig.world.publications.find(NETWORK, id)
  return publication?.accountId === account.id && publication.removedBusinessMs === undefined
    ? publication
    : undefined
}
