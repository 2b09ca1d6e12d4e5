/** Whether two statements say the same, pure and careful: what differs in a figure, a name or a "not" never does. */

const SAME_FROM = 0.97
const DENIALS = new Set(
  'not no never nobody nothing none without nunca jamas nadie nada ningun ninguna sin tampoco'.split(' '),
)

export function isNearDuplicate(a: string, b: string): boolean {
  return sameMarks(a, b) && likeness(a, b) >= SAME_FROM
}

/** Figures, denials and words written large must be the same ones in the same order. */
const sameMarks = (a: string, b: string): boolean => marksOf(a).join(' ') === marksOf(b).join(' ')

function marksOf(text: string): string[] {
  const words =
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .match(/[@#]?[\p{L}\p{N}_.:]*[\p{L}\p{N}]/gu) ?? []
  return words
    .filter(
      (word, place) =>
        /\d|^[@#]|n't$/.test(word) || DENIALS.has(word.toLowerCase()) || (place > 0 && /^\p{Lu}/u.test(word)),
    )
    .map((word) => word.toLowerCase())
}

/** Share of common character trigrams (Dice). */
function likeness(a: string, b: string): number {
  const [left, right] = [trigrams(a), trigrams(b)]
  const shared = [...left].filter((one) => right.has(one)).length
  return left.size + right.size === 0 ? 1 : (2 * shared) / (left.size + right.size)
}

function trigrams(text: string): Set<string> {
  const plain = ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, at) => plain.slice(at, at + 3)))
}
