/** "Do not", "sin", "never": whether what stands before a word turns it round. */

const DENIAL =
  /\b(?:do not|don'?t|does not|doesn'?t|must not|should not|shouldn'?t|won'?t|will not|never|not|no|nunca|jamas|sin|without|avoid|instead of|rather than|en vez de|en lugar de|hold off(?: on)?|refrain from|evita(?:r)?|nada de|ni|nor|none|tampoco)\b(?! ?(?:problem|problema)\b)((?:[ ,]+[\w'-]+){0,6})[ ,]*$/g

/** Sounds like a denial, is none. */
export const NOT_DENIALS =
  /\b(?:don'?t|do not) forget to\b|\bno (?:te )?olvid(?:es|e|ar) (?!que)\b|\bnot (?:only|just)\b|\bno (?:solo|solamente)\b(?! borrador)|\bwhy (?:not|don'?t (?:you|we))\b|\bpor que no\b|\bno (?:problem|worries|rush)\b|\bsin (?:falta|problemas?|duda|prisa)\b|\bno dejes de\b|\bno doubt\b|(?:^|[.;!?] )no ?, /g

/** What ends a denial's reach: a turn, a new sentence, or "and" after a whole thought ("don't change it and publish"). */
const ENDS = /\b(?:but|pero|and then|then|sino|just|luego|despues|so)\b|[.;!?]|\S+ \S+,? (?:and|y)\b/

/** True when `before`, the text up to a word, ends in a denial that still reaches it. */
export function isDenied(before: string): boolean {
  for (const match of before.matchAll(DENIAL)) {
    const between = match[1] ?? ''
    if (!ENDS.test(between)) return true
  }
  return false
}
