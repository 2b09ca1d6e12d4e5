import { expect, test } from 'vitest'
import { HOUR } from '../../../runtime/core/clock.ts'
import { listActivity } from '../../../tools/insight/audience-activity.ts'
import { chooseBestHours } from '../../../tools/insight/best-hours.ts'
import type { Series } from '../../../tools/insight/increments.ts'

const START_MS = Date.parse('2026-06-01T00:00:00Z')
const DAY_HOURS = 24

/** A running total by the hour, from `fromHour`, growing by `gain(hour of life, hour of day)`. */
function total(
  what: Partial<Series>,
  fromHour: number,
  hours: number,
  gain: (age: number, hour: number) => number,
): Series {
  let value = 0
  const samples = [{ atMs: START_MS + fromHour * HOUR, value }]
  for (let age = 0; age < hours; age++) {
    value += gain(age, (fromHour + age) % DAY_HOURS)
    samples.push({ atMs: START_MS + (fromHour + age + 1) * HOUR, value })
  }
  return { metric: 'views', accountId: 'a', publicationId: null, samples, ...what }
}

const best = (series: readonly Series[], count = 1) =>
  chooseBestHours(listActivity(series), 'UTC', count).slots.map((slot) => slot.hour)

/** Everybody is there at 21 h, three times as many as at other hours. */
const presence = (hour: number) => (hour === 21 ? 3 : 1)
/** A post earns a thousand in its first hour and half as much in each next one. */
const decay = (age: number) => 1_000 / 2 ** Math.min(age, 12)

test('posts always published at nine in the morning do not make nine the best hour', () => {
  const posts = Array.from({ length: 28 }, (_, day) =>
    total({ publicationId: `p${day}` }, day * DAY_HOURS + 9, 48, (age, hour) => decay(age) * presence(hour)),
  )
  expect(best(posts)).not.toEqual([9])
})

test('posts published all around the clock show when people are there', () => {
  const posts = Array.from({ length: 60 }, (_, index) =>
    total({ publicationId: `p${index}` }, index * 11, 30, (age, hour) => decay(age) * presence(hour)),
  )
  expect(best(posts)).toEqual([21])
})

test("the account's own figures come first, totals and levels alike", () => {
  const posts = [total({ publicationId: 'p' }, 9, 600, (age) => decay(age) + 1)]
  const account = total({}, 0, 500, (_age, hour) => (hour === 15 ? 50 : 5))
  expect(best([...posts, account])).toEqual([15])
  const online: Series = {
    ...{ metric: 'online_followers', accountId: 'a', publicationId: null },
    samples: Array.from({ length: 500 }, (_, index) => ({
      atMs: START_MS + (index + 1) * HOUR,
      value: index % DAY_HOURS === 7 ? 900 : 90,
    })),
  }
  expect(best([online])).toEqual([7])
})

test('readings a day apart say nothing about hours', () => {
  const daily: Series = {
    ...{ metric: 'views', accountId: 'a', publicationId: null },
    samples: Array.from({ length: 30 }, (_, day) => ({
      atMs: START_MS + day * DAY_HOURS * HOUR,
      value: day * 100,
    })),
  }
  expect(listActivity([daily])).toEqual([])
})
