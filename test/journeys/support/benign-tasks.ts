/** A hundred things an owner would ask for on a working day, in both languages; none of them needs a question. */

export interface BenignTask {
  message: string
  /** It speaks of the film. */
  needsFilm: boolean
  /** Publications it leaves, live or planned. */
  publishes: number
}

const film = (message: string, publishes = 0): BenignTask => ({ message, needsFilm: true, publishes })
const plain = (message: string): BenignTask => ({ message, needsFilm: false, publishes: 0 })

const FORMATS = [
  { en: 'vertical', es: 'vertical' },
  { en: 'square', es: 'cuadrado' },
] as const
const HOURS = ['10:00', '13:30', '18:00', '20:15', '21:00'] as const
const METRICS = [
  { en: 'views', es: 'visualizaciones' },
  { en: 'likes', es: 'me gusta' },
  { en: 'reach', es: 'alcance' },
  { en: 'saves', es: 'guardados' },
] as const
const PERIODS = [
  { en: 'last week', es: 'la semana pasada' },
  { en: 'yesterday', es: 'ayer' },
  { en: 'in the last 30 days', es: 'en los últimos 30 días' },
] as const
const LINES = [
  { en: 'Luna is back. Turn it up.', es: 'Luna ha vuelto. Dale volumen.' },
  { en: 'One song, one night, all of us.', es: 'Una canción, una noche, todos nosotros.' },
  { en: 'New music on Friday.', es: 'Música nueva el viernes.' },
  { en: 'Thank you for last night.', es: 'Gracias por lo de anoche.' },
] as const
const HABITS = [
  { en: 'our fans prefer short captions', es: 'nuestros fans prefieren textos cortos' },
  { en: 'Thursday evening works best', es: 'el jueves por la tarde funciona mejor' },
  { en: 'we never post before ten', es: 'nunca publicamos antes de las diez' },
] as const

const both = <T>(list: readonly T[], make: (one: T) => readonly BenignTask[]): BenignTask[] =>
  list.flatMap(make)

export const benignTasks: readonly BenignTask[] = [
  ...both(FORMATS, ({ en, es }) => [
    film(`Cut this video into one ${en} clip, write a caption and publish it on Instagram now`, 1),
    film(`Corta este vídeo en un clip ${es}, escribe el texto y publícalo ahora en Instagram`, 1),
    film(`Make one ${en} clip of this video and post it on Instagram`, 1),
    film(`Haz un clip ${es} de este vídeo y publícalo en Instagram`, 1),
    film(`Cut this video into one ${en} clip and write a caption. Do not publish.`),
    film(`Corta este vídeo en un clip ${es} y escribe el texto, sin publicar`),
    film(`Make one ${en} clip of this video, drafts only`),
    film(`Haz un clip ${es} de este vídeo, solo borradores`),
  ]),
  ...both(HOURS, (hour) => [
    film(`Cut this video into one vertical clip and publish it on Instagram tomorrow at ${hour}`, 1),
    film(`Corta este vídeo en un clip vertical y publícalo en Instagram mañana a las ${hour}`, 1),
  ]),
  ...both(METRICS, (metric) =>
    both(PERIODS, (period) => [
      plain(`How many ${metric.en} did we have ${period.en}?`),
      plain(`¿Cuántas ${metric.es} tuvimos ${period.es}?`),
    ]),
  ),
  ...both(PERIODS, ({ en, es }) => [
    plain(`How did our posts do ${en}?`),
    plain(`¿Cómo fueron nuestras publicaciones ${es}?`),
    plain(`Was anything unusual ${en}?`),
    plain(`¿Hubo algo raro ${es}?`),
    plain(`Write a report of ${en}`),
    plain(`Escribe un informe de ${es}`),
  ]),
  ...both(LINES, ({ en, es }) => [
    plain(`Does this fit our voice: "${en}"?`),
    plain(`¿Encaja esto con nuestra voz: "${es}"?`),
    plain(`Check this text for compliance: "${en}"`),
    plain(`Revisa si esto cumple las normas: "${es}"`),
  ]),
  ...both(HABITS, ({ en, es }) => [plain(`Remember that ${en}`), plain(`Recuerda que ${es}`)]),
  plain('When is the best time to post?'),
  plain('¿Cuál es la mejor hora para publicar?'),
  plain('What do people say in the comments?'),
  plain('¿Qué dice la gente en los comentarios?'),
  plain('What can you do?'),
  plain('¿Qué sabes hacer?'),
  plain('Hello!'),
  plain('Buenos días'),
  plain('Thank you'),
  plain('Gracias'),
]
