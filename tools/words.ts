/** Reading words as people do: whatever the case and the accents. ñ stays a letter of its own (año is no ano). */

const KEPT_N = '\u0001'

/** Same letters without case and accents, one space for any run of white space. */
export const fold = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ñ', KEPT_N)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll(KEPT_N, 'ñ')
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** How often a word or phrase stands in an already folded text, whole words only. */
export function countPhrase(folded: string, phrase: string): number {
  const wanted = fold(phrase)
  if (!wanted) return 0
  const pattern = `(?<![\\p{L}\\p{N}])${literal(wanted)}(?![\\p{L}\\p{N}])`
  return folded.match(new RegExp(pattern, 'gu'))?.length ?? 0
}

/** Those of the phrases that stand in the text, in their own spelling. */
export function findPhrases(text: string, phrases: readonly string[]): string[] {
  const folded = fold(text)
  return phrases.filter((phrase) => countPhrase(folded, phrase) > 0)
}

const LINK =
  /(?:https?:\/\/|www\.)\S+|\b[\p{L}\p{N}-]+\.(?:com|net|org|io|es|mx|ar|co|me|link|shop|store|ly|tv|gl)(?:\/\S*)?(?![\p{L}\p{N}])/giu
const TAG_OR_MENTION = /[#@][\p{L}\p{N}_.]+/gu
const EMOJI = /\p{RGI_Emoji}/gv

export const findLinks = (text: string): string[] =>
  // an address of e-mail is no link
  (text.replace(/\S+@\S+/g, ' ').match(LINK) ?? []).map((link) => link.replace(/[.,;:!?)]+$/, ''))

export const countEmoji = (text: string): number => text.match(EMOJI)?.length ?? 0

/** The words of running text: no links, tags, mentions or emoji. */
export const toProse = (text: string): string =>
  text
    .replace(LINK, ' ')
    .replace(TAG_OR_MENTION, ' ')
    .replace(EMOJI, ' ')
    .replace(/[ \t]+/g, ' ')
    .trim()

export const listWords = (text: string): string[] => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? []

export const listSentences = (text: string): string[] =>
  toProse(text)
    .split(/(?<=[.!?…])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => listWords(sentence).length > 0)
