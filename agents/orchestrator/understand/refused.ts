/**
 * What nobody here does, by name: never (bought engagement, other people's data), not by design (approvals cannot be
 * skipped) or not yet. Each row says why in both languages; the doable rest of a message is done.
 */
import type { Lang } from '../../words/language.ts'
import type { Field } from './field.ts'
import { isDenied } from './negation.ts'

export interface Refusal {
  asked: string
  because: string
}

type Wording = Readonly<Record<Lang, string>>
interface Row {
  asked: Wording
  because: Wording
  pattern: RegExp
  /** Names another way of publishing: what cannot go out like that does not go out in some other way instead. */
  isInsteadOfPosting: boolean
}

const row = (
  asked: [string, string],
  because: [string, string],
  pattern: RegExp,
  isInsteadOfPosting = false,
): Row => ({
  isInsteadOfPosting,
  asked: { en: asked[0], es: asked[1] },
  because: { en: because[0], es: because[1] },
  pattern,
})

const NEVER: [string, string] = [
  'it breaks the networks’ terms and this product never does it',
  'incumple las normas de las redes y este producto no lo hace nunca',
]
const NOT_YET: [string, string] = ['it is not built yet', 'todavía no está hecho']
const BY_HAND: [string, string] = [
  'accounts are changed by their owner on the network itself',
  'las cuentas las cambia su dueño en la propia red',
]

const BUY =
  '(?:buy|buying|purchase|get (?:me )?fake|fake|generate fake|compra(?:r|me|nos)?|consigue(?:me)? .{0,12}fals[oa]s|fals[oa]s|bot)'
const FANS =
  '(?:followers?|fans|likes?|views?|comments?|reviews?|plays?|subscribers?|seguidores|me gusta|visualizaciones|visitas|comentarios|resenas|reproducciones|suscriptores|bots?)'

const REFUSED: readonly Row[] = [
  row(
    ['buy engagement', 'comprar interacciones'],
    NEVER,
    new RegExp(
      `\\b${BUY}\\b(?: [\\w·.,]+){0,4}? ${FANS}\\b|\\b${FANS} (?:falsos|falsas|comprados|fake)\\b`,
      'g',
    ),
  ),
  row(
    ['follow automation', 'seguir cuentas en automático'],
    NEVER,
    /\b(?:(?:auto|mass|mass-|auto-)[- ]?(?:un)?follow|(?:un)?follow (?:back |all |every|them|people|users|accounts|\w+ (?:people|users|accounts|followers)|our|the|@)|(?:sigue|seguir|siguelos|dejar? de seguir) (?:a |cuentas|usuarios|gente))[\w @]{0,25}/g,
  ),
  row(
    ['like automation', 'dar me gusta en automático'],
    NEVER,
    /\b(?:auto[- ]?like|(?<!(?:would|'d|looks?|feels?|sounds?|more) )like (?:all|every|other|their|people|posts|photos|the posts|\d+|comments)|give likes?|(?:da|dale|dar|dales|reparte) (?:un )?(?:me gusta|likes?))[\w ]{0,25}/g,
  ),
  row(
    ['comments on other people’s posts', 'comentar publicaciones ajenas'],
    NEVER,
    /\b(?:(?:auto[- ]?)?comment (?:on|under)|spam|leave comments|(?:comenta|deja comentarios) (?:en|bajo|a))\b[\w ]{0,25}/g,
  ),
  row(
    ['scraping', 'extraer datos de terceros (scraping)'],
    NEVER,
    /\b(?:scrap(?:e|ing)|crawl|harvest|scrapea(?:r)?|rasca(?:r)?|extrae(?:r)? (?:los )?(?:datos|correos|emails|perfiles)|raspa(?:r)?)\b[\w ']{0,30}/g,
  ),
  row(
    ['getting into other accounts', 'entrar en cuentas ajenas'],
    NEVER,
    /\b(?:hack|hackea(?:r)?|steal|roba(?:r)?|phish|break into|crack)\b[\w ]{0,25}/g,
  ),
  row(
    ['skipping the approval', 'saltarse la aprobación'],
    [
      'approvals follow the owner’s policy and no message can lift them',
      'las aprobaciones siguen la política del dueño y ningún mensaje puede quitarlas',
    ],
    /\b(?:without|skip(?:ping)?|bypass(?:ing)?|ignore|ignoring|disable|turn off|sin|salta(?:rte|te|r|ndote)?|ignora(?:r|ndo)?|desactiva(?:r)?) (?:(?:the|my|any|asking|waiting|la|las|mi|pedir|esperar|todas|for|a|all) ){0,3}(?:approvals?|aprobacion(?:es)?|permission|permiso|confirmation|confirmacion|limits?|limites?|polic(?:y|ies)|politicas?|checks?|compliance)\b/g,
  ),
  row(
    ['removing a watermark', 'quitar una marca de agua'],
    ['a watermark says whose film it is', 'una marca de agua dice de quién es la película'],
    /\b(?:remove|erase|hide|blur|quita(?:r|le)?|borra(?:r)?|elimina(?:r)?|tapa(?:r)?) (?:the |la |las |el |any )?(?:watermarks?|marcas? de agua|logo of|logo de)\b[\w ]{0,15}/g,
  ),
  row(
    ['downloading other people’s films', 'descargar películas ajenas'],
    [
      'films come in as uploads whose rights somebody confirmed; links are not opened',
      'las películas entran como subidas con derechos confirmados; los enlaces no se abren',
    ],
    /\b(?:download|rip|grab|descarga(?:r|te|me)?|bajate|baja(?:r)? (?:el|un|los))\b[\w ]{0,30}(?:video|film|reel|clip|from|de|youtube|tiktok|§)?/g,
  ),
  row(
    ['deleting or closing an account', 'borrar o cerrar una cuenta'],
    BY_HAND,
    /\b(?:delete|close|deactivate|remove|disable|borra(?:r)?|elimina(?:r)?|cierra|cerrar|desactiva(?:r)?|da de baja) (?:(?:the|my|our|this|la|mi|nuestra|esta|una|an) )?(?:(?:instagram|insta|tiktok|brand) )?(?:account|profile|page|cuenta|perfil|pagina)\b[\w ]{0,15}/g,
  ),
  row(
    ['changing passwords or profiles', 'cambiar contraseñas o perfiles'],
    BY_HAND,
    /\b(?:change|update|edit|reset|set|cambia(?:r)?|actualiza(?:r)?|edita(?:r)?|pon) (?:(?:the|my|our|a|la|mi|nuestra|el|una|new|nueva) ){0,2}(?:password|bio|biography|profile(?: (?:photo|picture|pic))?|username|handle|avatar|contrasena|biografia|foto de perfil|perfil|nombre de usuario|verification|privacidad)\b/g,
  ),
  row(
    ['getting verified', 'la verificación'],
    BY_HAND,
    /\b(?:get (?:us|me|it)? ?verified|blue (?:check|tick|badge)|verifica(?:r)? (?:la |mi |nuestra )?cuenta|insignia azul)\b/g,
  ),
  row(
    ['paid ads', 'anuncios de pago'],
    NOT_YET,
    /\b(?:(?:tik ?tok|facebook|instagram|meta|google|paid|youtube|linkedin) (?:ads?|advertis\w+|campaigns?)|(?:run|launch|create|start|set up|buy|make) (?:an? |some |new |the )?(?:paid )?(?:ads?|campaigns?|adverts?)|boost(?: (?:it|this|them|the post|that))?|sponsor (?:it|this|the post)|(?:lanza|crea|haz|monta|pon|activa) (?:un |una |unos |unas )?(?:anuncios?|campanas?(?: de pago)?|publicidad)|anuncios? (?:de pago|en \w+)|promociona(?:lo|los|r)?(?: con dinero)?|pauta(?:r)?(?: publicitaria)?|publicidad pagada)\b[\w ]{0,10}/g,
  ),
  row(
    ['spending money', 'gastar dinero'],
    NOT_YET,
    /\b(?:spend|invest|gasta(?:r)?|invierte|invertir) (?:up to |hasta |unos )?(?:[$€£] ?)?\d[\d.,]* ?(?:[$€£]|usd|eur|euros?|dollars?|dolares)?[\w ]{0,20}|\b(?:raise|increase|sube|aumenta) (?:the |el )?(?:budget|presupuesto)\b/g,
  ),
  row(
    ['e-mails', 'correos electrónicos'],
    NOT_YET,
    /\b(?:(?:send|write|envia(?:r)?|manda(?:r)?|enviame|mandame|escribe)(?: [\w@.]+){0,3} (?:e-?mails?|newsletters?|mails?|correos?(?: electronicos?)?|boletin(?:es)?)|e-?mail (?:it|them|me|us|the|our|this|every)[\w ]{0,20}|(?:por|by|via) (?:e-?mail|correo))\b/g,
  ),
  row(
    ['text messages', 'mensajes de texto'],
    NOT_YET,
    /\b(?:send|envia|manda|enviar|mandar) (?:[\w]+ ){0,3}?(?:sms|texts?|whats ?apps?|telegrams?)(?: messages?)?\b[\w ]{0,20}/g,
  ),
  row(
    ['direct messages', 'mensajes directos'],
    NOT_YET,
    /\b(?:dm|dms|direct messages?|message (?:all|every|our|my|the|people|followers|him|her|them)|mensajes? (?:directos?|privados?|a )|mensajea(?:r)?|mds?)\b[\w ]{0,25}/g,
  ),
  row(
    ['replies to comments', 'responder comentarios'],
    NOT_YET,
    /\b(?:reply|respond|answer|responde(?:r)?|contesta(?:r)?) (?:to )?(?:(?:all|the|every|our|each|those|a|los|las|todos|cada|nuestros) ){0,3}(?:comments?|comentarios?|messages?|mensajes?|people|gente|followers|seguidores|dms?)\b/g,
  ),
  row(
    ['deleting or hiding comments', 'borrar u ocultar comentarios'],
    NOT_YET,
    /\b(?:delete|hide|remove|block|borra(?:r)?|oculta(?:r)?|elimina(?:r)?|bloquea(?:r)?) (?:(?:all|the|every|bad|negative|those|los|las|todos|malos|que|a) ){0,3}(?:comments?|comentarios?(?: negativos)?|users?|usuarios?|haters|trolls|people|gente)\b/g,
  ),
  row(['stories', 'historias'], NOT_YET, /\b(?:(?:instagram |insta )?stor(?:y|ies)|historias?)\b/g, true),
  row(['carousels', 'carruseles'], NOT_YET, /\b(?:carousels?|carrusel(?:es)?)\b/g, true),
  row(
    ['live streams', 'directos'],
    NOT_YET,
    /\b(?:live ?streams?|livestreaming|stream live|retransmi\w+|en directo|un directo)\b/g,
    true,
  ),
  row(
    ['photo posts', 'publicaciones de fotos'],
    NOT_YET,
    /\b(?:(?:post|publish|upload|sube|publica) (?:this |a |the |esta |una |la |some |unas )?(?:photos?|pictures?|images?|fotos?|imagen(?:es)?))\b/g,
    true,
  ),
  row(
    ['generated pictures or films', 'imágenes o vídeos generados'],
    NOT_YET,
    /\b(?:generate|draw|paint|design|genera(?:r|me)?|dibuja(?:r)?|disena(?:r)?|create|crea(?:me)?) (?:an? |some |un |una |unas |unos )?(?:ai |new )?(?:image|picture|logo|poster|banner|photo|avatar|imagen(?:es)?|cartel|foto|logotipo|animation|animacion|video con ia|ai video)s?\b(?: (?:with|con) (?:ai|ia))?/g,
  ),
  row(
    ['voice-over', 'voz en off'],
    NOT_YET,
    /\b(?:voice[- ]?overs?|narrat(?:e|ion)|voz en off|locucion|narracion|dub(?:bing)?|dobla(?:r|je)|doblalo)\b[\w ]{0,12}/g,
  ),
  row(
    ['burned-in subtitles', 'subtítulos incrustados'],
    NOT_YET,
    /\b(?:(?:burn(?:ed)?[- ]?(?:in)? )?subtitl(?:e|es|ed|ing)|closed captions|subtitul(?:o|os|a|ar|alos|alo|ado))\b/g,
  ),
  row(
    ['adding music', 'añadir música'],
    NOT_YET,
    /\b(?:add|put|use|insert|mix in|anade(?:le|les)?|pon(?:le|les)?|mete(?:le)?|agrega(?:le)?) (?:(?:some|a|the|trending|background|un|una|la|de|algo|popular) ){0,3}(?:music|songs?|audio|soundtrack|sound|beat|musica|cancion(?:es)?|sonido|banda sonora)\b[\w ]{0,12}/g,
  ),
  row(
    ['effects or filters', 'efectos o filtros'],
    NOT_YET,
    /\b(?:add|apply|put|anade|aplica|pon(?:le|les)?|mete) (?:(?:some|a|the|un|una|unos|cool|color) ){0,3}(?:effects?|filters?|transitions?|stickers?|slow ?motion|efectos?|filtros?|transiciones|pegatinas|camara lenta|color grad\w+|logo|texto en pantalla|on-screen text|zooms?)\b/g,
  ),
  row(
    ['posting again and again by itself', 'publicar de forma periódica'],
    [
      'recurring work is a cycle in agents.yaml, not a message',
      'lo periódico es un ciclo de agents.yaml, no un mensaje',
    ],
    /\b(?:every (?:day|week|hour|morning|monday|tuesday|wednesday|thursday|friday|saturday|sunday|month)|(?:daily|weekly|hourly)(?! (?:reports?|summary|numbers|metrics|stats|results|review))|each (?:day|week)|cada (?:dia|semana|hora|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo|mes)|todos los (?:dias|lunes|martes|miercoles|jueves|viernes|sabados|domingos)|diariamente|semanalmente|a diario)\b/g,
    true,
  ),
  row(
    ['a promise of results', 'prometer resultados'],
    ['nobody can promise how people react', 'nadie puede prometer cómo reacciona la gente'],
    /\b(?:guarantee|make (?:it|this|them|us) (?:go )?viral|go viral|garantiza(?:r|me)?|hazlo viral|hazlos virales|que se haga(?:n)? viral(?:es)?)\b[\w ]{0,25}/g,
  ),
  row(
    ['competitor research', 'investigar a la competencia'],
    NOT_YET,
    /\b(?:competitors?|competitor'?s|competidor(?:es)?|competencia|rivals?|rivales)\b[\w ]{0,20}/g,
  ),
  row(
    ['trend research', 'buscar tendencias'],
    NOT_YET,
    /\b(?:trending (?:topics?|hashtags?|sounds?)|(?:find|search|look for|what are the|busca|encuentra|cuales son las) (?:the |las |new |nuevas )?(?:trends?|tendencias)|what(?:'s| is) trending|que es tendencia|tendencias)\b[\w ]{0,12}/g,
  ),
  row(
    ['a content calendar or strategy', 'un calendario o estrategia de contenidos'],
    NOT_YET,
    /\b(?:content (?:calendar|plan|strategy)|(?:marketing|social media|growth) (?:strategy|plan)|calendario (?:de contenidos?|editorial)|estrategia(?: de (?:contenidos?|marketing|redes|crecimiento))?|plan de (?:contenidos?|marketing))\b/g,
  ),
  row(
    ['PDF, slides or spreadsheets', 'PDF, diapositivas u hojas de cálculo'],
    ['reports come as Markdown or HTML', 'los informes salen en Markdown o HTML'],
    /\b(?:(?:as|in|a|into|en|un) )?(?:pdf|powerpoint|pptx?|slides?|excel|xlsx|spreadsheet|csv|diapositivas|hoja de calculo|word document|docx)\b/g,
  ),
  row(
    ['forecasts', 'previsiones'],
    NOT_YET,
    /\b(?:forecast|predict|project)\b[\w ]{0,20}|\b(?:predice|pronostica|preve|prevision(?:es)?|pronostico)\b[\w ]{0,20}/g,
  ),
  row(
    ['invoices or payments', 'facturas o pagos'],
    ['money matters outside social media are not its job', 'el dinero fuera de las redes no es su trabajo'],
    /\b(?:invoices?|pay (?:the|my|our|for)|refund|facturas?|pagar?(?:le)? (?:a|la|el|los)|reembols\w+|transfer(?:encia)? (?:money|de dinero))\b/g,
  ),
  row(
    ['location or product tags', 'etiquetas de lugar o producto'],
    NOT_YET,
    /\b(?:(?:add|set|tag|pon|anade|etiqueta) (?:the |a |la |el |una )?(?:location|place|products?|ubicacion|lugar|geotag|productos?))\b/g,
  ),
  row(
    ['collaborators or giveaways', 'colaboraciones o sorteos'],
    NOT_YET,
    /\b(?:invite (?:a |the )?collaborators?|collab post|giveaways?|sorteos?|influencers?|invita (?:a )?colabora\w+)\b[\w ]{0,15}/g,
  ),
]

/** Takes what is refused out of the field; "don't buy followers" asks for nothing. */
export function takeRefused(
  field: Field,
  language: Lang,
): { refusals: Refusal[]; isInsteadOfPosting: boolean } {
  const refusals: Refusal[] = []
  let isInstead = false
  for (const { asked, because, pattern, isInsteadOfPosting } of REFUSED) {
    const found = field.take(pattern, (_, at) => (isDenied(field.rest().slice(0, at)) ? 'denied' : 'asked'))
    if (found.some((mention) => mention.value === 'asked')) {
      refusals.push({ asked: asked[language], because: because[language] })
      isInstead ||= isInsteadOfPosting
    }
  }
  return { refusals, isInsteadOfPosting: isInstead }
}
