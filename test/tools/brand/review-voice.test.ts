import { describe, expect, test } from 'vitest'
import { type Brand, Voice } from '../../../runtime/core/entities.ts'
import { detectLanguage } from '../../../tools/brand/detect-language.ts'
import { likeness, nearest, profileOf } from '../../../tools/brand/likeness.ts'
import { reviewVoice } from '../../../tools/brand/review-voice.ts'
import { toTone } from '../../../tools/brand/tones.ts'

const brandOf = (voice: Partial<Brand['voice']> = {}, rest: Partial<Brand> = {}): Brand => ({
  ...{ id: '', name: 'Luna', language: 'es', zone: 'Europe/Madrid', goals: [], competitors: [], facts: {} },
  ...{ isFrozen: false, createdAt: '' },
  voice: Voice.parse(voice),
  ...rest,
})
const draftOf = (caption: string, hashtags: string[] = [], language = 'es') => ({
  caption,
  hashtags,
  language,
})
const rules = (review: ReturnType<typeof reviewVoice>) => review.findings.map((finding) => finding.rule)

describe('a brand of warm Spanish', () => {
  const brand = brandOf({
    ...{ tone: ['cercana', 'energética'], uses: ['directo', 'noche'], avoids: ['barato', 'oferta'] },
    ...{ hashtags: ['#LunaEnVivo'], emoji: 'few', address: 'informal', maxSentenceWords: 12 },
    ...{ approved: ['Nos vemos esta noche en directo, ven con tu gente. ¡Gracias por estar!'] },
    ...{ rejected: ['Compra ya tu entrada antes de que se agoten las plazas disponibles'] },
    signOff: 'Nos vemos en la pista',
  })
  const good = draftOf('¡Esta noche en directo! Gracias por venir con tu gente 🔥\nNos vemos en la pista', [
    '#LunaEnVivo',
  ])

  test('passes a caption in its voice without a finding', () => {
    expect(reviewVoice(good, brand, 'es')).toEqual({
      by: 'brand-voice',
      verdict: 'pass',
      score: 1,
      findings: [],
    })
  })

  test.each([
    ['avoided-word', draftOf(`${good.caption} Muy BARATO.`, good.hashtags), 'block'],
    ['avoided-word', draftOf(good.caption, ['#oferta', '#LunaEnVivo']), 'block'],
    ['emoji', draftOf(`${good.caption} 🔥🔥🔥🔥🔥`, good.hashtags), 'pass'],
    ['own-hashtag', draftOf(good.caption), 'pass'],
    ['sign-off', draftOf('¡Esta noche en directo! Gracias por venir con tu gente 🔥', good.hashtags), 'pass'],
    ['empty', draftOf('🔥🔥', good.hashtags), 'revise'],
  ])('finds %s', (rule, draft, verdict) => {
    const review = reviewVoice(draft, brand, 'es')
    expect(rules(review)).toContain(rule)
    expect(review.verdict).toBe(verdict)
  })

  test('asks for another tone, another address and shorter sentences at once', () => {
    const stiff = draftOf(
      'Nos complace invitarle a usted y a su distinguida familia a nuestra presentación de la nueva temporada de conciertos de la orquesta. Acompáñenos usted.',
      good.hashtags,
    )
    const review = reviewVoice(stiff, brand, 'es')
    expect(rules(review)).toEqual(
      expect.arrayContaining(['address', 'sentence-length', 'tone', 'preferred-words']),
    )
    expect(review.verdict).toBe('revise')
  })

  test('knows a rejected caption in other words', () => {
    const copied = draftOf(
      'Compra ya tu entrada antes de que se agoten todas las plazas. ¡Gracias! Nos vemos en la pista',
      good.hashtags,
    )
    expect(rules(reviewVoice(copied, brand, 'es'))).toContain('like-rejected')
  })

  test('a caption in another language goes back', () => {
    const review = reviewVoice(
      draftOf('Tonight we play all our songs for you, come early', good.hashtags),
      brand,
      'en',
    )
    expect(rules(review)).toContain('language')
    expect(review.verdict).toBe('revise')
  })
})

test("changing the brand's data changes the verdict", () => {
  const draft = draftOf('Come early tonight, we play it all live! 🎉', [], 'en')
  const verdict = (voice: Partial<Brand['voice']>, language = 'en') =>
    reviewVoice(draft, brandOf(voice, { language }), 'en')
  const base = verdict({})
  expect(base).toMatchObject({ verdict: 'pass', score: 1 })
  const changes: Partial<Brand['voice']>[] = [
    ...[{ avoids: ['live'] }, { uses: ['velvet'] }, { tone: ['calm'] }, { emoji: 'none' as const }],
    ...[{ hashtags: ['#luna'] }, { maxSentenceWords: 4 }, { signOff: 'Yours, Luna' }],
    ...[{ rejected: ['Come early tonight, we play it all live!'] }, { approved: ['Quarterly figures rose'] }],
  ]
  for (const change of changes) {
    expect(verdict(change).score, JSON.stringify(change)).toBeLessThan(base.score)
  }
  expect(verdict({}, 'es').score).toBeLessThan(base.score)
  const casual = draftOf("Hey folks, don't miss it, it's gonna be great", [], 'en')
  const address = (form: 'formal' | 'informal') =>
    reviewVoice(casual, brandOf({ address: form }, { language: 'en' }), 'en').score
  expect(address('formal')).toBeLessThan(address('informal'))
})

test('tones are known by their Spanish and English names in any gender', () => {
  expect(['cercanas', 'Divertida', 'professional', 'ENÉRGICO', 'umami'].map(toTone)).toEqual([
    ...['warm', 'playful', 'formal', 'energetic', undefined],
  ])
})

test('likeness is 1 for the same words, near 0 for none in common', () => {
  const [one, other] = [profileOf('Esta noche en directo'), profileOf('Quarterly figures')]
  expect(likeness(one, one)).toBeCloseTo(1)
  expect(likeness(one, other)).toBeLessThan(0.05)
  expect(nearest('x', [])).toBe(0)
})

test.each([
  ['es', 'Nuevo single ya disponible en todas partes 🔥 #luna'],
  ['en', 'The quiet part before the drop, live tonight'],
  ['pt', 'Esta noite ao vivo, venha cedo com os seus amigos'],
  [undefined, '🔥🔥 #luna @radio'],
  [undefined, 'Luna'],
])('tells %s from a short caption', async (language, caption) => {
  expect(await detectLanguage(caption)).toBe(language)
})
