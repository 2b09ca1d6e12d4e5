/** What a person who cannot see the clip needs: its shape, length and sound as measured, and what was seen, if anything. */
import type { Format } from '../../runtime/core/entities.ts'
import { pick } from '../words/language.ts'
import { secondsOf } from '../words/units.ts'

const SHAPES: Readonly<Record<Format, { en: string; es: string }>> = {
  '9:16': { en: 'Vertical', es: 'vertical' },
  '1:1': { en: 'Square', es: 'cuadrado' },
  '4:5': { en: 'Upright', es: 'en formato 4:5' },
  '16:9': { en: 'Wide', es: 'horizontal' },
}
/** One sentence is asked for; a longer answer is cut at a word. */
const DESCRIPTION_MAX = 300

export interface Seen {
  format: Format
  durationMs: number
  hasAudio: boolean
  brandName: string
  language: string
  description?: string
}

export function writeAltText(seen: Seen): string {
  const length = secondsOf(seen.durationMs, seen.language)
  const measured = pick(seen.language, {
    en: `${SHAPES[seen.format].en} video from ${seen.brandName}, ${length}, ${seen.hasAudio ? 'with sound' : 'without sound'}.`,
    es: `Vídeo ${SHAPES[seen.format].es} de ${seen.brandName}, ${length}, ${seen.hasAudio ? 'con sonido' : 'sin sonido'}.`,
  })
  const description = seen.description ? asPlainLine(seen.description) : ''
  return description ? `${measured} ${description}` : measured
}

/** Foreign words as one plain line: no links, tags, mentions or markup can ride along. */
export function asPlainLine(text: string): string {
  const line = text
    .replace(/https?:\/\/\S+|www\.\S+/giu, '')
    .replace(/[@#][\p{L}\p{N}_.]+/gu, '')
    .replace(/[\p{C}<>{}[\]`*_|\\]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= DESCRIPTION_MAX ? line : `${line.slice(0, DESCRIPTION_MAX).replace(/\s+\S*$/, '')}…`
}

/** A length said in words, when the clip's length changed: the only word of a caption a trim may touch. */
export function withNewLength(text: string, beforeMs: number, afterMs: number): string {
  return (['en', 'es'] as const).reduce(
    (changed, language) =>
      changed.replace(
        new RegExp(`(?<![\\d.,])${secondsOf(beforeMs, language)}(?!\\p{L})`, 'gu'),
        secondsOf(afterMs, language),
      ),
    text,
  )
}
