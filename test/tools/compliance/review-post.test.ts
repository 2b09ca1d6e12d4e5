import { describe, expect, test } from 'vitest'
import { findPersonalData, mask } from '../../../tools/compliance/personal-data.ts'
import { type ReviewedPost, reviewPost } from '../../../tools/compliance/review-post.ts'

const RIGHTS = { copyrightConfirmed: true, termsAccepted: true, confirmedBy: 'ana', confirmedAt: '' }

const review = (caption: string, rest: Partial<ReviewedPost> = {}, facts: Record<string, string> = {}) =>
  reviewPost({
    post: { caption, altText: 'A band on a stage', hashtags: ['#live'], language: 'es' },
    brand: { facts },
    rights: RIGHTS,
    preflight: [],
    options: [],
    written: undefined,
    ...rest,
  })
const rules = (result: ReturnType<typeof review>) => result.findings.map((finding) => finding.rule)

test('passes an honest caption', () => {
  expect(review('Esta noche tocamos en directo')).toEqual({
    ...{ by: 'compliance', verdict: 'pass', score: 1, findings: [] },
  })
})

test('rights that nobody confirmed are told, and do not stop the text', () => {
  const result = review('Esta noche', { rights: null })
  expect(rules(result)).toEqual(['rights'])
  expect(result.verdict).toBe('pass')
})

test.each([
  ['Esta noche es una mierda', 'offensive', 'block'],
  ['In partnership with ACME', 'disclosure', 'revise'],
  ['Usa mi código LUNA10', 'disclosure', 'revise'],
  ['El mejor del mundo', 'unproven-claim', 'revise'],
  ['Adelgaza bailando', 'medical-claim', 'revise'],
  ['Dinero fácil para todos', 'financial-claim', 'revise'],
  ['Escríbenos a ana@luna.es', 'personal-data', 'revise'],
  ['Llama al +34 612 345 678', 'personal-data', 'revise'],
  ['Mi DNI es 12345678Z', 'personal-data', 'block'],
  ['Hecho con IA', 'ai-label', 'revise'],
  ['Entradas en https://tickets.example/luna', 'link', 'revise'],
  ['Entradas en bit.ly/luna', 'hidden-link', 'revise'],
])('%s: %s', (caption, rule, verdict) => {
  const result = review(caption)
  expect(rules(result)).toContain(rule)
  expect(result.verdict).toBe(verdict)
})

test.each([
  ['a label', 'In partnership with ACME #ad', {}],
  ['a fact of the owner', 'El mejor del mundo según la crítica', { prize: 'El mejor del mundo 2025' }],
  ['a contact of the owner', 'Escríbenos a ana@luna.es', { contact: 'ana@luna.es' }],
])('%s settles it', (_what, caption, facts) => {
  expect(review(caption, {}, facts).verdict).toBe('pass')
})

test("the network's AI flag settles what is made by a machine", () => {
  expect(review('Hecho con IA', { options: [{ isAiGenerated: true }] }).verdict).toBe('pass')
  expect(review('Hecho con IA', { options: [{ isPaid: true }] }).verdict).toBe('revise')
})

test('borrowed work weighs more while rights are open', () => {
  expect(review('Cover de una canción', { rights: null }).verdict).toBe('revise')
  expect(review('Cover de una canción')).toMatchObject({ verdict: 'pass' })
})

test('limits of the networks and a missing alt text come back with their fix', () => {
  const finding = { network: 'instagram', rule: 'hashtags', value: '31', limit: '30', fix: 'Fewer.' }
  const result = review('Hola', {
    preflight: [finding],
    post: { caption: 'Hola', altText: ' ', hashtags: [], language: 'es' },
  })
  expect(result.findings).toContainEqual({
    rule: 'instagram/hashtags',
    value: '31',
    limit: '30',
    fix: 'Fewer.',
  })
  expect(rules(result)).toContain('alt-text')
})

describe('personal data', () => {
  test('finds what its check digits prove', () => {
    const text = 'ES91 2100 0418 4502 0005 1332, 4111 1111 1111 1111, X1234567L, 123-45-6789'
    expect(findPersonalData(text).map((each) => each.kind)).toEqual([
      ...['identity-number', 'identity-number', 'bank-account', 'card-number'],
    ])
  })

  test.each([
    'Sábado 20-11-2026 a las 21:30',
    '2026-11-20, 1.250.000 copias',
    '12345678A no es un DNI',
    'Volumen 3, pista 12, 4111 1111 1111 1112',
    'Solo 19,99 €',
  ])('takes nothing for it in: %s', (text) => {
    expect(findPersonalData(text)).toEqual([])
  })

  test('is masked where it is reported', () => {
    expect(mask('612345678')).toBe('61•••••78')
    expect(review('Llama al 612345678').findings[0]?.value).not.toContain('612345678')
  })
})
