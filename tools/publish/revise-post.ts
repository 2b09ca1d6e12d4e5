import { z } from 'zod'
import { defineTool } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { AltText, Caption, Hashtags } from './draft-post.ts'
import { assertAccepted, preflightPost } from './preflight-post.ts'
import { toHashtags } from './to-hashtags.ts'

export const revisePost = defineTool({
  name: 'revise-post',
  does: 'Change the text or the clip of a drafted post; name only what changes. Makes a new version: earlier reviews and open approvals fall, so have it checked and publish it again. Refused once the post has left on any account.',
  effect: { kind: 'record' },
  input: z.object({
    postId: z.uuid(),
    caption: Caption.optional(),
    altText: AltText.optional(),
    hashtags: Hashtags.optional(),
    clipId: z.uuid().optional().describe('Another clip; give its rendition too.'),
    renditionId: z.uuid().optional(),
  }),
  output: z.object({ postId: z.uuid(), version: z.int() }),
  yields: 'clean',
  needsTrust: TRUST.inference,
  touches: ({ postId }) => [postId],
  async run({ postId, hashtags, ...rest }, { store }) {
    const change = { ...rest, ...(hashtags ? { hashtags: toHashtags(hashtags) } : {}) }
    const before = await store.getPost(postId)
    const wanted = {
      caption: change.caption ?? before.caption,
      altText: change.altText ?? before.altText,
      hashtags: change.hashtags ?? before.hashtags,
    }
    const rendition = await store.getRendition(change.renditionId ?? before.renditionId)
    const publications = await store.listPublications({ postIds: [postId] })
    assertAccepted(preflightPost(wanted, rendition, publications))
    const { version } = await store.revisePost(postId, change)
    return { postId, version }
  },
})
