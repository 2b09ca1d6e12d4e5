import { z } from 'zod'
import { type ActState, IntentReply } from '../../runtime/core/effect.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'

const LIVE: ReadonlySet<ActState> = new Set(['accepted', 'verified'])

export const undoPublication = defineTool({
  name: 'undo-publication',
  does: 'Ask to remove a live post from its account, where the network allows removal. What has not left yet is called back with cancel-publication instead.',
  effect: { kind: 'write' },
  input: z.object({ publicationId: z.uuid() }),
  output: IntentReply,
  needsTrust: TRUST.inference,
  async run({ publicationId }, ctx) {
    const { state } = await ctx.store.getPublication(publicationId)
    if (!LIVE.has(state)) {
      throw new StakazoError('conflict', `publication ${publicationId} is ${state}, not live`, {
        details: { state },
      })
    }
    return ctx.intend({ verb: 'delete-post', target: { kind: 'publication', id: publicationId } })
  },
})
