import { describe, expect, test } from 'vitest'
import { decideFiring, findNextOccurrence } from '../../../runtime/cycles/cycle-times.ts'

describe('a cycle fires at its wall time', () => {
  test('before and after the clocks change', () => {
    expect(findNextOccurrence('0 9 * * *', 'Europe/Madrid', '2026-10-24T08:00:00Z')).toBe(
      '2026-10-25T08:00:00.000Z',
    )
    expect(findNextOccurrence('0 9 * * *', 'Europe/Madrid', '2026-10-23T08:00:00Z')).toBe(
      '2026-10-24T07:00:00.000Z',
    )
  })

  test('once on the night that has an hour twice', () => {
    const first = findNextOccurrence('30 2 * * *', 'Europe/Madrid', '2026-10-24T22:00:00Z')
    expect(first).toBe('2026-10-25T00:30:00.000Z')
    expect(findNextOccurrence('30 2 * * *', 'Europe/Madrid', first ?? '')).toBe('2026-10-26T01:30:00.000Z')
  })
})

describe('an occurrence that is due', () => {
  const at = { cron: '0 * * * *', zone: 'UTC', occurrence: '2026-11-20T09:00:00Z' }

  test('fires when it is the newest, however late the minute', () => {
    expect(decideFiring({ ...at, now: '2026-11-20T09:59:00Z', missed: 'skip' })).toBe('fire')
  })

  test('is missed or made up for once after an absence, as its cycle says', () => {
    expect(decideFiring({ ...at, now: '2026-11-20T12:10:00Z', missed: 'skip' })).toBe('missed')
    expect(decideFiring({ ...at, now: '2026-11-20T12:10:00Z', missed: 'run-once' })).toBe('fire')
  })
})
