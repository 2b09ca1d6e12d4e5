import { z } from 'zod'
import { Review } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { detectLanguage } from '../brand/detect-language.ts'
import { preflightPost } from '../publish/preflight-post.ts'
import { reviewPost } from './review-post.ts'

export const checkPost = defineTool({
  name: 'check-post',
  does: "Check a drafted post against what law, networks and rights ask: rights of the film, label of advertising, unproven, medical and financial claims, personal data, insults, the networks' limits, alt text, AI label, copyright hints, links. The review is kept on the post. revise: correct by the fixes; block: never publish as it is. A finding about rights alone does not stop it: the approval asks for them.",
  effect: { kind: 'record' },
  input: z.object({ postId: z.uuid() }),
  output: Review,
  async run({ postId }, { store }) {
    const post = await store.getPost(postId)
    const brand = await store.getBrand()
    const clip = await store.getClip(post.clipId)
    const { rights } = await store.getAsset(clip.assetId)
    const rendition = await store.getRendition(post.renditionId)
    const publications = await store.listPublications({ postIds: [postId] })
    const review = reviewPost({
      post,
      brand,
      rights,
      preflight: preflightPost(post, rendition, publications),
      options: publications.map((each) => each.options),
      written: await detectLanguage(post.caption),
    })
    await store.saveReview(postId, review)
    return review
  },
})
