import { countPhrase, fold, listSentences, listWords } from '../words.ts'

const TONES = ['energetic', 'calm', 'warm', 'formal', 'playful', 'bold', 'inspiring', 'elegant'] as const
export type Tone = (typeof TONES)[number]

/** What owners call a tone, in Spanish and English. */
const NAMES: Record<Tone, readonly string[]> = {
  energetic: [
    'energetic',
    'energy',
    'dynamic',
    'lively',
    'vibrant',
    'energetico',
    'enérgico',
    'dinámico',
    'vibrante',
    'intenso',
  ],
  calm: ['calm', 'quiet', 'relaxed', 'serene', 'soft', 'tranquilo', 'sereno', 'calmado', 'relajado', 'suave'],
  warm: [
    'warm',
    'friendly',
    'close',
    'caring',
    'kind',
    'personal',
    'cálido',
    'cercano',
    'amable',
    'humano',
    'próximo',
  ],
  formal: [
    'formal',
    'professional',
    'serious',
    'corporate',
    'sober',
    'profesional',
    'serio',
    'corporativo',
    'sobrio',
  ],
  playful: [
    'playful',
    'fun',
    'funny',
    'witty',
    'humorous',
    'cheeky',
    'divertido',
    'juguetón',
    'gracioso',
    'desenfadado',
    'irónico',
  ],
  bold: [
    'bold',
    'daring',
    'provocative',
    'direct',
    'confident',
    'atrevido',
    'audaz',
    'directo',
    'provocador',
    'rebelde',
  ],
  inspiring: [
    'inspiring',
    'inspirational',
    'motivating',
    'uplifting',
    'inspirador',
    'motivador',
    'esperanzador',
  ],
  elegant: [
    'elegant',
    'refined',
    'sophisticated',
    'premium',
    'elegante',
    'refinado',
    'sofisticado',
    'exclusivo',
  ],
}

const MARKERS: Record<Tone, readonly string[]> = {
  energetic: [
    'now',
    "let's go",
    'go',
    'ready',
    'power',
    'energy',
    'loud',
    'fire',
    'hit',
    'jump',
    'feel it',
    'turn it up',
    'ya',
    'vamos',
    'dale',
    'listos',
    'fuerza',
    'energía',
    'fuego',
    'salta',
    'a tope',
    'sube el volumen',
    'arranca',
    'explota',
  ],
  calm: [
    'breathe',
    'slow',
    'quiet',
    'soft',
    'gently',
    'peace',
    'still',
    'rest',
    'respira',
    'despacio',
    'calma',
    'suave',
    'silencio',
    'paz',
    'sin prisa',
    'descansa',
  ],
  warm: [
    'thank you',
    'thanks',
    'together',
    'with you',
    'for you',
    'love',
    'home',
    'family',
    'friends',
    'welcome',
    'see you',
    'gracias',
    'juntos',
    'contigo',
    'con vosotros',
    'para ti',
    'cariño',
    'amor',
    'casa',
    'familia',
    'amigos',
    'bienvenidos',
    'nos vemos',
    'abrazo',
  ],
  formal: [
    'we are pleased',
    'we invite you',
    'kindly',
    'please',
    'present',
    'presents',
    'according to',
    'nos complace',
    'le invitamos',
    'les invitamos',
    'por favor',
    'presentamos',
    'presenta',
    'conforme a',
    'estimados',
    'atentamente',
  ],
  playful: [
    'oops',
    'haha',
    'wink',
    'guess',
    'guess what',
    'secret',
    'shh',
    'no spoilers',
    'plot twist',
    'jaja',
    'adivina',
    'ups',
    'secreto',
    'sin spoilers',
    'travesura',
    'juega',
    'a que no',
  ],
  bold: [
    'no excuses',
    'never',
    'dare',
    'unstoppable',
    'break',
    'rules',
    'fearless',
    'nobody',
    'sin excusas',
    'nunca',
    'atrévete',
    'imparable',
    'rompe',
    'reglas',
    'sin miedo',
    'nadie',
  ],
  inspiring: [
    'dream',
    'believe',
    'become',
    'beyond',
    'possible',
    'journey',
    'imagine',
    'begin',
    'sueña',
    'sueño',
    'cree',
    'posible',
    'camino',
    'imagina',
    'empieza',
    'llega',
    'más allá',
  ],
  elegant: [
    'refined',
    'detail',
    'timeless',
    'essence',
    'craft',
    'crafted',
    'delicate',
    'detalle',
    'esencia',
    'atemporal',
    'artesanal',
    'delicado',
    'cuidado',
  ],
}

const OPPOSITES: Partial<Record<Tone, readonly Tone[]>> = {
  formal: ['playful'],
  elegant: ['playful'],
  calm: ['energetic'],
  playful: ['formal'],
  energetic: ['calm'],
}

/** The tone an owner's word means; undefined for words outside the list, which then are not judged. */
export function toTone(word: string): Tone | undefined {
  const folded = fold(word)
  return TONES.find((tone) => NAMES[tone].some((name) => matchesName(folded, fold(name))))
}

/** Spanish names come in two genders and two numbers: cercano, cercana, cercanas. */
const matchesName = (word: string, name: string): boolean =>
  word === name || (name.endsWith('o') && new RegExp(`^${name.slice(0, -1)}(a|os|as)$`).test(word))

export interface ToneReading {
  /** Words and habits in the text that speak for a tone. */
  readonly marks: Readonly<Record<Tone, number>>
}

/** Pure: markers of each tone, by words and by habits of punctuation and length. */
export function readTones(text: string): ToneReading {
  const folded = fold(text)
  const marks = Object.fromEntries(
    TONES.map((tone) => [tone, MARKERS[tone].reduce((sum, word) => sum + countPhrase(folded, word), 0)]),
  ) as Record<Tone, number>
  const sentences = listSentences(text)
  const meanWords = listWords(text).length / Math.max(1, sentences.length)
  const exclamations = text.match(/!/g)?.length ?? 0
  marks.energetic += Math.min(2, exclamations)
  if (exclamations === 0) marks.calm += 0.5
  if (exclamations === 0 && meanWords >= 8) marks.formal += 0.5
  if (exclamations === 0 && meanWords >= 6) marks.elegant += 0.5
  if (meanWords > 0 && meanWords <= 5) marks.bold += 0.5
  if (/[😂🤣😜😉🙃🤪😏]/u.test(text)) marks.playful += 1
  if (/[❤🧡💛💚💙💜🤗🥰😍🙏🤍🖤]/u.test(text)) marks.warm += 1
  if (/[🔥⚡💥🚀🎉🙌]/u.test(text)) marks.energetic += 1
  return { marks }
}

/** Tones that speak against the wanted ones and are not wanted themselves. */
export const opposedTones = (wanted: readonly Tone[]): Tone[] => [
  ...new Set(wanted.flatMap((tone) => OPPOSITES[tone] ?? []).filter((tone) => !wanted.includes(tone))),
]
