/** The sentences of reading, in both languages; `%` stands for the thing spoken of. */
import type { Lang } from '../../words/language.ts'

const SENTENCES: Readonly<Record<string, Readonly<Record<Lang, string>>>> = {
  network: {
    en: '% is not live yet; Instagram is',
    es: '% todavía no está disponible; Instagram sí',
  },
  account: {
    en: 'that account is not connected (connected: %)',
    es: 'esa cuenta no está conectada (conectadas: %)',
  },
  reconnect: {
    en: 'the account must be connected again first (`stakazo connect instagram`)',
    es: 'antes hay que volver a conectar la cuenta (`stakazo connect instagram`)',
  },
  paused: { en: 'the account is paused', es: 'la cuenta está en pausa' },
  tongue: {
    en: 'the rules write English and Spanish; % needs a model',
    es: 'las reglas escriben en inglés y español; % necesita un modelo',
  },
  'asked-time': { en: 'that publishing time', es: 'esa hora de publicación' },
  past: { en: 'it is in the past', es: 'ya ha pasado' },
  'no-such-day': { en: 'there is no such day', es: 'ese día no existe' },
  links: {
    en: 'Links are not opened; attach the film as a file.',
    es: 'Los enlaces no se abren; adjunta la película como archivo.',
  },
  cut: {
    en: 'The message is very long; I read its first 4,000 characters.',
    es: 'El mensaje es muy largo; he leído sus primeros 4.000 caracteres.',
  },
  count: { en: 'At most % clips come from one request.', es: 'De una petición salen como mucho % clips.' },
  contradiction: {
    en: 'You said both to publish and not to publish; I publish nothing until you say so.',
    es: 'Has dicho publicar y no publicar; no publico nada hasta que lo confirmes.',
  },
  'moved-to-evening': {
    en: 'That hour is over this morning, so I read it as %.',
    es: 'Esa hora ya pasó esta mañana, así que la leo como %.',
  },
  'moved-a-week': {
    en: 'That hour is over today, so I read it as %.',
    es: 'Esa hora ya pasó hoy, así que la leo como %.',
  },
  'hour-assumed': { en: 'No exact hour was named; I take %.', es: 'No se dijo una hora exacta; tomo %.' },
  'hour-does-not-exist': {
    en: 'The clocks skip that hour; I take %.',
    es: 'Esa hora no existe por el cambio de hora; tomo %.',
  },
  'day-first': { en: 'I read the date day first: %.', es: 'Leo la fecha como día y mes: %.' },
  'month-first': { en: 'I read the date month first: %.', es: 'Leo la fecha como mes y día: %.' },
}

export const say = (key: string, language: Lang, thing = ''): string =>
  (SENTENCES[key]?.[language] ?? key).replace('%', thing || '-')
