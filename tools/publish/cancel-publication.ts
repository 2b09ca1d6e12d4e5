import { z } from 'zod'
import { ActState } from '../../runtime/core/effect.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'

export const cancelPublication = defineTool({
  name: 'cancel-publication',
  does: 'Call back a publication that has not left yet: drafted, waiting for approval or scheduled. Once it is on its way or live this is refused; undo-publication removes what is live.',
  effect: { kind: 'record' },
  input: z.object({
    publicationId: z.uuid(),
    reason: z.string().min(1).max(500).describe('Why, in one sentence a person will read.'),
  }),
  output: z.object({ publicationId: z.uuid(), state: ActState }),
  yields: 'clean',
  needsTrust: TRUST.inference,
  touches: ({ publicationId }) => [publicationId],
  async run({ publicationId, reason }, { store }) {
    const { state } = await store.cancelPublication(publicationId, reason)
    return { publicationId, state }
  },
})
