import { expect, test } from 'vitest'
import {
  countEmoji,
  countPhrase,
  findLinks,
  findPhrases,
  fold,
  listSentences,
  toProse,
} from '../../tools/words.ts'

test('words are found whole, whatever the case and the accents', () => {
  expect(findPhrases('¡PROMOCIÓN y Más allá!', ['promocion', 'mas  alla', 'promo'])).toEqual([
    'promocion',
    'mas  alla',
  ])
  expect(countPhrase(fold('cheap, cheaper, #cheap'), 'cheap')).toBe(2)
})

test('ñ is a letter of its own', () => {
  expect(findPhrases('Feliz año nuevo', ['ano'])).toEqual([])
  expect(findPhrases('Feliz AÑO nuevo', ['año'])).toEqual(['año'])
})

test('emoji are counted as people see them', () => {
  expect(countEmoji('Hola 👩‍👩‍👧 🇪🇸 🔥🔥 1 # ©')).toBe(4)
})

test('links are found, addresses of e-mail and abbreviations are none', () => {
  expect(findLinks('ver https://a.example/x, o bit.ly/abc. Sr. López, EE.UU. hola@luna.es 3.50')).toEqual([
    'https://a.example/x',
    'bit.ly/abc',
  ])
})

test('prose is what is left without links, tags and emoji; sentences end at marks and lines', () => {
  expect(toProse('Hoy 🔥 con @luna #live en www.x.com ya')).toBe('Hoy con en ya')
  expect(listSentences('Uno dos. ¿Tres? Cuatro\ncinco 🔥\n#tag')).toEqual([
    'Uno dos.',
    '¿Tres?',
    'Cuatro',
    'cinco',
  ])
})
