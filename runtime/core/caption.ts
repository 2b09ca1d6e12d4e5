/**
 * What people read under a post: the caption, then the hashtags it does not carry itself. Preflight, approval and
 * connector all use this one text, so that a limit is counted over what is really sent.
 */
export function captionText(post: { caption: string; hashtags: readonly string[] }): string {
  const caption = post.caption.trim()
  const present = new Set((caption.match(/#[\p{L}\p{N}_]+/gu) ?? []).map(fold))
  const missing = post.hashtags
    .map((tag) => `#${tag.trim().replace(/^#+/, '')}`)
    .filter(
      (tag, index, all) =>
        tag !== '#' && !present.has(fold(tag)) && all.findIndex((one) => fold(one) === fold(tag)) === index,
    )
  return [caption, missing.join(' ')].filter((part) => part !== '').join('\n\n')
}

const fold = (tag: string) => tag.toLocaleLowerCase()
