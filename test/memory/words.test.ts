import { describe, expect, test } from 'vitest'
import { readDate } from '../../memory/date-window.ts'
import { toKey, toWords } from '../../memory/words.ts'
import { toInstant } from '../../runtime/core/clock.ts'

describe('words', () => {
  test.each([
    ['campañas', 'CAMPANA'],
    ['approved', 'approves'],
    ['publicaciones', 'publicación'],
    ['stories', 'story'],
    ['planned', 'plans'],
    ['horas', 'hora'],
    ['aprobó', 'aprobado'],
  ])('%s and %s are one', (a, b) => {
    expect(toWords(a)).toEqual(toWords(b))
  })

  test.each([
    ['press', 'pre'],
    ['19:00', '19:30'],
    ['boss', 'bos de'],
  ])('%s and %s are not', (a, b) => {
    expect(toWords(a)).not.toEqual(toWords(b))
  })

  test('silent words and signs say nothing; a script without spaces is cut into pairs', () => {
    expect(toWords('What is it about? ¿Y el? !!')).toEqual([])
    expect(toWords('東京都')).toEqual(['東京', '京都'])
  })

  test('a name is one key however it is typed', () => {
    expect(toKey('  Señal   FM ')).toBe(toKey('senal fm'))
  })
})

describe('dates in a question', () => {
  const NOW = toInstant(Date.UTC(2026, 10, 20, 12))
  test.each([
    ['posts of 2026-03-05', '2026-03-05', '2026-03-06'],
    ['posts of 2026-03', '2026-03-01', '2026-04-01'],
    ['what did we post in March?', '2026-03-01', '2026-04-01'],
    ['what happened in December', '2025-12-01', '2026-01-01'],
    ['¿qué dijimos en mayo de 2024?', '2024-05-01', '2024-06-01'],
    ['the report of last week', '2026-11-09', '2026-11-16'],
    ['¿qué pasó ayer?', '2026-11-19', '2026-11-20'],
  ])('"%s" is from %s to %s', (query, from, to) => {
    const day = (text: string) => `${text}T00:00:00.000Z`
    expect(readDate(query, NOW).window).toEqual({ from: day(from), to: day(to) })
  })

  test.each(['How late may we post?', 'They march on', 'room 2026', 'on 2026-02-31'])(
    '"%s" is none',
    (query) => {
      expect(readDate(query, NOW)).toEqual({ window: undefined, rest: query })
    },
  )

  test('leave the question, because no memory holds them as words', () => {
    expect(toWords(readDate('What did analytics report in April 2026?', NOW).rest)).toEqual(
      toWords('analytics report'),
    )
  })
})
