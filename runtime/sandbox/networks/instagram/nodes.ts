/** The nodes of the Instagram graph as `fields` tables: account, container, media, comment. */
import { toInstant } from '../../../core/clock.ts'
import type { Account } from '../../accounts.ts'
import { followersAt, seedOf } from '../../audience.ts'
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
  call: Call
  publication: Publication
  /** Computed once an answer, and only when a field asks. */
  figures: () => Figures
}

const MEDIA_TABLE: FieldTable<MediaNode> = {
  id: ({ publication }) => publication.id,
  caption: ({ publication }) => publication.caption || undefined,
  alt_text: ({ publication }) => publication.media[0]?.altText,
  media_type: ({ publication: { kind, media } }) =>
    kind === 'story' ? (media[0]?.type === 'video' ? 'VIDEO' : 'IMAGE') : MEDIA_TYPE[kind],
  media_product_type: ({ publication: { kind } }) =>
    kind === 'reel' ? 'REELS' : kind === 'story' ? 'STORY' : 'FEED',
  media_url: ({ publication }) => mediaUrl(publication, 0),
  thumbnail_url: ({ publication }) => (publication.media[0]?.poster ? posterUrl(publication, 0) : undefined),
  permalink: ({ publication, call }) => permalinkOf(publication, call.account),
  shortcode: ({ publication }) => publication.shortcode,
  timestamp: ({ publication }) => graphTimestamp(publication.createdBusinessMs),
  username: ({ call }) => call.account.username,
  owner: ({ call }) => ({ id: call.account.id }),
  like_count: ({ figures }) => figures().likes,
  comments_count: ({ figures }) => figures().commentsStanding,
  is_comment_enabled: ({ publication }) => publication.isCommentEnabled,
  is_shared_to_feed: ({ publication }) =>
    publication.kind === 'reel' ? publication.detail.isSharedToFeed : undefined,
  children: ({ publication }, { fields }) =>
    publication.kind === 'carousel' ? childrenOf(publication, fields) : undefined,
  comments: ({ call: { ig }, publication }, { limit = 25, fields }) => {
    ig.world.engagement.settle(publication)
    const found = ig.world.comments.list({ publicationSeq: publication.seq, limit })
    return { data: found.map((comment) => showComment(ig, comment, fields)) }
  },
}

/** Fields the Instagram-Login spec lacks, answered on graph.facebook.com only. */
const FACEBOOK_MEDIA_TABLE: FieldTable<MediaNode> = {
  ...MEDIA_TABLE,
  ig_id: ({ publication }) => publication.id,
  view_count: ({ figures }) => figures().views,
}

export function showMedia(
  call: Call,
  publication: Publication,
  fields: readonly FieldRequest[] = [],
): unknown {
  const table = isInstagramLogin(call) ? MEDIA_TABLE : FACEBOOK_MEDIA_TABLE
  let known: Figures | undefined
  const figures = () => {
    known ??= call.ig.world.engagement.figures(publication)
    return known
  }
  return readFields('IGMedia', table, { call, publication, figures }, fields)
}

const isInstagramLogin = ({ request }: Call) => request.host === INSTAGRAM_LOGIN_HOST

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
  fields: readonly FieldRequest[] = [],
): { data: unknown[] } {
  const show = (_media: unknown, index: number) =>
    readFields('IGMedia', CHILD_TABLE, { publication, index }, fields)
  return { data: publication.media.map(show) }
}

interface CommentNode {
  ig: Instagram
  comment: Comment
}

const COMMENT_TABLE: FieldTable<CommentNode> = {
  id: ({ comment }) => comment.id,
  text: ({ comment }) => comment.text,
  timestamp: ({ comment }) => graphTimestamp(comment.createdBusinessMs),
  username: ({ comment }) => comment.username,
  from: ({ comment }) => ({ id: comment.accountId ?? strangerId(comment), username: comment.username }),
  hidden: ({ comment }) => comment.isHidden,
  like_count: ({ comment }) => comment.likes,
  parent_id: ({ comment }) => comment.parentId,
  media: ({ ig, comment }) => ({ id: mediaIdOf(ig, comment.publicationSeq) }),
  replies: ({ ig, comment: { publicationSeq, id } }, { limit = 25, fields }) => {
    const found = ig.world.comments.list({ publicationSeq, parentId: id, limit })
    return found.length === 0 ? undefined : { data: found.map((reply) => showComment(ig, reply, fields)) }
  },
}

/** The same stranger has the same id under every post, as app-scoped ids have. */
const strangerId = ({ username }: Comment) => `17${String(seedOf(username)).padStart(15, '0')}`

const COMMENT_DEFAULT = parseFields('id,text,timestamp')

export const showComment = (
  ig: Instagram,
  comment: Comment,
  fields: readonly FieldRequest[] = COMMENT_DEFAULT,
): unknown => readFields('IGComment', COMMENT_TABLE, { ig, comment }, fields)

export const mediaIdOf = ({ world }: Instagram, publicationSeq: number): string | undefined =>
  world.publications.findBySeq(publicationSeq)?.id

const STATUS_TEXT: Record<StatusCode, string> = {
  IN_PROGRESS: 'In Progress: Media is still being processed.',
  FINISHED: 'Finished: Media has been uploaded and it is ready to be published.',
  EXPIRED: 'Expired: The container was not published within 24 hours.',
  PUBLISHED: "Published: The container's media object has been published.",
  ERROR: 'Error: Media upload has failed with error code',
}

interface ContainerNode {
  ig: Instagram
  container: Container
}

const CONTAINER_TABLE: FieldTable<ContainerNode> = {
  id: ({ container }) => container.id,
  status_code: ({ ig, container }) => ig.containers.status(container),
  status: ({ ig, container }) => {
    const status = ig.containers.status(container)
    return status === 'ERROR' ? `${STATUS_TEXT.ERROR} ${container.failure?.subcode}` : STATUS_TEXT[status]
  },
  video_status: ({ ig, container }) => {
    const isUpload = container.parameters.upload_type !== undefined
    return isUpload ? videoStatus(ig, container) : undefined
  },
  copyright_check_status: ({ container }) => ({
    status: container.phase === 'processing' ? 'completed' : 'not_started',
    matches_found: false,
  }),
}

export const showContainer = (
  ig: Instagram,
  container: Container,
  fields: readonly FieldRequest[] = [],
): unknown => readFields('ShadowIGMediaBuilder', CONTAINER_TABLE, { ig, container }, fields)

function videoStatus(ig: Instagram, container: Container): unknown {
  const transferred = bytesTransferred(ig, container)
  const isComplete = container.phase === 'processing'
  const status = ig.containers.status(container)
  const processing = status === 'ERROR' ? 'error' : status === 'IN_PROGRESS' ? 'in_progress' : 'complete'
  const { failure } = container
  return {
    uploading_phase: {
      status: isComplete ? 'complete' : transferred > 0 ? 'in_progress' : 'not_started',
      bytes_transferred: transferred,
      ...(container.fileSize === undefined ? {} : { source_file_size: container.fileSize }),
    },
    processing_phase: {
      status: isComplete ? processing : 'not_started',
      ...(status === 'ERROR' ? { errors: [{ code: failure?.subcode, message: failure?.message }] } : {}),
    },
  }
}

interface AccountNode {
  call: Call
  account: Account
}

const ACCOUNT_TABLE: FieldTable<AccountNode> = {
  id: ({ account }) => account.id,
  username: ({ account }) => account.username,
  name: ({ account }) => account.name,
  biography: ({ account }) => account.biography,
  followers_count: ({ call, account }) =>
    followersAt(account, call.ig.world.clock.nowMs() - account.createdBusinessMs),
  follows_count: ({ account }) => followsOf(account),
  media_count: ({ call, account }) => call.ig.world.publications.count(account),
  profile_picture_url: ({ account }) => `https://${MEDIA_HOST}/a/${account.id}.svg`,
  media: ({ call, account }, { limit = 25, fields }) => {
    const found = call.ig.world.publications.list(account, { kind: 'posts', limit })
    return { data: found.map((publication) => showMedia(call, publication, fields)) }
  },
}

const LOGIN_ACCOUNT_TABLE: FieldTable<AccountNode> = {
  ...ACCOUNT_TABLE,
  user_id: ({ account }) => account.id,
  account_type: () => 'BUSINESS',
}

const FACEBOOK_ACCOUNT_TABLE: FieldTable<AccountNode> = {
  ...ACCOUNT_TABLE,
  ig_id: ({ account }) => account.id,
  is_published: () => true,
  has_profile_pic: () => true,
}

export function showAccount(call: Call, fields: readonly FieldRequest[] = []): unknown {
  const table = isInstagramLogin(call) ? LOGIN_ACCOUNT_TABLE : FACEBOOK_ACCOUNT_TABLE
  return readFields('IGUser', table, { call, account: call.account }, fields)
}

export const followsOf = ({ seed }: Account): number => 80 + (seed % 400)

export const findOwnMedia = (ig: Instagram, account: Account, id: string): Publication | undefined => {
  const publication = ig.world.publications.find(NETWORK, id)
  return publication?.accountId === account.id && publication.removedBusinessMs === undefined
    ? publication
    : undefined
}

/** Every field a node answers, by the spec's name for it; checked against Meta's specs. */
export const NODE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  IGMedia: Object.keys(FACEBOOK_MEDIA_TABLE),
  IGComment: Object.keys(COMMENT_TABLE),
  IGUser: Object.keys({ ...LOGIN_ACCOUNT_TABLE, ...FACEBOOK_ACCOUNT_TABLE }),
  ShadowIGMediaBuilder: Object.keys(CONTAINER_TABLE),
}
