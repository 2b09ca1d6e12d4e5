/** Runs the recognisers over a message, in the order that keeps them out of each other's way. */
import type { Format } from '../../../runtime/core/entities.ts'
import type { Wish } from '../../content-creator/brief.ts'
import { detectLang, type Lang } from '../../words/language.ts'
import { type ActMention, takeActs } from './acts.ts'
import { type ClipChoice, type Count, takeCounts, takeLooseClips, takeNamedClips } from './clips.ts'
import { type Mention, openField } from './field.ts'
import { takeFormats } from './formats.ts'
import { type Length, takeLengths } from './lengths.ts'
import { readMessage, strip } from './message.ts'
import { type Moment, takeMoments } from './moments.ts'
import { isDenied, NOT_DENIALS } from './negation.ts'
import { type Period, takePeriods } from './periods.ts'
import { type AccountMention, type NetworkMention, takeAccounts, takeNetworks } from './places.ts'
import { type Refusal, takeRefused } from './refused.ts'
import { mendSpelling } from './spelling.ts'
import { type Tongue, takeTongues } from './tongues.ts'
import type { UnderstandContext } from './understanding.ts'
import { takeWish } from './wishes.ts'

interface Denied {
  isDenied: boolean
}

export interface Reading {
  language: Lang
  /** Spelling mended, nothing blanked. */
  text: string
  payloads: string[]
  isCut: boolean
  hasLinks: boolean
  refusals: Refusal[]
  /** Something refused stood for publishing: "to my story", "every day". */
  isInsteadOfPosting: boolean
  remembered: string[]
  periods: Mention<Period>[]
  moments: Mention<Moment>[]
  lengths: Mention<Length>[]
  formats: Mention<Format>[]
  choices: Mention<{ choice: ClipChoice } & Denied>[]
  counts: Mention<Count>[]
  tongues: Mention<Tongue>[]
  networks: Mention<{ network: NetworkMention } & Denied>[]
  accounts: Mention<{ account: AccountMention } & Denied>[]
  acts: Mention<ActMention>[]
  wish: Wish
  wishMentions: Mention<unknown>[]
}

/** Looks back: then "last week" and "today" are stretches of time, not moments to publish at. */
const LOOKS_BACK =
  /\b(?:how (?:did|do|are|is|was|were|has|have|well|many)|metrics?|stats?|statistics|analytics|insights|performance|reports?|informes?|reportes?|metricas?|estadisticas?|rendimiento|resultados|resumen|anomal\w+|unusual|como (?:fue|fueron|va|van|vamos|ha|han|funcion\w+|rindi\w+)|que tal|cuant[oa]s|reach|alcance|comments?|comentarios|spikes?|drops?|outliers?|strange|weird|odd|rar[oa]s?|picos?|caidas?)\b/

/** Except-words right before a clip, or a bare "no" right after it ("el 2 no"). */
const EXCEPT =
  /(?:\b(?:not|no|except(?: for)?|but not|excluding|other than|apart from|besides|all but|everything but|excepto|salvo|menos|sin|pero no|quitando|ni|y no|and not|don'?t|leave out|skip|deja(?:ndo)? fuera|omite) (?:for |the |el |los |al |of |del? )?)$/
const NOT_AFTER = /^,? no\b(?! (?:l[oae]s? )?[a-z]+ques?)(?= *(?:$|[.,;!?]|y\b|and\b|lo\b))/

/** "Recuerda que …", "remember that …": the rest of the sentence is kept in its own words and read for nothing else. */
const REMEMBER =
  /\b(?:(?:please )?(?:remember|keep in mind|don['’]?t forget|do not forget|note|make a note|take note)(?: that\b|:| (?=(?:our|my|the|we|this)\b))|for the record:?|fyi:?|(?:recuerda|recu[eé]rdame|ten(?:ed)? (?:en cuenta|presente)|no (?:te )?olvides|apunta|anota|que sepas)(?: que\b|:))\s*(\S.*?)(?=[.!?](?:\s|$)|\n|$)/giu

export function readAll(message: string, context: UnderstandContext): Reading {
  const remembered: string[] = []
  const without = message.slice(0, 20_000).replace(REMEMBER, (_, fact: string) => {
    remembered.push(fact.trim())
    return ' '
  })
  const { plain, payloads, links, isCut } = readMessage(without)
  const usernames = new Set(context.accounts.map((account) => account.username.toLowerCase()))
  const text = mendSpelling(plain, usernames)
  const language = detectLang(text) ?? detectLang(strip(message.slice(0, 2_000)), message) ?? context.language
  const field = openField(text)
  field.drop(NOT_DENIALS)
  const when = { now: context.now, zone: context.zone, language }
  const { refusals, isInsteadOfPosting } = takeRefused(field, language)
  const periods = LOOKS_BACK.test(text) ? takePeriods(field, when) : []
  const accounts = takeAccounts(field, context.accounts).map((mention) => ({
    ...mention,
    value: { account: mention.value, isDenied: isExcepted(field.rest(), mention) },
  }))
  const { wish, mentions: wishMentions } = takeWish(field)
  const formats = takeFormats(field)
  const named = takeNamedClips(field, language)
  const moments = takeMoments(field, when)
  const tongues = takeTongues(field)
  const networks = takeNetworks(field).map((mention) => ({
    ...mention,
    value: { network: mention.value, isDenied: isExcepted(field.rest(), mention) },
  }))
  const lengths = takeLengths(field, language)
  const counts = takeCounts(field, language, new Set([...lengths, ...formats].map((mention) => mention.at)))
  const choices = [...named, ...takeLooseClips(field, language)].map((mention) => ({
    ...mention,
    value: { choice: mention.value, isDenied: isExcepted(field.rest(), mention) },
  }))
  const acts = takeActs(field)
  return {
    language,
    text,
    payloads,
    isCut,
    hasLinks: links > 0,
    refusals,
    isInsteadOfPosting,
    remembered,
    periods,
    moments,
    lengths,
    formats,
    choices: choices.sort((a, b) => a.at - b.at),
    counts,
    tongues,
    networks,
    accounts,
    acts,
    wish,
    wishMentions,
  }
}

const isExcepted = (rest: string, mention: Mention<unknown>): boolean =>
  EXCEPT.test(rest.slice(0, mention.at)) ||
  NOT_AFTER.test(rest.slice(mention.end)) ||
  isDeniedOnly(rest, mention.at)

/** "publish on Instagram, but never on TikTok". */
const isDeniedOnly = (rest: string, at: number): boolean =>
  /\b(?:not|never|no|nunca) (?:on|to|in|en|a|al) $/.test(rest.slice(0, at)) && isDenied(rest.slice(0, at))
