/** What changes something that exists: shorten, recaption, reshape, cancel, undo, move, check. */
import type { Wish } from '../../content-creator/brief.ts'
import type { Length } from './lengths.ts'
import { whenOf } from './publish-asks.ts'
import type { Reading } from './reading.ts'
import { type Segment, segmentsOf } from './segments.ts'
import type { Ask, Scope, TrimChange } from './understanding.ts'
import { hasWish } from './wishes.ts'

export function followUpAsks(reading: Reading, known: { hasMake: boolean; hasThread: boolean }): Ask[] {
  const segments = segmentsOf(reading).filter((segment) => !segment.isDenied)
  const direct = segments.flatMap((segment): Ask[] => directAsk(reading, segment, known))
  if (known.hasMake) return direct.filter((ask) => ask.do !== 'trim' && ask.do !== 'check')
  const caption = direct.some((ask) => ask.do === 'check') ? [] : captionAsk(reading, segments)
  const reshaped = reshapeAsk(reading)
  const resized = direct.length === 0 && known.hasThread ? resizeAsk(reading) : []
  return [...direct, ...caption, ...reshaped, ...resized]
}

function directAsk(
  reading: Reading,
  segment: Segment,
  known: { hasMake: boolean; hasThread: boolean },
): Ask[] {
  const scope = scopeOf(reading, segment)
  switch (segment.act) {
    case 'undo':
      if (segment.owns(reading.lengths).some(({ value }) => isDropped(value))) {
        return known.hasThread ? [{ do: 'trim', scope, change: changeOf(reading, segment) }] : []
      }
      return segment.owns(reading.wishMentions).length > 0 ? [] : [{ do: 'undo', scope }]
    case 'cancel':
      return [{ do: 'cancel', scope }]
    case 'move': {
      const moment = reading.moments[0]?.value
      const when = moment ? whenOf(moment, false) : undefined
      return when ? [{ do: 'move', scope, when }] : []
    }
    case 'trim':
    case 'cut': {
      const names = 'only' in scope || scope.isLast || segment.act === 'trim'
      if (known.hasMake || !known.hasThread || !names || speaksOfWords(reading, segment)) return []
      return [{ do: 'trim', scope, change: changeOf(reading, segment) }]
    }
    case 'check':
      return [{ do: 'check', scope, text: reading.payloads[0], by: reviewers(reading.text) }]
    default:
      return []
  }
}

const isDropped = ({ bound }: Length): boolean => bound !== 'target' && bound !== 'at-least'

/** "make the caption of clip 2 shorter" is about words, not about the film. */
const speaksOfWords = (reading: Reading, segment: Segment): boolean =>
  reading.lengths.length === 0 &&
  reading.acts.some(({ value, at }) => value.act === 'caption' && Math.abs(at - segment.at) < 40)

function changeOf(reading: Reading, segment: Segment): TrimChange {
  const length = (segment.owns(reading.lengths)[0] ?? reading.lengths[0])?.value
  const before = reading.text.slice(0, (segment.owns(reading.lengths)[0] ?? reading.lengths[0])?.at ?? 0)
  const isLonger = /\b(?:longer|lengthen|extend|alarga|extiende|mas larg)/.test(
    reading.text.slice(segment.at - 1),
  )
  if (!length) return { kind: isLonger ? 'longer' : 'shorter' }
  if (length.bound === 'drop-start' || length.bound === 'drop-end')
    return { kind: length.bound, ms: length.ms }
  if (length.bound === 'less-by') return { kind: 'by', ms: -length.ms }
  if (length.bound === 'more-by') return { kind: 'by', ms: length.ms }
  // "extend clip 2 3 seconds" adds them; "to 3 seconds" would say so.
  if (
    isLonger &&
    length.bound === 'target' &&
    !/\b(?:to|a|hasta|until|en|into)(?: los| las)? $/.test(before)
  ) {
    return { kind: 'by', ms: length.ms }
  }
  return { kind: 'target', ms: length.toMs ?? length.ms }
}

function scopeOf(reading: Reading, segment: Segment): Scope {
  const scope: Scope = {}
  const owned = segment.owns(reading.choices)
  for (const { value } of owned.length > 0 ? owned : reading.choices.slice(0, owned.length)) {
    if ('last' in value.choice) scope.isLast = true
    if (!('ordinals' in value.choice)) continue
    const side = value.isDenied ? 'except' : 'only'
    scope[side] = [...new Set([...(scope[side] ?? []), ...value.choice.ordinals])]
  }
  if (scope.only === undefined && speaksOfLast(reading.text)) scope.isLast = true
  return scope
}

const speaksOfLast = (text: string): boolean =>
  /\b(?:the |my |our )?(?:last|latest|most recent) (?:post|clip|reel|publication|one)\b|\b(?:la )?ultima publicacion\b|\b(?:el )?ultimo (?:post|clip|reel|video)\b/.test(
    text,
  )

const VOICE = /\b(?:voice|voz|brand|marca|tone|tono|style|estilo|sounds?|suena|on-brand)\b/
const LAW =
  /\b(?:complian\w*|legal\w*|rules?|normas?|normativa|cumpl\w+|allowed|permitid\w+|policy|policies|politicas?|disclos\w+|rights|derechos|terms)\b/

function reviewers(text: string): ('brand-voice' | 'compliance')[] {
  const [voice, law] = [VOICE.test(text), LAW.test(text)]
  if (voice && !law) return ['brand-voice']
  if (law && !voice) return ['compliance']
  return ['brand-voice', 'compliance']
}

/** New words for clips that exist. */
function captionAsk(reading: Reading, segments: readonly Segment[]): Ask[] {
  const captions = reading.acts.filter(({ value }) => value.act === 'caption' && !value.isDenied)
  const isPublished = reading.acts.some(({ value }) => value.act === 'publish' || value.act === 'schedule')
  const isAsked = reading.acts.some(({ value }) =>
    ['make', 'trim', 'caption', 'undo', 'cut'].includes(value.act),
  )
  const isLooking = reading.acts.some(({ value }) =>
    ['measure', 'report', 'comments', 'best-times', 'anomalies', 'remember', 'help'].includes(value.act),
  )
  const wish = wishOf(reading)
  if (isLooking || (captions.length === 0 && !hasWish(reading.wish) && reading.tongues.length === 0))
    return []
  if (!isAsked && !hasWish(wish)) return []
  const owner =
    segments.find(({ act }) => act === 'caption') ??
    segments.find(({ act }) => act === 'trim' || act === 'undo')
  const scope =
    owner && !isPublished ? scopeOfAll(reading) : owner ? scopeOf(reading, owner) : scopeOfAll(reading)
  return [{ do: 'caption', scope, wish: hasWish(wish) ? wish : { isNew: true } }]
}

export function wishOf(reading: Reading): Wish {
  const wish: Wish = { ...reading.wish }
  if (/\b(?:shorter|shorten|briefer|acorta|mas (?:cort|breve)\w*)\b/.test(reading.text))
    wish.length = 'shorter'
  if (/\b(?:longer|lengthen|alarga|mas larg\w*)\b/.test(reading.text)) wish.length = 'longer'
  const language = reading.tongues.at(-1)?.value.tag
  if (language) wish.language = language
  const text = reading.payloads[0]
  if (text) wish.text = text
  if (
    /\b(?:new|another|other|different|rewrite|redo|nuev\w+|otr\w+|distint\w+|diferente|reescrib\w+|reescribe)\b/.test(
      reading.text,
    ) &&
    !text
  ) {
    wish.isNew = true
  }
  return wish
}

function scopeOfAll(reading: Reading): Scope {
  const ordinals = (isDenied: boolean) =>
    reading.choices.flatMap(({ value }) =>
      value.isDenied === isDenied && 'ordinals' in value.choice ? value.choice.ordinals : [],
    )
  const [only, except] = [ordinals(false), ordinals(true)]
  return {
    ...(only.length > 0 ? { only: [...new Set(only)] } : {}),
    ...(except.length > 0 ? { except: [...new Set(except)] } : {}),
    ...(only.length === 0 && reading.choices.some(({ value }) => 'last' in value.choice)
      ? { isLast: true }
      : {}),
  }
}

/** "make it 8 seconds", "déjalo en 12 segundos". */
function resizeAsk(reading: Reading): Ask[] {
  const length = reading.lengths.find(({ value }) => value.bound === 'target')
  const isAsked =
    reading.acts.some(({ value }) => value.act === 'make' && !value.isDenied) ||
    /\b(?:leave|keep|set|dej\w+|ponl\w+|pon)\b/.test(reading.text)
  if (!length || !isAsked) return []
  return [{ do: 'trim', scope: scopeOfAll(reading), change: { kind: 'target', ms: length.value.ms } }]
}

/** "make clip 1 square too". */
function reshapeAsk(reading: Reading): Ask[] {
  const isAsked = reading.acts.some(({ value }) => ['make', 'cut'].includes(value.act) && !value.isDenied)
  const formats = [...new Set(reading.formats.map((mention) => mention.value))]
  return isAsked && formats.length > 0 ? [{ do: 'reformat', scope: scopeOfAll(reading), formats }] : []
}
