/** The orchestrator's sentences in both languages. */
import { pick } from '../words/language.ts'

const table = {
  help: {
    en: 'I run your social media. For example: “Cut this video into three vertical clips and publish them tomorrow at 18:00”, “shorten clip 2 to 10 seconds”, “new caption for clip 1”, “publish clip 3”, “cancel it”, “undo the last post”, “how did the last week go?”, “best time to post?”, “does this caption fit our voice: …”, “remember that our release is on 5 Dec”.',
    es: 'Llevo tus redes sociales. Por ejemplo: «Corta este vídeo en tres clips verticales y publícalos mañana a las 18:00», «acorta el clip 2 a 10 segundos», «otro texto para el clip 1», «publica el clip 3», «cancélalo», «deshaz la última publicación», «¿cómo fue la semana?», «¿mejor hora para publicar?», «¿encaja este texto con nuestra voz?: …», «recuerda que el estreno es el 5 de diciembre».',
  },
  greet: { en: 'Hello! What shall we do?', es: '¡Hola! ¿Qué hacemos?' },
  thank: { en: 'You are welcome.', es: 'De nada.' },
  unknown: {
    en: 'I did not find anything in that which I can do.',
    es: 'No he encontrado en ese mensaje nada que pueda hacer.',
  },
  'no-film': {
    en: 'no film is attached; upload one and ask again',
    es: 'no hay ninguna película adjunta; sube una y pídelo otra vez',
  },
  'asked-clips': { en: 'cutting clips', es: 'cortar clips' },
  'asked-publish': { en: 'publishing', es: 'publicar' },
  'asked-cancel': { en: 'cancelling', es: 'cancelar' },
  'asked-undo': { en: 'undoing', es: 'deshacer' },
  'asked-move': { en: 'moving to another time', es: 'cambiar la hora' },
  'asked-check': { en: 'the check', es: 'la revisión' },
  'asked-caption': { en: 'a new caption', es: 'un texto nuevo' },
  'asked-trim': { en: 'another length', es: 'otra duración' },
  'asked-format': { en: 'another format', es: 'otro formato' },
  'no-account': {
    en: 'no account is connected (`stakazo connect instagram`)',
    es: 'no hay ninguna cuenta conectada (`stakazo connect instagram`)',
  },
  'no-clips': {
    en: 'there are no clips in this conversation yet',
    es: 'en esta conversación todavía no hay clips',
  },
  'nothing-waits': { en: 'nothing is waiting to go out', es: 'no hay nada pendiente de salir' },
  'nothing-live': { en: 'nothing of it is live', es: 'no hay nada publicado' },
  'already-live': {
    en: 'it is published already; undo it first',
    es: 'ya está publicado; antes hay que deshacerlo',
  },
  'no-text': { en: 'there is neither a text nor a clip to look at', es: 'no hay texto ni clip que revisar' },
  'nothing-to-say': { en: 'Nothing is planned or waiting.', es: 'No hay nada planeado ni pendiente.' },
  'asked-part': { en: 'that', es: 'eso' },
} as const

export type Phrase = keyof typeof table
export const phrase = (key: Phrase, language: string): string => pick<string>(language, table[key])

/** How a publication stands, in one word or two. */
const STATES: Readonly<Record<string, { en: string; es: string }>> = {
  draft: { en: 'draft', es: 'borrador' },
  'awaiting-approval': { en: 'waiting for approval', es: 'esperando aprobación' },
  scheduled: { en: 'scheduled', es: 'programado' },
  claimed: { en: 'on its way', es: 'en camino' },
  armed: { en: 'on its way', es: 'en camino' },
  sent: { en: 'on its way', es: 'en camino' },
  accepted: { en: 'accepted by the network', es: 'aceptado por la red' },
  verified: { en: 'published', es: 'publicado' },
  unknown: { en: 'outcome not known yet', es: 'resultado aún desconocido' },
  failed: { en: 'failed', es: 'fallido' },
  missed: { en: 'missed its time', es: 'fuera de hora' },
  cancelled: { en: 'cancelled', es: 'cancelado' },
  held: { en: 'held', es: 'retenido' },
}
export const stateOf = (state: string, language: string): string => {
  const names = STATES[state]
  return names ? pick(language, names) : state
}
