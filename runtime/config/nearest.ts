/** The name somebody probably meant. */
import { closest, distance } from 'fastest-levenshtein'

/** Nearest of `known` within a third of its length, or undefined: a far guess is worse than none. */
export function findNearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const near = closest(name, known)
  return distance(name, near) <= Math.max(2, Math.floor(near.length / 3)) ? near : undefined
}
