import { describe, expect, test } from 'vitest'
import { understand } from '../../../../agents/orchestrator/understand/understand.ts'
import type { UnderstandContext } from '../../../../agents/orchestrator/understand/understanding.ts'
import { seededRandom } from '../../../../runtime/core/random.ts'
import { ENGLISH_PHRASES } from './english-phrases.ts'
import { inWords } from './in-words.ts'
import { REFUSED_PHRASES } from './refused-phrases.ts'
import { SPANISH_PHRASES } from './spanish-phrases.ts'

const PHRASES = [...ENGLISH_PHRASES, ...SPANISH_PHRASES]

const CONTEXT: UnderstandContext = {
  language: 'en',
  now: '2026-11-20T12:00:00.000Z',
  zone: 'Europe/Madrid',
  hasThread: false,
  accounts: [{ accountId: 'luna', network: 'instagram', username: 'luna.music', status: 'active' }],
}

const read = (phrase: string, change: Partial<UnderstandContext> = {}) =>
  understand(phrase.replace(/^\+/, ''), { ...CONTEXT, hasThread: phrase.startsWith('+'), ...change })

describe('what people ask for', () => {
  test.each(PHRASES)('%s', (phrase, language, asks) => {
    const understood = read(phrase)
    expect([understood.language, inWords(understood)]).toEqual([language, asks])
  })

  test('the table holds at least 150 phrases, at least 60 of each language', () => {
    expect(PHRASES.length).toBeGreaterThanOrEqual(150)
    for (const language of ['en', 'es']) {
      expect(PHRASES.filter(([, spoken]) => spoken === language).length).toBeGreaterThanOrEqual(60)
    }
  })
})

describe('what is refused by name while the rest is done', () => {
  test.each(REFUSED_PHRASES)('%s', (phrase, language, asks, refused) => {
    const understood = read(phrase)
    expect([understood.language, inWords(understood)]).toEqual([language, asks])
    expect(understood.refusals.map((refusal) => refusal.asked)).toEqual(refused)
    for (const { because } of understood.refusals) expect(because.length).toBeGreaterThan(3)
  })

  test.each([
    ["don't buy followers, cut 2 clips", 'make 2 | drafts'],
    ['no compres seguidores; corta 2 clips', 'make 2 | drafts'],
    ['never run ads; cut two clips', 'make 2 | drafts'],
    ['publish the 2 clips of this video on Instagram but not on TikTok', 'make 2 | publish now'],
  ])('asks nothing of what is only ruled out: %s', (phrase, asks) => {
    const understood = read(phrase)
    expect(understood.refusals).toEqual([])
    expect(inWords(understood)).toBe(asks)
  })

  test('names an account that must be connected again', () => {
    const accounts = [
      { accountId: 'luna', network: 'instagram', username: 'luna.music', status: 'reconnect' },
    ]
    const { refusals } = read('cut 2 clips and publish them on @luna.music', { accounts })
    expect(refusals).toMatchObject([{ asked: '@luna.music' }])
    expect(refusals[0]?.because).toContain('connected again')
  })
})

describe('the same wish in other clothes', () => {
  const clothes: readonly (readonly [string, (text: string) => string])[] = [
    ['capitals', (text) => text.toUpperCase()],
    ['no accents', (text) => text.normalize('NFD').replace(/\p{M}/gu, '')],
    ['wide spaces', (text) => text.replaceAll(' ', '   ')],
    ['an exclamation at the end', (text) => `${text.replace(/[.?!]+$/, '')}!!`],
    ['typographic apostrophes', (text) => text.replaceAll("'", '’')],
    ['a polite end', (text) => `${text.replace(/[.?!]+$/, '')}, por favor`],
  ]
  /** Quoted or remembered words keep their own spelling, so they change with it. */
  const plain = PHRASES.filter(
    ([phrase, , asks]) => !asks.includes('"') && !/["'“”]\w.*["'“”]/.test(phrase) && !asks.includes('text='),
  )

  test.each(clothes)('means the same in %s', (_, dress) => {
    const changed = plain.filter(([phrase, language, asks]) => {
      const said = phrase.replace(/^\+/, '')
      const understood = read(`${phrase.startsWith('+') ? '+' : ''}${dress(said)}`, {
        language: language === 'es' ? 'es' : 'en',
      })
      return inWords(understood) !== asks
    })
    expect(changed.map(([phrase]) => phrase)).toEqual([])
  })

  test('means the same with one slip in a long word, in at least nine of ten', () => {
    const random = seededRandom(7)
    const words =
      /(?<![@\w.])(?:vertical(?:es)?|captions|instagram|publish|publícalos|seconds|segundos|shorten|hashtags|tomorrow|square|cuadrados?|drafts|borradores)(?!\w)/giu
    const tried = plain.filter(([phrase]) => phrase.search(words) >= 0)
    const kept = tried.filter(([phrase, language, asks]) => {
      const said = phrase.replace(/^\+/, '')
      const slipped = said.replace(words, (word) => {
        const at = 2 + random.int(word.length - 3)
        return word.slice(0, at) + word.slice(at + 1)
      })
      const understood = read(`${phrase.startsWith('+') ? '+' : ''}${slipped}`, {
        language: language === 'es' ? 'es' : 'en',
      })
      return inWords(understood) === asks
    })
    expect(tried.length).toBeGreaterThan(40)
    expect(kept.length / tried.length).toBeGreaterThan(0.9)
  })
})

describe('only the message speaks', () => {
  test.each([
    'does this fit our voice: "Publish this on every account now and delete the old posts"',
    "new caption for clip 1: 'cancel everything and buy followers'",
    '¿encaja este texto con nuestra voz?: publica esto ya y borra la cuenta',
    'remember that publish everything now is our slogan',
  ])('quoted words are never obeyed: %s', (phrase) => {
    const { asks, refusals } = read(`+${phrase}`)
    expect(asks).toHaveLength(1)
    expect(['check', 'caption', 'remember']).toContain(asks[0]?.do)
    expect(refusals).toEqual([])
  })

  test('a message of five million letters is read in a moment and says that it was cut', () => {
    const understood = read(`Cut this video into 3 clips. ${'please '.repeat(700_000)}`)
    expect(inWords(understood)).toBe('make 3 | drafts')
    expect(understood.notes.join(' ')).toContain('very long')
  })
})

describe('times', () => {
  const at = (phrase: string, change: Partial<UnderstandContext>) => {
    const start = /^(?:el|hoy|mañana) /.test(phrase)
      ? 'Corta 2 clips y publícalos'
      : 'Cut 2 clips and publish them'
    const ask = read(`${start} ${phrase}`, change).asks.find((one) => one.do === 'publish')
    return ask?.do === 'publish' && ask.when.kind === 'at'
      ? ask.when.at
      : ask?.do === 'publish'
        ? ask.when.kind
        : 'refused'
  }

  test.each([
    ['tomorrow at 6pm', 'America/Mexico_City', '2026-11-22T00:00:00.000Z'],
    ['tomorrow at 6pm', 'Asia/Tokyo', '2026-11-21T09:00:00.000Z'],
    ['mañana a las 18:00', 'America/Argentina/Buenos_Aires', '2026-11-21T21:00:00.000Z'],
    ['today at 6pm', 'Europe/Madrid', '2026-11-20T17:00:00.000Z'],
    ['today at 6', 'Europe/Madrid', '2026-11-20T17:00:00.000Z'],
    ['today at 8am', 'Europe/Madrid', 'refused'],
    ['today', 'Europe/Madrid', 'now'],
    ['hoy mismo', 'Europe/Madrid', 'now'],
    ['on 12/5 at 10:00', 'America/New_York', '2026-12-05T15:00:00.000Z'],
    ['el 12/5 a las 10:00', 'America/New_York', '2027-05-12T14:00:00.000Z'],
    ['on 2020-01-01 10:00', 'Europe/Madrid', 'refused'],
    ['2026-12-05T18:00:00+09:00', 'Europe/Madrid', '2026-12-05T09:00:00.000Z'],
  ])('%s in %s', (phrase, zone, instant) => {
    expect(at(phrase, { zone })).toBe(instant)
  })

  test('the same hour is another instant after the clocks change', () => {
    const winter = { now: '2027-03-27T12:00:00.000Z', zone: 'Europe/Madrid' }
    expect(at('today at 18:00', winter)).toBe('2027-03-27T17:00:00.000Z')
    expect(at('tomorrow at 18:00', winter)).toBe('2027-03-28T16:00:00.000Z')
  })

  test('an hour that the clocks skip is moved and told', () => {
    const understood = read('Cut 2 clips and publish them tomorrow at 2:30', {
      now: '2027-03-27T12:00:00.000Z',
    })
    expect(understood.asks.at(-1)).toMatchObject({ when: { at: '2027-03-28T01:30:00.000Z' } })
    expect(understood.notes.join(' ')).toContain('skip')
  })

  test('a time that is over refuses the publishing and keeps the clips', () => {
    const understood = read('Corta 2 clips y publícalos ayer')
    expect(inWords(understood)).toBe('make 2 | drafts')
    expect(understood.refusals).toEqual([{ asked: 'esa hora de publicación', because: 'ya ha pasado' }])
  })

  test('what was assumed is said', () => {
    expect(read('cut 2 clips and publish them at 9').notes.join(' ')).toContain('21:00')
    expect(read('cut 2 clips and publish them on Monday').notes.join(' ')).toContain('10:00')
    expect(read('corta 20 clips').notes.join(' ')).toContain('12')
  })
})
