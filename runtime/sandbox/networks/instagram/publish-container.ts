/**
 * `POST /{ig-id}/media_publish`, the one call that must not be repeated: the platform has no idempotency here, so a
 * second call on the same container makes a second post, and the witness shows both.
 */
import { numericId, shortcodeOf } from '../../numeric-id.ts'
import type { Publication, PublicationKind } from '../../publications.ts'
import type { WireReply } from '../../wire.ts'
import { parseParameters } from '../graph/parameters.ts'
import { GraphRefusal } from '../graph/refusal.ts'
import type { Container } from './containers.ts'
import { type Call, NETWORK, ok } from './context.ts'
import { LIMITS, type MediaType, PARAMETERS } from './contract.ts'
import { IG } from './problems.ts'

const KINDS: Record<MediaType, PublicationKind> = {
  IMAGE: 'image',
  VIDEO: 'video',
  REELS: 'reel',
  STORIES: 'story',
  CAROUSEL: 'carousel',
}

export function publishContainer(call: Call): WireReply {
  const { ig, account } = call
  const { creation_id } = parseParameters(PARAMETERS.publishContainer, call.parameters)
  const container = ig.containers.find(creation_id)
  if (container?.accountId !== account.id || container.isChild) throw new GraphRefusal(IG.mediaNotFound)
  assertPublishable(call, container)
  return ig.world.store.transaction(() => {
    const publication = publish(call, container)
    // the post is live under its own id; the one in the answer cannot be read, as has been seen on the real platform
    const answered = call.fault?.kind === 'ghost-id' ? numericId(ig.world.store, '180') : publication.id
    ig.world.witness.append({
      kind: 'publish',
      network: NETWORK,
      requestId: call.request.requestId,
      accountId: account.id,
      containerId: container.id,
      mediaId: publication.id,
      captionHash: publication.captionHash,
      detail: { kind: publication.kind, shortcode: publication.shortcode, answeredId: answered },
    })
    return ok({ id: answered })
  })
}

function assertPublishable({ ig, account }: Call, container: Container): void {
  const { clock, publications } = ig.world
  const now = clock.nowMs()
  if (now - container.createdBusinessMs >= LIMITS.containerLifeMs) throw new GraphRefusal(IG.expired)
  const children = (container.parameters.children ?? []).map((id) => ig.containers.find(id))
  const isReady = [container, ...children].every((part) => {
    const status = part && ig.containers.status(part)
    return status === 'FINISHED' || status === 'PUBLISHED'
  })
  if (!isReady) throw new GraphRefusal(IG.notReady)
  const limit = account.settings.postsPerDay ?? LIMITS.postsPerDay
  if (publications.countSince(account, now - LIMITS.quotaWindowMs) >= limit)
    throw new GraphRefusal(IG.dailyCap)
}

function publish({ ig, account, fault }: Call, container: Container): Publication {
  const { world, containers } = ig
  const id = numericId(world.store, '180')
  const children = (container.parameters.children ?? []).flatMap((childId) => containers.find(childId) ?? [])
  const publication = world.publications.add({
    account,
    id,
    containerId: container.id,
    kind: KINDS[container.type],
    shortcode: shortcodeOf(id),
    caption: container.parameters.caption ?? '',
    media: [container, ...children].flatMap((part) => part.media),
    detail: { isSharedToFeed: container.parameters.share_to_feed ?? true },
    listedAfterMs: fault?.kind === 'late-visibility' ? world.clock.moment().wallMs + fault.ms : 0,
  })
  containers.markPublished(container.id)
  return publication
}
