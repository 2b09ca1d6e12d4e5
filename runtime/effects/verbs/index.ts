/** Every verb the executor knows, by hand. */
import type { Verb } from '../../core/effect.ts'
import type { ActVerb } from './act-verb.ts'
import { deletePost } from './delete-post.ts'
import { publishPost } from './publish-post.ts'

export const verbs: Readonly<Record<Verb, ActVerb>> = {
  'publish-post': publishPost,
  'delete-post': deletePost,
}
