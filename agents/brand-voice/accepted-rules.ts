import type { Wish } from '../content-creator/brief.ts'

/** Rules of the voice a person set aside by asking for something else: told, but no reason to hold a post back. */
export function acceptedRules(
  wanted: { wish?: Wish | undefined; wantsCaptions: boolean },
  languages: { brand: string; caption: string },
): string[] {
  const { wish, wantsCaptions } = wanted
  const isForeign = languages.brand.slice(0, 2) !== languages.caption.slice(0, 2)
  const rules = [
    ...(wantsCaptions ? [] : ['empty', 'preferred-words', 'sign-off', 'emoji', 'tone', 'unlike-approved']),
    ...(wish?.hashtags === false ? ['own-hashtag'] : []),
    ...(wish?.emoji === undefined ? [] : ['emoji']),
    ...(wish?.address === undefined ? [] : ['address']),
    ...(isForeign || wish?.language ? ['brand-language', 'preferred-words', 'unlike-approved'] : []),
    ...(wish?.length === 'shorter' ? ['preferred-words'] : []),
    ...(wish?.text === undefined
      ? []
      : ['preferred-words', 'tone', 'sign-off', 'own-hashtag', 'unlike-approved', 'emoji']),
  ]
  return [...new Set(rules)]
}
