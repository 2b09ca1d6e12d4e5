import { z } from 'zod'
import { ActState } from '../../runtime/core/effect.ts'
import { Network } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'

export const publicationStatus = defineTool({
  name: 'publication-status',
  does: 'How publications stand: drafted, waiting for approval, scheduled, live (verified) with its address, or failed with the reason. One publication, or all of this task.',
  effect: { kind: 'read' },
  input: z.object({ publicationId: z.uuid().optional().describe('Leave out for all of this task.') }),
  output: z.object({
    publications: z.array(
      z.object({
        publicationId: z.uuid(),
        postId: z.uuid(),
        network: Network,
        username: z.string(),
        state: ActState,
        dueAt: z.string().nullable(),
        url: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  }),
  async run({ publicationId }, { store, caller }) {
    const publications = publicationId
      ? [await store.getPublication(publicationId)]
      : await store.listPublications({ taskId: caller.taskId })
    const usernames = new Map((await store.listAccounts()).map((each) => [each.id, each.username]))
    return {
      publications: publications.map(({ id, postId, network, state, dueAt, url, reason, accountId }) => ({
        ...{ publicationId: id, postId, network, state, dueAt, url, reason },
        username: usernames.get(accountId) ?? '',
      })),
    }
  },
})
