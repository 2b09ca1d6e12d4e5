/** What the simulated audience writes, in Spanish and English, in four moods. */
import type { Random } from '../core/random.ts'

export const SENTIMENTS = ['positive', 'neutral', 'negative', 'spam'] as const
export type Sentiment = (typeof SENTIMENTS)[number]
export type VoiceLanguage = 'es' | 'en' | 'mixed'

const VOICES: Record<'es' | 'en', Record<Sentiment, readonly string[]>> = {
  es: {
    positive: [
      '¡Me encanta! 😍',
      'Qué maravilla, gracias por compartirlo 🙌',
      'Esto es justo lo que necesitaba hoy',
      'Sois los mejores, siempre sorprendéis',
      'Increíble cómo queda, enhorabuena al equipo 👏',
      'Lo he visto tres veces ya 😂',
      'Guardado para luego ❤️',
      'Por fin alguien lo explica bien',
      'Mi hija y yo lo probamos ayer y fue un éxito',
      'Qué ganas de volver a veros',
    ],
    neutral: [
      '¿Dónde se puede comprar?',
      '¿Hacéis envíos a Canarias?',
      '¿Qué precio tiene?',
      '¿Abrís los domingos?',
      'No sabía que existía, lo miraré',
      '¿Habrá segunda parte?',
      '¿Qué canción es la del vídeo?',
      '@{friend} mira esto',
      '¿Tenéis talla grande?',
      'Primera vez que os veo por aquí',
    ],
    negative: [
      'Antes molabais más, la verdad',
      'Mi pedido lleva dos semanas sin llegar y nadie contesta',
      'Demasiado caro para lo que es',
      'El audio se oye fatal 😕',
      'Otra vez lo mismo… un poco de originalidad',
      'Me llegó roto y no me devuelven el dinero',
      'Publicidad engañosa, en la tienda no era así',
    ],
    spam: [
      'Gana 500€ al día desde casa, escríbeme por privado 💸',
      'Seguidores reales y baratos en mi perfil 🔥🔥',
      '¡Has sido seleccionado! Reclama tu premio en mi bio',
    ],
  },
  en: {
    positive: [
      'Love this! 😍',
      'This made my day, thank you 🙌',
      'You never disappoint',
      'Okay, this is actually brilliant 👏',
      'Watched it three times already 😂',
      'Saving this for later ❤️',
      'Finally someone explains it properly',
      'Tried it yesterday, works like a charm',
      'The ending got me',
      'More of this please!',
    ],
    neutral: [
      'Where can I get one?',
      'Do you ship to Ireland?',
      'How much is it?',
      'Is there a part two?',
      'What song is this?',
      '@{friend} look at this',
      'Are you open on Sundays?',
      'Does it come in other colours?',
      'First time seeing you here',
      'When is the next one?',
    ],
    negative: [
      'Used to be better, honestly',
      'Two weeks waiting for my order and no answer',
      'Way too expensive for what it is',
      'The audio is terrible 😕',
      'Same thing again… a bit of originality?',
      'Mine arrived broken and support ignores me',
      'Misleading, it looks nothing like this in the shop',
    ],
    spam: [
      'Earn $500 a day from home, DM me 💸',
      'Real cheap followers on my profile 🔥🔥',
      'You have been selected! Claim your prize, link in bio',
    ],
  },
}

const FIRST_NAMES =
  'lucia marta pablo jorge carla ines dani sofia leo nora alex emma noah maya oscar ruth hugo vera'.split(' ')
const SECOND_NAMES =
  'garcia runs bakes photo viajes lee costa moreno arts home fit studio vidal green rios lane'.split(' ')

export interface Voice {
  username: string
  text: string
  sentiment: Sentiment
  likes: number
}

/** One comment; `mood` fixes its sentiment, otherwise most are kind, some ask, few complain, very few sell. */
export function speak(random: Random, language: VoiceLanguage, mood?: Sentiment): Voice {
  const sentiment = mood ?? drawSentiment(random.next())
  const tongue = language === 'mixed' ? (random.next() < 0.6 ? 'es' : 'en') : language
  const texts = VOICES[tongue][sentiment]
  const username = handle(random)
  return {
    username,
    sentiment,
    text: (texts[random.int(texts.length)] ?? '').replace('{friend}', handle(random)),
    likes: sentiment === 'spam' ? 0 : random.int(12),
  }
}

function drawSentiment(draw: number): Sentiment {
  if (draw < 0.58) return 'positive'
  if (draw < 0.85) return 'neutral'
  return draw < 0.96 ? 'negative' : 'spam'
}

const handle = (random: Random) =>
  `${FIRST_NAMES[random.int(FIRST_NAMES.length)]}.${SECOND_NAMES[random.int(SECOND_NAMES.length)]}${10 + random.int(90)}`
