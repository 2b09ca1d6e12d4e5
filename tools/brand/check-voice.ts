import { z } from 'zod'
import { Review } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { detectLanguage } from './detect-language.ts'
import { reviewVoice } from './review-voice.ts'

export const checkVoice = defineTool({
  name: 'check-voice',
  does: "Measure how far a drafted post sounds like the brand: words it avoids or likes, tone, tú or usted, emoji, sentence length, hashtags, language, likeness to captions the owner approved or rejected. The review is kept on the post. Below 0.8 revise by the findings' fixes; an avoided word blocks.",
  effect: { kind: 'record' },
  input: z.object({ postId: z.uuid() }),
  output: Review,
  async run({ postId }, { store }) {
    const [post, brand] = await Promise.all([store.getPost(postId), store.getBrand()])
    const review = reviewVoice(post, brand, await detectLanguage(post.caption))
    await store.saveReview(postId, review)
    return review
  },
})
