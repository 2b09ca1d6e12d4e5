import { z } from 'zod'
import { IntentReply } from '../../runtime/core/effect.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'

export const publishPost = defineTool({
  name: 'publish-post',
  does: 'Ask to publish one drafted post on one account now. The answer says at once whether it may go (scheduled), a person is asked first (awaiting-approval) or a rule refuses it, with the sentence. Asking twice does not publish twice.',
  effect: { kind: 'write', undo: 'undo-publication' },
  input: z.object({ publicationId: z.uuid().describe('From draft-post.') }),
  output: IntentReply,
  needsTrust: TRUST.inference,
  run: ({ publicationId }, ctx) =>
    ctx.intend({ verb: 'publish-post', target: { kind: 'publication', id: publicationId } }),
})
