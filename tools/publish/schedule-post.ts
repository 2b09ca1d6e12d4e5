import { z } from 'zod'
import { instantMs, MINUTE } from '../../runtime/core/clock.ts'
import { IntentReply } from '../../runtime/core/effect.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { When } from './draft-post.ts'

export const schedulePost = defineTool({
  name: 'schedule-post',
  does: 'Ask to publish one drafted post on one account at a given time, in the future. Works as publish-post otherwise. A time without a zone is refused: use the zone of the brand.',
  effect: { kind: 'write', undo: 'undo-publication' },
  input: z.object({ publicationId: z.uuid().describe('From draft-post.'), at: When }),
  output: IntentReply,
  needsTrust: TRUST.inference,
  run({ publicationId, at }, ctx) {
    if (instantMs(at) < ctx.clock.nowMs() - MINUTE) {
      throw new StakazoError('bad-input', `${at} is over; it is ${ctx.clock.now()}`, { details: { at } })
    }
    return ctx.intend({
      verb: 'publish-post',
      target: { kind: 'publication', id: publicationId },
      dueAt: at,
    })
  },
})
