/** What is asked, as verbs: where in the message, which verb, and whether it was turned round. */
import type { Field, Mention } from './field.ts'
import { isDenied } from './negation.ts'

export type Act =
  | 'remember'
  | 'undo'
  | 'cancel'
  | 'move'
  | 'trim'
  | 'check'
  | 'report'
  | 'anomalies'
  | 'best-times'
  | 'comments'
  | 'measure'
  | 'status'
  | 'draft'
  | 'schedule'
  | 'publish'
  | 'caption'
  | 'cut'
  | 'make'
  | 'help'
  | 'greet'
  | 'thank'

export interface ActMention {
  act: Act
  isDenied: boolean
}

/** Spanish verbs take their objects along: publícalo, súbelos, córtame. */
const OBJ = '(?:me|te|le|les|lo|la|los|las|nos|melo|mela|melos|melas|noslo|noslos)?'
const es = (...stems: string[]): string => `(?:${stems.join('|')})${OBJ}`

/** Nouns in these settings are no verbs: "the last post", "nuestros posts". */
const NOUN_BEFORE =
  '(?<!\\b(?:the|last|latest|this|that|my|our|your|a|an|each|every|per|of|all|any|these|those|no|best|new|recent|previous|el|los|la|las|ultimo|ultimos|nuestro|nuestros|mi|mis|un|este|ese|esos|cada|de|del|cuantos|one|two|three|four|five|\\d) )'

const POST = `${NOUN_BEFORE}(?:re)?posts?(?:ing)?(?! (?:do|did|perform|went|were|was|are|is|doing)\\b)`

/** In this order: what an earlier row takes, a later one never sees. */
const SOURCES: readonly (readonly [Act, string])[] = [
  [
    'remember',
    `\\b(?:remember|keep in mind|don'?t forget that|do not forget that|note that|take note|make a note|for the record|fyi|${es('recuerda', 'recordad', 'apunta', 'anota')}|ten(?:ed)? (?:en cuenta|presente)|no (?:te )?olvides que|que sepas que)\\b`,
  ],
  [
    'report',
    `\\b(?:(?:make|write|give|send|prepare|create|haz|hazme|dame|prepara|preparame|escribe|genera|quiero|crea)(?: \\w+){0,3} )?(?:reports?|informes?|reportes?)\\b`,
  ],
  [
    'best-times',
    `\\b(?:(?:what(?:'s| is| are)?|which|cual(?:es)? (?:es|son)|find|dime|tell me)(?: \\w+){0,3} )?(?:best|mejor|mejores|optimal) (?:\\w+ )?(?:(?:times?|hours?|days?|slots?|horas?|horarios?|dias?)(?: (?:to|for|para|de) (?:post|publish|posting|publishing|upload|publicar|subir|postear))?|(?:moments?|momentos?) (?:to|for|para|de) (?:post|publish|posting|publishing|publicar|subir|postear))|\\bwhen (?:should|shall|do|can) (?:we|i) (?:post|publish)|\\bwhen (?:to|is it best to) (?:post|publish)|\\b(?:cuando|a que hora)(?: \\w+){0,3} (?:publicar|publicamos|publico|subir|postear|deberiamos publicar)|\\ba que hora\\b`,
  ],
  [
    'anomalies',
    `\\b(?:anomal\\w+|outliers?|unusual|(?:anything|something|algo) (?:strange|odd|weird|unusual|raro|extrano)|spikes?|sudden (?:drop|rise|jump)s?|drops?(?= in)|valores? atipicos?|comportamientos? (?:raros?|extranos?)|picos?|caidas?|rar[oa]s?|extran[oa]s?)\\b`,
  ],
  [
    'comments',
    `\\b(?:(?:read|show|summari[sz]e|list|see|lee|leer|muestra|resume|ensena)(?:me)? (?:\\w+ ){0,3}(?:comments?|comentarios?)|what (?:are|do|did) (?:people|they|followers|fans|users)(?: are)? (?:saying|say|comment\\w*|think|writing)|que (?:dice|dicen|opina|opinan|comenta|comentan|piensa|piensan|escriben?)(?: la)?(?: gente| los seguidores)?|(?:any|new|the|los|hay|nuevos) (?:new |nuevos )?(?:comments|comentarios))\\b`,
  ],
  [
    'measure',
    `\\b(?:how (?:did|do|does|is|are|was|were|have|has|well)\\b(?! you\\b)|what (?:was|is|were|are) (?:the|our|my) (?:reach|views|engagement|likes|numbers|metrics|stats|performance|results)|how many (?:views|likes|followers|comments|people)|metrics?|stats?|statistics|analytics|insights|performance|results|engagement rate|numbers|como (?:fue|fueron|va|van|vamos|ha ido|han ido|esta yendo|funciono|funcionaron|funciona|funcionan|rindio|rindieron|le fue|les fue)|que tal (?:fue|fueron|va|van|la|el|los|las|ha ido)|metricas?|estadisticas?|analitica|analiticas|rendimiento|resultados|cuant[oa]s (?:vistas|visualizaciones|me gusta|likes|seguidores|comentarios|personas)|(?:cual|que) (?:fue|es|ha sido) (?:el|nuestro) alcance|numeros|resumen de (?:la semana|el mes|resultados|metricas))\\b`,
  ],
  [
    'status',
    `\\b(?:status|what(?:'s| is)? (?:scheduled|pending|waiting|planned|next|published|live)|(?:is|are) (?:it|they|clip|the clip|the post|the posts|everything|·+) ?(?:\\S+ )?(?:live|published|posted|out|done)(?: yet)?|(?:did|have) you (?:already )?(?:publish(?:ed)?|post(?:ed)?)|anything (?:pending|waiting|scheduled)|waiting for (?:me|my)|estado|(?:que|hay algo) (?:hay |esta |queda |tenemos )?(?:programado|pendiente|publicado|esperando)|(?:ya )?(?:se )?(?:ha|han|esta|estan) (?:publicado|publicados|subido|subidos|online)|(?:ya )?(?:publicaste|subiste|has publicado|has subido)|pendientes?)\\b`,
  ],
  [
    'help',
    `\\b(?:help(?: me)?(?! (?:cut|post|publish|write))|what (?:can|do) you do|what are you able|how do(?:es)? (?:you|this|it) work|who are you|ayuda(?:me)?|que (?:puedes|sabes) hacer|como funcionas?|quien eres|para que sirves|commands|comandos)\\b`,
  ],
  [
    'check',
    `\\b(?:check(?:ing)?|review|verify|validate|audit|does .{0,40}\\b(?:fit|match|comply|sound like|follow|respect)|is .{0,40}\\b(?:on[- ]brand|in our voice|compliant|ok(?:ay)? to (?:post|publish)|allowed|legal)|${es('revisa(?:r)?', 'comprueba', 'comprobar', 'verifica(?:r)?', 'valida(?:r)?', 'chequea(?:r)?', 'audita(?:r)?')}|encaja|cumplen?|respeta|suena (?:a|como)|es (?:legal|apropiado|correcto|de nuestra voz))\\b`,
  ],
  [
    'move',
    `\\b(?:re-?schedul(?:e|ing)|postpone|delay|push (?:it|them|clip|the)?(?: ?\\S+)? ?(?:back|to|until)|bring (?:it|them|forward)|mov(?:e|ing)|shift|${es('mueve', 'mover', 'reprograma(?:r)?', 'pospon(?:er|ga)?', 'retrasa(?:r)?', 'aplaza(?:r)?', 'adelanta(?:r)?', 'pasa', 'pasar')}(?= |$)|cambia(?:r)? (?:la hora|la fecha|el horario|el dia))\\b`,
  ],
  [
    'cancel',
    `\\b(?:cancel(?:l?ing|l?ed)?|call (?:it|them)? ?off|abort|scrap (?:it|them|that)|forget (?:it|about it|them)|stop (?:it|them|the (?:post|publication|publishing)|everything|publishing)|${es('cancela(?:r)?', 'anula(?:r)?', 'aborta(?:r)?', 'deten', 'detener')}|para(?: todo|lo|los)\\b|olvida(?:lo|los)|descarta(?:lo|los|r)?)\\b`,
  ],
  [
    'undo',
    `\\b(?:undo|un-?publish|take (?:\\S+ )?(?:it |them |that |clip |post )?(?:\\S+ )?down|take down|withdraw|revert|roll ?back|(?:delete|remove) (?:it|them|that|clip|the|this|·|my|our|last)(?!\\w)(?! (?:hashtags?|emojis?|caption|text|first|last \\d))|pull (?:it|them|the post) down|${es('deshaz', 'deshacer', 'despublica(?:r)?', 'retira(?:r)?', 'revierte', 'revertir')}|(?:borra|elimina|quita)(?:r)?(?:lo|la|los|las|me)?(?= ?(?:$|[.,;!?]|el (?:ultimo|post|clip|video|reel|·)|la (?:ultima|publicacion|·)|los|las publicaciones|·|de (?:instagram|la red))))(?!\\w)`,
  ],
  [
    'trim',
    `\\b(?:shorten(?:ing)?|shorter|tighten|trim(?: down)?|lengthen|longer|extend|mas (?:cort|larg|brev)[oa]s?|${es('acorta(?:r)?', 'recorta(?:r)?', 'reduce', 'reducir', 'alarga(?:r)?', 'extiende', 'extender', 'abrevia(?:r)?')})\\b`,
  ],
  [
    'draft',
    `\\b(?:(?:only|just|as|save as|keep as|leave as|in) (?:a )?drafts?|drafts? only|draft (?:it|them|only|mode)|leave (?:it|them) (?:in|as) drafts?|(?:solo|solamente|como|en|unicamente) (?:un )?borrador(?:es)?|borrador(?:es)? (?:solo|nada mas)|dej\\w+ en borrador(?:es)?)\\b`,
  ],
  [
    'schedule',
    `\\b(?:schedule|queue(?: up)?|plan (?:it|them|to post|to publish|the post|the posts)|${es('programa(?:r)?', 'agenda(?:r)?', 'planifica(?:r)?', 'calendariza(?:r)?')}|deja(?:r)?(?:lo|los|las)? programad[oa]s?)(?! (?:for us|guide))\\b`,
  ],
  [
    'publish',
    `\\b(?:(?:re)?publish(?:ing)?|${POST}|upload(?:ing)?|share(?! your)|release (?:it|them|clip|the)|put (?:it|them|clip \\S+|these|those|·+ ·+)(?: up| out| live| online| on| ·)|go live|send (?:it|them) (?:out|live|to instagram)|${es('publica(?:r)?', 'publique', 'publiquen', 'publiques', 'publiquese', 'publicad', 'publicas', 'publicamos', 'publicais', 'subes', 'subimos', 'postea(?:r)?', 'postees', 'sube', 'subir', 'subas', 'suba', 'cuelga', 'colgar', 'cuelgues', 'comparte', 'compartir', 'compartas', 'lanza', 'lanzar', 'lances', 'saca(?= (?:lo|los|el|·).{0,20} (?:en|a) ·)')}|se publiquen?|que salgan?)(?!\\w)`,
  ],
  [
    'caption',
    `\\b(?:captions?|caption(?:ing|ed)?|cop(?:y|ies)|text(?:s)?|descriptions?|write[- ]?ups?|leyendas?|descripcion(?:es)?|pies? de (?:foto|video)|copys|textos?|titulares)\\b`,
  ],
  [
    'cut',
    `\\b(?:cut(?:ting)?(?: down| up)?|slice|chop|split|clip (?:this|the|it|that|my|our)|edit|turn (?:this|it|the|that|my|our)|extract|pull (?:out )?|carve|convert|break (?:this|it|the)|${es('corta(?:r)?', 'cortad', 'trocea(?:r)?', 'divide', 'dividir', 'extrae', 'extraer', 'convierte', 'convertir', 'parte', 'edita(?:r)?', 'monta(?:r)?', 'saca(?:r)?', 'transforma(?:r)?')})\\b`,
  ],
  [
    'make',
    `\\b(?:make|create|produce|build|generate|prepare|get (?:me|us)|give (?:me|us)|find(?: me| us)?|do|want|need|would like|i'?d like|render|turn|change|replace|rewrite|write|use|set|add|${es('haz', 'hacer', 'hagas', 'crea(?:r)?', 'genera(?:r)?', 'prepara(?:r)?', 'da', 'dar', 'busca(?:r)?', 'encuentra', 'quiero', 'quisiera', 'querria', 'necesito', 'necesitamos', 'queremos', 'pon', 'poner', 'escribe', 'escribir', 'redacta(?:r)?', 'cambia(?:r)?', 'reescribe', 'reescribir', 'anade', 'anadir', 'usa(?:r)?', 'renderiza(?:r)?')})\\b`,
  ],
  ['thank', `\\b(?:thanks?(?: you)?|thank you|gracias|perfect(?:o)?|great job|genial|buen trabajo)\\b`],
  [
    'greet',
    `(?:^|[.!?,] ?)(?:hi|hello|hey|hola|buenas(?: tardes| noches)?|buenos dias|good (?:morning|afternoon|evening)|que tal)\\b`,
  ],
]

const ACTS = SOURCES.map(([act, source]) => [act, new RegExp(source, 'g')] as const)

export function takeActs(field: Field): Mention<ActMention>[] {
  // Denials are judged before any verb is blanked: a taken verb must not hide the "no" that a second one shares.
  const found = ACTS.flatMap(([act, pattern]) =>
    field.take<ActMention>(pattern, (_, at) => ({
      act,
      isDenied: act !== 'remember' && isDenied(field.rest().slice(0, at)),
    })),
  )
  return found.sort((a, b) => a.at - b.at)
}
