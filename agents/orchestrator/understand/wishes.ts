/** What a caption shall be like: "no hashtags", "shorter", "with emoji", "in English", "mention @maria", or its exact words. */
import type { Wish } from '../../content-creator/brief.ts'
import type { Field, Mention } from './field.ts'
import { isDenied } from './negation.ts'
import { takeTags } from './places.ts'

const HASHTAGS = /\bhash ?tags?\b|\betiquetas\b/g
const EMOJI = /\bemojis?\b|\bemoticon(?:o?s)?\b/g
const REMOVES =
  /\b(?:remove|delete|drop|take out|lose|skip|quita(?:r|le|les)?|borra(?:r)?|elimina(?:r)?|saca(?:r|le)?) (?:\w+ ){0,2}$/
const FORMAL = /\b(?:more |mas )?formal(?:ly)?\b|\bde usted\b/g
const INFORMAL = /\b(?:less formal|informal(?:ly)?|more casual|casual|menos formal|de tu|mas cercan[oa])\b/g

export function takeWish(field: Field): { wish: Wish; mentions: Mention<unknown>[] } {
  const wanted = (at: number): boolean => {
    const before = field.rest().slice(0, at)
    return !isDenied(before) && !REMOVES.test(before)
  }
  const tags = takeTags(field)
  const informal = field.take(INFORMAL, () => 'informal' as const)
  const formal = field.take(FORMAL, () => 'formal' as const)
  const hashtags = field.take(HASHTAGS, (_, at) => (wanted(at) ? 'yes' : 'no'))
  const emoji = field.take(EMOJI, (_, at) => (wanted(at) ? 'yes' : 'no'))
  const wish: Wish = {}
  const lastHashtags = hashtags.at(-1)
  const lastEmoji = emoji.at(-1)
  if (lastHashtags) wish.hashtags = lastHashtags.value === 'yes'
  if (lastEmoji) wish.emoji = lastEmoji.value === 'yes'
  if (tags.length > 0) wish.mentions = tags
  if (informal.length > 0) wish.address = 'informal'
  else if (formal.length > 0) wish.address = 'formal'
  return { wish, mentions: [...hashtags, ...emoji, ...formal, ...informal] }
}

export const hasWish = (wish: Wish): boolean => Object.keys(wish).length > 0
