import { describe, expect, it } from 'vitest'
import {
  type AudienceSubject,
  attentionAt,
  commentTimeMs,
  followersAt,
  hourIn,
  profileOf,
  tallyAt,
} from '../../../runtime/sandbox/audience.ts'

const HOUR = 3_600_000
const MORNING = Date.parse('2026-11-20T03:00:00Z')
const EVENING = Date.parse('2026-11-20T20:00:00Z')

const subject = (change: Partial<AudienceSubject> = {}): AudienceSubject => ({
  seed: 42,
  followers: 5_000,
  zone: 'Europe/Madrid',
  kind: 'reel',
  caption: 'A first line\n#one #two',
  publishedMs: EVENING,
  durationMs: 20_000,
  isVertical: true,
  ...change,
})

describe('the audience', () => {
  it('is the same for the same seed and another for another', () => {
    expect(profileOf(subject())).toEqual(profileOf(subject()))
    expect(profileOf(subject({ seed: 43 })).views).not.toBe(profileOf(subject()).views)
  })

  it('never takes a view, like or comment back', () => {
    const profile = profileOf(subject())
    let last = tallyAt(profile, 0)
    for (let elapsed = 1; elapsed < 1_000 * HOUR; elapsed *= 1.3) {
      const now = tallyAt(profile, elapsed)
      for (const key of ['views', 'reach', 'likes', 'comments', 'saves'] as const) {
        expect(now[key]).toBeGreaterThanOrEqual(last[key])
      }
      expect(now.reach).toBeLessThanOrEqual(now.views)
      last = now
    }
    expect(last.views).toBeGreaterThan(profile.views * 0.99)
  })

  it('starts within seconds and grows over hours', () => {
    const profile = profileOf(subject())
    expect(tallyAt(profile, -1).views).toBe(0)
    expect(tallyAt(profile, 1_000).views).toBeGreaterThan(0)
    expect(tallyAt(profile, 10_000).views).toBeLessThan(profile.views * 0.05)
    expect(tallyAt(profile, 6 * HOUR).views).toBeGreaterThan(profile.views * 0.3)
  })

  it('writes its nth comment when the tally reaches n', () => {
    const profile = profileOf(subject())
    const nth = tallyAt(profile, 24 * HOUR).comments
    expect(nth).toBeGreaterThan(2)
    const at = commentTimeMs(profile, nth)
    expect(at).toBeLessThanOrEqual(24 * HOUR)
    expect([tallyAt(profile, at).comments, tallyAt(profile, at - 1).comments]).toEqual([nth, nth - 1])
  })

  it('rewards a good hour, an upright film and few hashtags, modestly', () => {
    const views = (change: Partial<AudienceSubject>) => profileOf(subject(change)).views
    const gain = (better: number, worse: number) => {
      expect(better / worse).toBeGreaterThan(1.02)
      expect(better / worse).toBeLessThan(2)
    }
    gain(views({}), views({ publishedMs: MORNING }))
    gain(views({}), views({ isVertical: false }))
    gain(views({}), views({ caption: `A first line\n${'#tag '.repeat(25)}` }))
    gain(views({}), views({ durationMs: 300_000 }))
  })

  it('keeps the hours of the account’s own zone across daylight saving', () => {
    expect(hourIn('Europe/Madrid', Date.parse('2026-07-01T10:30:00Z'))).toBe(12)
    expect(hourIn('Europe/Madrid', Date.parse('2026-12-01T10:30:00Z'))).toBe(11)
    expect(attentionAt(21, 1)).toBeGreaterThan(attentionAt(4, 1) * 2)
  })

  it('lets followers grow slowly', () => {
    const account = { seed: 3, followers: 10_000 }
    const growth = followersAt(account, 30 * 24 * HOUR) - 10_000
    expect(growth).toBeGreaterThan(50)
    expect(growth).toBeLessThan(1_000)
  })
})
