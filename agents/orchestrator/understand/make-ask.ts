/** "Cut this video into three vertical clips of 20 seconds": new clips from a film. */
import { MAX_CLIPS, speaksOfClips } from './clips.ts'
import type { Mention } from './field.ts'
import { speaksOfReels } from './formats.ts'
import type { Length } from './lengths.ts'
import type { Reading } from './reading.ts'
import type { Ask, Lengths, UnderstandContext } from './understanding.ts'

type Make = Extract<Ask, { do: 'make' }>

const PER_FILM = /\b(?:each|per|every|cada|por) (?:one|uno|video|film|file|pelicula|archivo)\b/
const THIS_FILM =
  /\b(?:this|that|the|my|our|attached|est[ea]|es[ea]|el|mi|nuestro) (?:new |whole |entire |full |attached |nuevo )?(?:video|film|footage|recording|movie|pelicula|grabacion|metraje|material)(?: (?:adjunto|entero|completo|attached))?\b/

export function makeAsk(reading: Reading, context: UnderstandContext): Make | undefined {
  if (!asksForClips(reading, context)) return undefined
  const sure = reading.counts.filter((mention) => mention.value.isSure)
  const counted = (sure.length > 0 ? sure : reading.counts).at(0)?.value.count
  const formats = [...new Set(reading.formats.map((mention) => mention.value))]
  const captions = reading.acts.filter(({ value }) => value.act === 'caption')
  const wish = { ...reading.wish }
  return {
    do: 'make',
    count: counted === undefined ? undefined : Math.min(counted, MAX_CLIPS),
    isPerFilm: PER_FILM.test(reading.text),
    formats: formats.length === 0 && speaksOfReels(reading.text) ? ['9:16'] : formats,
    ...readLengths(reading.lengths),
    wantsCaptions: captions.length === 0 || captions.some(({ value }) => !value.isDenied),
    captionLanguage: reading.tongues.at(-1)?.value.tag,
    wish,
    isWhole: false,
  }
}

function asksForClips(reading: Reading, context: UnderstandContext): boolean {
  const said = (act: string) => reading.acts.some(({ value }) => value.act === act && !value.isDenied)
  const named = reading.choices.some(({ value }) => 'ordinals' in value.choice)
  if (
    reading.counts.length > 0 &&
    (said('cut') || said('make') || reading.counts.some(({ value }) => value.isSure))
  ) {
    return !(context.hasThread && isLookingBack(reading))
  }
  if (context.hasThread && (named || !THIS_FILM.test(reading.text))) return false
  if (said('cut')) return true
  if (
    !context.hasThread &&
    reading.formats.length > 0 &&
    speaksOfClips(reading.text) &&
    !isLookingBack(reading)
  )
    return true
  if (
    said('make') &&
    (reading.formats.length > 0 || reading.lengths.length > 0 || speaksOfClips(reading.text))
  ) {
    return !isLookingBack(reading)
  }
  return (
    THIS_FILM.test(reading.text) &&
    (said('publish') || said('schedule') || said('caption')) &&
    !isLookingBack(reading)
  )
}

const LOOKING = new Set(['measure', 'report', 'anomalies', 'best-times', 'comments', 'status', 'check'])
const isLookingBack = (reading: Reading): boolean =>
  reading.acts.some(({ value }) => LOOKING.has(value.act)) &&
  !reading.acts.some(({ value }) => value.act === 'cut')

/** One bound each way; a range gives both. */
function readLengths(mentions: readonly Mention<Length>[]): Lengths {
  const lengths: Lengths = {}
  for (const { value } of mentions) {
    if (value.bound === 'between') Object.assign(lengths, { minMs: value.ms, maxMs: value.toMs })
    if (value.bound === 'at-most') lengths.maxMs = value.ms
    if (value.bound === 'at-least') lengths.minMs = value.ms
    if (value.bound === 'target') lengths.targetMs ??= value.ms
  }
  return lengths
}
