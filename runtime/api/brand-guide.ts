/**
 * A brand guide as people write it: JSON, YAML, or Markdown with headings in English or Spanish. The result has the
 * shape of a change of the brand; checking it is the caller's.
 */
import { parseDocument } from 'yaml'
import { Voice } from '../core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import { parseJson } from './metrics-file.ts'

export function parseBrandGuide(text: string, mediaType: string): unknown {
  if (/json/i.test(mediaType)) return withVoice(parseJson(text))
  if (/ya?ml/i.test(mediaType)) return withVoice(parseYaml(text))
  if (/markdown|plain/i.test(mediaType)) return fromMarkdown(text)
  throw new StakazoError('bad-input', `a guide is JSON, YAML or Markdown, not "${mediaType}"`)
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text)
  const [broken] = document.errors
  if (broken) throw new StakazoError('bad-input', `the guide is no YAML: ${broken.message.split('\n')[0]}`)
  return document.toJS()
}

const VOICE_KEYS = new Set(Object.keys(Voice.shape))

/** Fields of the voice may stand at the top; they are moved where they belong. */
function withVoice(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StakazoError('bad-input', 'the guide is no object with fields such as name, language and voice')
  }
  const entries = Object.entries(value)
  const voice = Object.fromEntries(entries.filter(([key]) => VOICE_KEYS.has(key)))
  const rest: Record<string, unknown> = Object.fromEntries(entries.filter(([key]) => !VOICE_KEYS.has(key)))
  if (Object.keys(voice).length === 0) return rest
  return { ...rest, voice: { ...voice, ...(rest.voice as object | undefined) } }
}

type Reader = (lines: string[]) => unknown

const list: Reader = (lines) => lines
const first: Reader = ([line]) => line
const words: Reader = (lines) =>
  lines.flatMap((line) =>
    line
      .split(/[,;]/)
      .map((word) => word.trim())
      .filter(Boolean),
  )
const number: Reader = ([line]) => Number(/\d+/.exec(line ?? '')?.[0])
const facts: Reader = (lines) =>
  Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value] = /^([^:]+):\s*(.+)$/.exec(line) ?? []
      return key && value ? [[key.trim(), value.trim()]] : []
    }),
  )
const oneOf =
  (...choices: [RegExp, string][]): Reader =>
  ([line]) =>
    choices.find(([pattern]) => pattern.test(line ?? ''))?.[1] ?? line

/** Heading -> field. What stands under a heading nobody knows is refused, so that nothing is lost silently. */
const SECTIONS: [RegExp, string, Reader][] = [
  [/^(name|brand|nombre|marca)$/i, 'name', first],
  [
    /^(language|idioma)$/i,
    'language',
    oneOf([/^(es|español|spanish)/i, 'es'], [/^(en|inglés|english)/i, 'en']),
  ],
  [/^(time ?zone|zone|zona( horaria)?)$/i, 'zone', first],
  [/^(tone|voice|tono|voz)$/i, 'voice.tone', words],
  [/^(uses?|words we use|we say|usa|palabras que usamos|decimos)$/i, 'voice.uses', list],
  [
    /^(avoids?|words we avoid|we never say|evita|palabras que evitamos|nunca decimos)$/i,
    'voice.avoids',
    list,
  ],
  [/^hashtags$/i, 'voice.hashtags', words],
  [
    /^emojis?$/i,
    'voice.emoji',
    oneOf([/^(none|no|ningun)/i, 'none'], [/^(few|pocos)/i, 'few'], [/^(many|muchos)/i, 'many']),
  ],
  [
    /^(address|trato|tratamiento)$/i,
    'voice.address',
    oneOf([/^(formal|usted)/i, 'formal'], [/^(informal|t[uú])/i, 'informal']),
  ],
  [
    /^(max(imum)? (sentence )?words|longest sentence|m[aá]ximo de palabras|frase m[aá]s larga)$/i,
    'voice.maxSentenceWords',
    number,
  ],
  [/^(sign-?off|call to action|firma|llamada a la acci[oó]n)$/i, 'voice.signOff', first],
  [/^(approved( examples)?|good examples|aprobados|ejemplos buenos)$/i, 'voice.approved', list],
  [/^(rejected( examples)?|bad examples|rechazados|ejemplos malos)$/i, 'voice.rejected', list],
  [/^(competitors|competidores|competencia)$/i, 'competitors', list],
  [/^(facts|datos|hechos)$/i, 'facts', facts],
]

function fromMarkdown(text: string): unknown {
  const guide: Record<string, unknown> = {}
  const voice: Record<string, unknown> = {}
  const [head = '', ...sections] = `\n${text.replaceAll('\r\n', '\n')}`.split(/\n#{2,6}\s+/)
  const title = /^#\s+(.+)$/m.exec(head)?.[1]
  if (title) guide.name = title.trim()
  for (const section of sections) {
    const [heading = '', ...body] = section.split('\n')
    const name = heading.replace(/[:#\s]+$/, '').trim()
    const known = SECTIONS.find(([pattern]) => pattern.test(name))
    if (!known) throw new StakazoError('bad-input', `the guide has a section "${name}" that is not known`)
    const [, field, read] = known
    const lines = body.map((line) => line.replace(/^\s*([-*+]|\d+\.)\s+/, '').trim()).filter(Boolean)
    const value = read(lines.map((line) => line.replace(/^["“«](.*)["”»]$/, '$1')))
    if (field.startsWith('voice.')) voice[field.slice('voice.'.length)] = value
    else guide[field] = value
  }
  return { ...guide, ...(Object.keys(voice).length > 0 ? { voice } : {}) }
}
