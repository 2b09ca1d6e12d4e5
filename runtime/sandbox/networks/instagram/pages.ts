/** What a browser sees: the post behind a permalink, the profile, and the media itself. */
import { existsSync } from 'node:fs'
import type { Account } from '../../accounts.ts'
import { followersAt } from '../../audience.ts'
import { renderAvatar, renderMissing, renderPost, renderProfile } from '../../pages.ts'
import type { Publication } from '../../publications.ts'
import type { Network, PageReply } from '../../wire.ts'
import type { World } from '../../world.ts'
import { NETWORK } from './context.ts'
import { MEDIA_HOST, PAGE_HOST } from './contract.ts'
import { followsOf, mediaUrl, permalinkOf } from './nodes.ts'

const SKIN = { network: 'Instagram', accent: '#d6249f', accentEnd: '#fd5949' }

/** Browsers reach a platform host as the first segment of a path of ours. */
const local = (url: string) => url.replace(/^https:\/\//, '/')

export function openPages(world: World): Pick<Network, 'page' | 'profilePath'> {
  return {
    profilePath: ({ username }) => `/${username}/`,
    page: (host, path) => (host === MEDIA_HOST ? mediaPage(world, path) : htmlPage(world, path)),
  }
}

function htmlPage(world: World, path: string): PageReply {
  const [first = '', second = '', third = ''] = path.split('/').filter((segment) => segment !== '')
  if (first === 'reel' || first === 'p')
    return postPage(world, world.publications.findByShortcode(NETWORK, second))
  if (first === 'stories') return postPage(world, world.publications.find(NETWORK, third))
  const account = second === '' ? world.accounts.findByName(NETWORK, first) : undefined
  return account ? profilePage(world, account) : missing('Sorry, this page is not available.')
}

function postPage(world: World, publication: Publication | undefined): PageReply {
  if (!publication || publication.removedBusinessMs !== undefined)
    return missing('This post was removed or never existed.')
  const account = world.accounts.get(NETWORK, publication.accountId)
  const figures = world.engagement.figures(publication)
  const listed = world.comments.list({ publicationSeq: publication.seq, limit: 50 })
  return html(
    renderPost({
      skin: SKIN,
      username: account.username,
      profileHref: `/${PAGE_HOST}/${account.username}/`,
      caption: publication.caption,
      createdMs: publication.createdBusinessMs,
      nowMs: world.clock.nowMs(),
      media: publication.media.map((media, index) => ({
        type: media.type,
        src: local(mediaUrl(publication, index)),
        poster: media.poster && `/${MEDIA_HOST}/v/${publication.id}/${index}-cover.jpg`,
        startSeconds: (media.thumbOffsetMs ?? 0) / 1000,
        altText: media.altText ?? '',
      })),
      figures: [
        ['views', figures.views],
        ['likes', figures.likes],
        ['comments', figures.commentsStanding],
        ['shares', figures.shares],
        ['saves', figures.saves],
      ],
      comments: listed
        .filter((comment) => !comment.isHidden)
        .map((comment) => ({
          ...comment,
          answers: world.comments
            .list({ publicationSeq: publication.seq, parentId: comment.id, limit: 20 })
            .filter((reply) => !reply.isHidden)
            .reverse(),
        })),
      isCommentEnabled: publication.isCommentEnabled,
    }),
  )
}

function profilePage(world: World, account: Account): PageReply {
  const posts = world.publications.list(account, { kind: 'posts', limit: 60 })
  return html(
    renderProfile({
      skin: SKIN,
      username: account.username,
      name: account.name,
      biography: account.biography,
      figures: [
        ['posts', world.publications.count(account)],
        ['followers', followersAt(account, world.clock.nowMs() - account.createdBusinessMs)],
        ['following', followsOf(account)],
      ],
      posts: posts.map((publication) => ({
        href: local(permalinkOf(publication, account)),
        type: publication.media[0]?.type ?? 'image',
        src: local(mediaUrl(publication, 0)),
        poster: publication.media[0]?.poster && `/${MEDIA_HOST}/v/${publication.id}/0-cover.jpg`,
        startSeconds: (publication.media[0]?.thumbOffsetMs ?? 0) / 1000,
        views: world.engagement.figures(publication).views,
        caption: publication.caption,
      })),
    }),
  )
}

function mediaPage({ publications, store, accounts }: World, path: string): PageReply {
  const owner = accounts.find(NETWORK, /^\/a\/(\d+)\.svg$/.exec(path)?.[1] ?? '')
  if (owner) return { ...html(renderAvatar(SKIN, owner.username)), contentType: 'image/svg+xml' }
  const [, id = '', index = '', cover] = /^\/v\/(\d+)\/(\d+)(-cover)?\.(?:mp4|jpg)$/.exec(path) ?? []
  const publication = publications.find(NETWORK, id)
  const media = publication?.removedBusinessMs === undefined ? publication?.media[Number(index)] : undefined
  const file = media && (cover ? media.poster : media.file)
  if (!media || file === undefined || !existsSync(store.mediaPath(file)))
    return missing('This media is gone.')
  return {
    status: 200,
    kind: 'file',
    content: store.mediaPath(file),
    contentType: cover ? 'image/jpeg' : media.contentType,
  }
}

const html = (content: string): PageReply => ({
  status: 200,
  kind: 'html',
  content,
  contentType: 'text/html; charset=utf-8',
})

const missing = (why: string): PageReply => ({ ...html(renderMissing(SKIN, why)), status: 404 })
