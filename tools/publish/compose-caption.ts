import type { Post } from '../../runtime/core/entities.ts'

/** `#Name` in one form: no spaces, one hash sign. Empty when nothing is left. */
export function toHashtag(text: string): string {
  const name = text.normalize('NFC').replace(/[^\p{L}\p{N}_]+/gu, '')
  return name ? `#${name}` : ''
}

/** In order, each once whatever its case. */
export function toHashtags(texts: readonly string[]): string[] {
  const tags = new Map<string, string>()
  for (const tag of texts.map(toHashtag)) {
    if (tag && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag)
  }
  return [...tags.values()]
}

const TAG = /#[\p{L}\p{N}_]+/gu

/** The text a network gets: the caption, then those hashtags it does not hold already. */
export function composeCaption({ caption, hashtags }: Pick<Post, 'caption' | 'hashtags'>): string {
  const held = new Set((caption.match(TAG) ?? []).map((tag) => tag.toLowerCase()))
  const rest = toHashtags(hashtags).filter((tag) => !held.has(tag.toLowerCase()))
  return [caption.trim(), rest.join(' ')].filter(Boolean).join('\n\n')
}
