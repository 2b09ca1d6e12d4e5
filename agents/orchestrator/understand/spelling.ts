/** Mends common slips ("verticla", "instgram", "publcar") towards words that matter here; leaves every real word alone. */
import { distance } from 'fastest-levenshtein'

const WORDS =
  `clips captions caption vertical verticals verticales square squares cuadrado cuadrados horizontal landscape
instagram tiktok youtube facebook publish publishing publica publicalo publicalos publicarlos publicar publiques schedule
programa programar tomorrow today tonight manana monday tuesday wednesday thursday friday saturday sunday lunes martes
miercoles jueves viernes sabado domingo seconds second segundos segundo minutes minute minutos minuto hashtags hashtag
shorten acorta acortar cancel cancela cancelar report informe reporte video videos corta cortar cortame escribe textos
borradores borrador drafts draft without please three four remember recuerda anomalies anomalias metrics metricas
comments comentarios spanish english espanol ingles compliance voice reels followers seguidores emoji emojis
reschedule reprograma highlights momentos deshaz twenty thirty fifteen quince veinte treinta week semana write twelve`
    .split(/\s+/)
    .filter(Boolean)
const KNOWN = new Set(WORDS)

/** Real words one slip away from ours. */
const REAL = new Set(
  `cancer cancels canceled cancelled cancelado corto cortas cortes corte carta cortos cuatro cuatros noticias videoclip
  public publico publicado publicada publicacion publicaciones published publishes publicaste publicamos publicas publiquen publique
  waiting whiting white wrote written writes weekly weeks weak tree there those these through their
  reports reported reporter reportes reels informal informed informes secondly secondary minuter minutely
  programas programs programme programmer scheduled scheduler schedules script scripts cover covers video's
  voices vices choice textiles text texts contexto pretexto textil escribes escriba escribir escribo
  today's todays todo todos toda todas manager managed mandame mandar mandan remembers remembered reminder
  recuerdas recuerdo draft's drafted drafter plan please pleased pleases squared squarely verticality vertically
  captioned captioning captions' comment comentario followed follower following semanas semanal momento moment moments
  shorter shortened shorten's acorto acortas reduce reel tonight's sunday's english's lances lanza quiere quince's
  twelfth clip clipped clipping flips chips ships slips tips four's your hour hours fourth free fours
  anomaly anomalia metric metrica highlight compliant complaint complaints emoji's tuesdays mondays marte martas
  viernes' domingos sabados corten corto cuadrada cuadradas mejor escrito escrita escritos textual written`
    .split(/\s+/)
    .filter(Boolean),
)

/** Endings of real words; what carries one is more likely a form than a slip. */
const INFLECTED =
  /(?:ad[oa]s?|id[oa]s?|[ai]ndo|iendo|aron|amos|aste|abas?|aran?|arias?|ed|ing|ers?|ly|ciones|cion)$/

/** One slip in words of five letters, two from nine; a swap of neighbours is one slip. */
function isSlipOf(word: string, known: string): boolean {
  if (word[0] !== known[0] && word.slice(0, 2) !== `${known[1]}${known[0]}`) return false
  const allowed = known.length >= 9 ? 2 : 1
  if (Math.abs(word.length - known.length) > allowed) return false
  return distance(word, known) <= allowed || isSwap(word, known)
}

function isSwap(word: string, known: string): boolean {
  if (word.length !== known.length) return false
  const at = [...word].findIndex((letter, index) => letter !== known[index])
  return (
    at >= 0 &&
    word[at] === known[at + 1] &&
    word[at + 1] === known[at] &&
    word.slice(at + 2) === known.slice(at + 2)
  )
}

export function mendSpelling(plain: string, keep: ReadonlySet<string>): string {
  return plain.replace(/(?<![@\w.])[a-z]{4,}(?![\w@])/g, (word) => {
    if (KNOWN.has(word) || REAL.has(word) || INFLECTED.test(word) || keep.has(word)) return word
    const near = WORDS.filter((known) => known.length >= 5 && isSlipOf(word, known))
    return near.length > 0 ? (near.sort((a, b) => distance(word, a) - distance(word, b))[0] ?? word) : word
  })
}
