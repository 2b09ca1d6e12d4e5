/**
 * A message made plain: lower case, no accents, ASCII quotes; quoted words and what follows "caption:" put aside as
 * payload, so that words somebody quotes are never read as something somebody asks.
 */

/** Longer messages are understood by their beginning; a model reads the rest. */
const READ_CHARACTERS = 4_000
const PAYLOAD_MARK = '¤'
const LINK_MARK = '§'

export interface PlainMessage {
  /** What is read for meaning; `¤0¤` stands for payload 0. */
  plain: string
  /** Quoted or announced text, verbatim. */
  payloads: string[]
  links: number
  isCut: boolean
}

const QUOTES = [
  /"([^"\n]{1,4000})"/g,
  /“([^”\n]{1,4000})”/g,
  /«([^»\n]{1,4000})»/g,
  /‘([^’\n]{1,4000})’/g,
  /`([^`\n]{1,4000})`/g,
  // A straight single quote is an apostrophe unless it stands at a word's outer edge.
  /(?<![\p{L}\p{N}])'([^\n]{1,4000}?)'(?![\p{L}\p{N}])/gu,
]

/** What announces text that follows verbatim after a colon. */
const ANNOUNCED =
  /(?:\b(?:caption|copy|text|texto|leyenda|pie)\b[^:\n]{0,30}\bclip \d+\b[^:\n]{0,20}|\bclip \d+\b[^:\n]{0,20}\b(?:caption|copy|text|texto|leyenda)|\b(?:new|following|this|other|another|nuev[oa]|siguiente|est[ea]|otr[oa])\b[^:\n]{0,20}\b(?:caption|copy|text|texto|leyenda|descripci[oó]n|pie)\b[^:\n]{0,40}|\b(?:caption|copy|text|texto|leyenda)\b[^:\n]{0,30}\b(?:to|by|por|a)|\b(?:voice|voz|brand|marca|tono|tone|compl(?:y|iance)|cumple|normas|rules)\b\??|\b(?:remember|recuerda|recu[eé]rdalo|apunta|anota|note)\b(?: this| esto)?)\s*:\s+(\S[\s\S]*)$/iu

export const strip = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’‘´]/g, "'").toLowerCase()

export function readMessage(message: string): PlainMessage {
  const payloads: string[] = []
  const keep = (text: string) => ` ${PAYLOAD_MARK}${payloads.push(text.trim()) - 1}${PAYLOAD_MARK} `
  let links = 0
  let text = message.slice(0, READ_CHARACTERS).replace(/[\u200b-\u200f\u202a-\u202e\ufeff¤§·]/gu, '')
  for (const quote of QUOTES) text = text.replace(quote, (_, inner: string) => keep(inner))
  text = text.replace(ANNOUNCED, (all, tail: string) =>
    tail.startsWith(PAYLOAD_MARK) ? all : all.slice(0, all.length - tail.length) + keep(tail),
  )
  text = text.replace(/https?:\/\/\S+/giu, () => {
    links += 1
    return LINK_MARK
  })
  const plain = strip(text)
    .replace(/[¿¡]/g, ' ')
    .replace(/[–—]/g, '-')
    .replace(/(?<=\d)x(?=\d)/g, ' x ')
    .replace(/\n+/g, ' . ')
    .replace(/\s+/g, ' ')
    .trim()
  return { plain, payloads, links, isCut: message.length > READ_CHARACTERS }
}
