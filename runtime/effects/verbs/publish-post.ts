/** Publish one post on one account. */
import { z } from 'zod'
import { lockPublicationTarget, type PublicationTarget } from '../../../db/queries/effects-targets.ts'
import { captionText } from '../../core/caption.ts'
import { instantMs } from '../../core/clock.ts'
import { payloadHash } from '../../core/digest.ts'
import { Account } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import type { Connector } from '../../core/ports/publisher.ts'
import { TRUST, type Trust } from '../../core/trust.ts'
import type { ActTarget, ActVerb } from './act-verb.ts'

const Payload = z.object({
  publicationId: z.uuid(),
  caption: z.string(),
  altText: z.string(),
  media: z.object({
    sha256: z.string(),
    bytes: z.number(),
    mediaType: z.string(),
    durationMs: z.number(),
    width: z.number(),
    height: z.number(),
  }),
  coverSha256: z.string().nullable(),
  options: z.record(z.string(), z.unknown()),
})

export const publishPost: ActVerb = {
  verb: 'publish-post',
  effect: 'write',
  needsTrust: TRUST.inference,
  read: async (tx, targetId, connectors) => toTarget(await lockPublicationTarget(tx, targetId), connectors),
  open(publisher, row) {
    const draft = {
      ...Payload.parse(row.payload),
      armedAtMs: row.armedAt === null ? undefined : instantMs(row.armedAt),
    }
    return {
      prepare: (saved, save) => publisher.prepare(draft, saved, save),
      commit: (grant, handle) => publisher.commit(grant, handle),
      lookup: (handle) => publisher.lookup(handle, draft),
      verify: (remoteId) => publisher.verify(remoteId),
    }
  },
}

function toTarget(rows: PublicationTarget, connectors: Readonly<Record<string, Connector>>): ActTarget {
  const { publication, post, account, brand, rendition, asset } = rows
  const connector = connectors[publication.network]
  if (!connector) throw new StakazoError('unsupported-platform', `nothing connects to ${publication.network}`)
  const caption = captionText(post)
  const media = {
    sha256: rendition.sha256,
    bytes: rendition.bytes,
    mediaType: rows.mediaType,
    durationMs: rendition.durationMs,
    width: rendition.width,
    height: rendition.height,
  }
  const content = {
    caption,
    altText: post.altText,
    media,
    coverSha256: rendition.coverSha256,
    options: publication.options,
  }
  return {
    account: Account.parse(account),
    brand: { id: brand.id, zone: brand.zone, isFrozen: brand.isFrozen },
    worlds: [account.world, publication.world],
    payload: {
      verb: 'publish-post',
      world: publication.world,
      network: publication.network,
      accountId: account.id,
      remoteAccountId: account.remoteId,
      publicationId: publication.id,
      postId: post.id,
      ...content,
    },
    look: payloadHash({ caption, sha256: media.sha256 }),
    trust: post.trust as Trust,
    assetId: asset.id,
    areRightsConfirmed: asset.rights?.copyrightConfirmed === true && asset.rights.termsAccepted,
    text: `${caption}\n${post.altText}`,
    reviews: post.reviews,
    preflight: connector.preflight(content),
    costMicros: 0,
    quota: connector.quota,
    dueAt: publication.dueAt,
    shown: show(rows, caption),
  }
}

function show(
  { publication, post, account, brand, clip, rendition, asset }: PublicationTarget,
  caption: string,
) {
  return {
    act: 'publish',
    publicationId: publication.id,
    brand: brand.name,
    account: { id: account.id, username: account.username, network: account.network, world: account.world },
    clip: { id: clip.id, ordinal: clip.ordinal, startMs: clip.startMs, endMs: clip.endMs },
    rendition: {
      id: rendition.id,
      format: rendition.format,
      width: rendition.width,
      height: rendition.height,
      durationMs: rendition.durationMs,
      sha256: rendition.sha256,
      coverSha256: rendition.coverSha256,
    },
    post: { id: post.id, version: post.version, language: post.language },
    caption,
    altText: post.altText,
    choices: publication.options,
    reviews: post.reviews,
    rights: { assetId: asset.id, areConfirmed: asset.rights !== null },
  }
}
