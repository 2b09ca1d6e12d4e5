/**
 * A message being read: what one recogniser took is blanked, so that the next cannot read it as something else
 * ("18:00" is no count, "@three" no number). Blanks keep their length and stay words, so positions and distances hold.
 */
const BLANK = '·'

export interface Mention<Value> {
  readonly value: Value
  readonly at: number
  readonly end: number
  readonly text: string
}

export interface Field {
  /** The message with everything taken so far blanked. */
  rest(): string
  /** Takes every match `read` gives a value for; `undefined` leaves the words for others. */
  take<Value>(
    pattern: RegExp,
    read: (match: RegExpMatchArray, at: number) => Value | undefined,
  ): Mention<Value>[]
  /** Blanks without a meaning of its own. */
  drop(pattern: RegExp): void
  blank(at: number, end: number): void
}

export function openField(text: string): Field {
  let rest = text
  const blank = (at: number, end: number) => {
    rest = rest.slice(0, at) + rest.slice(at, end).replace(/\S/g, BLANK) + rest.slice(end)
  }
  const take: Field['take'] = (pattern, read) => {
    const found = [...rest.matchAll(pattern)].flatMap((match) => {
      const at = match.index
      const value = read(match, at)
      return value === undefined ? [] : [{ value, at, end: at + match[0].length, text: match[0] }]
    })
    for (const mention of found) blank(mention.at, mention.end)
    return found
  }
  return { rest: () => rest, take, drop: (pattern) => void take(pattern, () => true), blank }
}
