/** The two languages the playbooks speak, and how one is told from the other in a short request. */
export type Lang = 'en' | 'es'

/** A brand's or person's language tag as one the playbooks write; undefined when they do not. */
export function findLang(tag: string): Lang | undefined {
  const base = tag.slice(0, 2).toLowerCase()
  return base === 'en' || base === 'es' ? base : undefined
}

/** Picks the wording; languages the playbooks do not write read English, the one most people share. */
export const pick = <T>(tag: string, wording: Readonly<Record<Lang, T>>): T => wording[findLang(tag) ?? 'en']

const MARKERS: Record<Lang, ReadonlySet<string>> = {
  en: new Set(
    'the this that and with write make cut into them please for on of it is are how did do don not publish post today tomorrow what when which our my your clip voice hi hello thanks to at last shorten cancel undo new check show report week best time any without only help can you captions remember move should first second friday monday tuesday wednesday thursday saturday sunday from these videos film get give'.split(
      ' ',
    ),
  ),
  es: new Set(
    'el la los las un una unos unas y con para por en de del que este esta estos esto video videos corta cortame haz hazme escribe publica publicalos publicalo hoy manana como cuando cual nuestra nuestro mi tu hola gracias sin solo no acorta cancela deshaz nuevo nueva otro otra revisa informe semana mejor hora texto textos marca voz ayer recuerda mueve al lo ya quiero necesito sube saca crea genera verticales ayuda puedes fue fueron estan va dame borra retira viernes lunes martes miercoles jueves sabado domingo segundos suena nosotros algo muestrame deshazlo ahora entre tal vez podrias busca hazlo pon ponle historias lanza deja envia cada'.split(
      ' ',
    ),
  ),
}
/** Spanish verbs carry their objects: publícalos, cancélalo. */
const CLITIC = /^[a-z]{4,}(?:[aeiz]r?l[oae]s?|ame|eme)$/
/** Words of both lists decide nothing. */
const SHARED = new Set(['no', 'video', 'videos', 'a'])

const SPANISH_SIGNS = /[ñáéíóú¿¡]/i

/**
 * Which of the two languages a plain (accent-free, lower case) text is in; undefined when its words do not tell. Given as
 * it was written too, its accents decide a draw.
 */
export function detectLang(plain: string, written = ''): Lang | undefined {
  const score: Record<Lang, number> = { en: 0, es: 0 }
  for (const word of plain.split(/[^a-z]+/)) {
    if (SHARED.has(word)) continue
    if (CLITIC.test(word)) score.es += 1
    if (MARKERS.en.has(word)) score.en += 1
    if (MARKERS.es.has(word)) score.es += 1
  }
  if (score.en === score.es) return SPANISH_SIGNS.test(written) ? 'es' : undefined
  return score.en > score.es ? 'en' : 'es'
}
