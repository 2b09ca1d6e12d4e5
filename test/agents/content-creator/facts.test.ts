import { expect, test } from 'vitest'
import { factSentences } from '../../../agents/content-creator/facts.ts'
import { Voice } from '../../../runtime/core/entities.ts'

const sentences = (facts: Record<string, string>, language: 'en' | 'es', voice = {}) =>
  factSentences({ facts, voice: Voice.parse(voice) }, language)

test('credits a work to its maker in one sentence, in the language of the caption', () => {
  const facts = { artist: 'Marea', title: 'Pulse', release: 'out now' }
  expect(sentences(facts, 'en')).toEqual(['“Pulse” by Marea.', 'Out now.'])
  expect(sentences({ título: 'Pulso', artista: 'Marea' }, 'es')).toEqual(['«Pulso», de Marea.'])
})

test('labels what would not speak for itself', () => {
  expect(sentences({ release: '5 December 2026', venue: 'Sala Norte' }, 'en')).toEqual([
    'Release: 5 December 2026.',
    'Venue: Sala Norte.',
  ])
})

test('leaves out what holds a word the brand avoids', () => {
  expect(
    sentences({ title: 'Content', artist: 'Marea', city: 'Vigo' }, 'en', { avoids: ['content'] }),
  ).toEqual(['City: Vigo.'])
})
