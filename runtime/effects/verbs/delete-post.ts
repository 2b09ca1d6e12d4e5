/** Take a published post back, where the network lets us. Deleting twice is no harm: the second time it is not there. */
import { z } from 'zod'
import { getPublicationTarget, lockPublicationTarget } from '../../../db/queries/effects-targets.ts'
import { Account } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import type { Lookup, Publisher } from '../../core/ports/publisher.ts'
import { TRUST } from '../../core/trust.ts'
import type { ActVerb } from './act-verb.ts'

const Payload = z.object({ remoteId: z.string() })

export const deletePost: ActVerb = {
  verb: 'delete-post',
  effect: 'write',
  needsTrust: TRUST.inference,
  async read(tx, targetId) {
    await lockPublicationTarget(tx, targetId)
    const { publication, post, account, brand, asset } = await getPublicationTarget(tx, targetId)
    const { remoteId, url } = publication
    if (publication.state !== 'verified' || remoteId === null) {
      throw new StakazoError(
        'conflict',
        `publication ${targetId} is ${publication.state}; only a live post can be deleted`,
      )
    }
    const username = account.username
    return {
      account: Account.parse(account),
      brand: { id: brand.id, zone: brand.zone, isFrozen: brand.isFrozen },
      worlds: [account.world, publication.world],
      payload: {
        verb: 'delete-post',
        world: publication.world,
        network: publication.network,
        accountId: account.id,
        remoteAccountId: account.remoteId,
        publicationId: publication.id,
        remoteId,
      },
      look: undefined,
      trust: TRUST.owner,
      assetId: asset.id,
      // Taking down needs no rights, and no reviewer's word on what it said.
      areRightsConfirmed: true,
      text: '',
      reviews: [],
      preflight: [],
      costMicros: 0,
      quota: undefined,
      dueAt: null,
      shown: {
        act: 'delete',
        publicationId: publication.id,
        postId: post.id,
        account: { id: account.id, username, network: account.network, world: account.world },
        url,
        remoteId,
      },
    }
  },
  open(publisher, row) {
    const { remoteId } = Payload.parse(row.payload)
    return {
      prepare: async (saved) => saved ?? { remoteId },
      async commit(grant) {
        try {
          await publisher.remove(grant, remoteId)
        } catch (error) {
          if (!isGone(error)) throw error
        }
        return { remoteId, answer: { deleted: true } }
      },
      lookup: () => lookForAbsence(publisher, remoteId),
      verify: async () => ({ url: undefined, publishedAt: undefined }),
    }
  },
}

/** `live` says of any act that it happened; here, that the post is gone. */
async function lookForAbsence(publisher: Publisher, remoteId: string): Promise<Lookup> {
  try {
    await publisher.verify(remoteId)
    return { found: 'not-live', isAuthoritative: true, isHandleUsable: true }
  } catch (error) {
    if (isGone(error)) return { found: 'live', remoteId }
    throw error
  }
}

const isGone = (error: unknown) => error instanceof StakazoError && error.code === 'not-found'
