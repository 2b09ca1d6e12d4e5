import { fold, toProse } from '../words.ts'

const GROUPS = [3, 4, 5]

type Profile = ReadonlyMap<string, number>

/** How often each group of three to five letters occurs, word borders included. */
export function profileOf(text: string): Profile {
  const letters = ` ${fold(toProse(text))} `
  const counts = new Map<string, number>()
  for (const size of GROUPS) {
    for (let from = 0; from + size <= letters.length; from++) {
      const group = letters.slice(from, from + size)
      counts.set(group, (counts.get(group) ?? 0) + 1)
    }
  }
  return counts
}

/** Cosine of two profiles: 1 for the same wording, near 0 for nothing in common. */
export function likeness(one: Profile, other: Profile): number {
  const dot = [...one].reduce((sum, [group, count]) => sum + count * (other.get(group) ?? 0), 0)
  const lengths = lengthOf(one) * lengthOf(other)
  return lengths === 0 ? 0 : dot / lengths
}

const lengthOf = (profile: Profile): number =>
  Math.sqrt([...profile.values()].reduce((sum, count) => sum + count * count, 0))

/** Likeness to the nearest of several examples. */
export function nearest(text: string, examples: readonly string[]): number {
  const profile = profileOf(text)
  return Math.max(0, ...examples.map((example) => likeness(profile, profileOf(example))))
}
