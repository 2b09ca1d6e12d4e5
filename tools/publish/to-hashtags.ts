/** `#Name` without spaces, one hash sign; empty when nothing is left. */
function toHashtag(text: string): string {
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
