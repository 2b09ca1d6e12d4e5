/** What law, networks and rights ask of a post, as rules over its text and facts. Pure. */
import type { Brand, Post, Review, Rights } from '../../runtime/core/entities.ts'
import type { NetworkFinding } from '../publish/preflight-post.ts'
import { countPhrase, findLinks, findPhrases, fold } from '../words.ts'
import { findPersonalData, mask } from './personal-data.ts'
import {
  BORROWED,
  COMMERCIAL,
  DISCLOSURES,
  FINANCIAL,
  MACHINE_LABELS,
  MADE_BY_MACHINE,
  MEDICAL,
  OFFENSIVE,
  SHORTENERS,
  SUPERLATIVES,
} from './phrases.ts'

export interface ReviewedPost {
  readonly post: Pick<Post, 'caption' | 'altText' | 'hashtags' | 'language'>
  readonly brand: Pick<Brand, 'facts'>
  readonly rights: Rights | null
  /** What the networks it is drafted for would refuse. */
  readonly preflight: readonly NetworkFinding[]
  /** The networks' own choices of its publications. */
  readonly options: readonly Readonly<Record<string, unknown>>[]
  /** Language the caption was found to be in, undefined when it cannot be told. */
  readonly written: string | undefined
}

/** `note` is told and costs little: it is settled by somebody else than the writer. */
type Weight = 'note' | 'revise' | 'block'
const POINTS: Record<Weight, number> = { note: 0.05, revise: 0.25, block: 1 }

interface Hit {
  readonly weight: Weight
  readonly finding: Review['findings'][number]
}

const hit = (weight: Weight, rule: string, value: string, limit: string, fix: string): Hit => ({
  weight,
  finding: { rule, value, limit, fix },
})

export function reviewPost(reviewed: ReviewedPost): Review {
  const hits = [
    ...checkOffence(reviewed),
    ...checkRights(reviewed),
    ...checkBorrowed(reviewed),
    ...checkDisclosure(reviewed),
    ...checkClaims(reviewed),
    ...checkPrivacy(reviewed),
    ...checkNetworks(reviewed),
    ...checkAltText(reviewed),
    ...checkMachine(reviewed),
    ...checkLinks(reviewed),
    ...checkLanguage(reviewed),
  ]
  const has = (weight: Weight) => hits.some((each) => each.weight === weight)
  const score = Math.max(0, 1 - hits.reduce((sum, { weight }) => sum + POINTS[weight], 0))
  return {
    by: 'compliance',
    verdict: has('block') ? 'block' : has('revise') ? 'revise' : 'pass',
    score: Math.round(score * 1000) / 1000,
    findings: hits.map(({ finding }) => finding),
  }
}

const textOf = ({ post }: ReviewedPost): string => [post.caption, post.altText, ...post.hashtags].join('\n')

const checkOffence = (reviewed: ReviewedPost): Hit[] =>
  findPhrases(textOf(reviewed), OFFENSIVE).map((word) =>
    hit('block', 'offensive', word, 'never', 'Write it without insult.'),
  )

const hasRights = (rights: Rights | null): boolean =>
  rights?.copyrightConfirmed === true && rights.termsAccepted

/** Told, not held against the text: the person who approves may confirm the rights with the approval. */
const checkRights = ({ rights }: ReviewedPost): Hit[] =>
  hasRights(rights)
    ? []
    : [
        hit(
          'note',
          'rights',
          'not confirmed',
          'rights and terms confirmed',
          'Let the owner confirm rights and terms for the film, with the approval or on the asset.',
        ),
      ]

const checkBorrowed = (reviewed: ReviewedPost): Hit[] =>
  findPhrases(textOf(reviewed), BORROWED)
    .concat(['©', '℗'].filter((sign) => textOf(reviewed).includes(sign)))
    .slice(0, 3)
    .map((phrase) =>
      hit(
        hasRights(reviewed.rights) ? 'note' : 'revise',
        'copyright',
        phrase,
        'own or licensed work',
        'Make sure that what is borrowed is licensed, or leave it out.',
      ),
    )

function checkDisclosure(reviewed: ReviewedPost): Hit[] {
  const text = textOf(reviewed)
  const commercial = findPhrases(text, COMMERCIAL)
  if (commercial.length === 0) return []
  const folded = fold(text)
  const isLabelled = DISCLOSURES.some((label) =>
    label.startsWith('#') ? hasTag(folded, label) : countPhrase(folded, label) > 0,
  )
  if (isLabelled) return []
  const label = reviewed.post.language.startsWith('es') ? '#publi' : '#ad'
  return [
    hit(
      'revise',
      'disclosure',
      commercial.join(', '),
      'labelled',
      `Say that it is advertising, first: ${label}.`,
    ),
  ]
}

const hasTag = (folded: string, tag: string): boolean =>
  folded.match(/#[\p{L}\p{N}_]+/gu)?.some((each) => each === fold(tag)) ?? false

/** What the owner stated as a fact is stated, not claimed; health and money are never facts of a caption. */
function checkClaims(reviewed: ReviewedPost): Hit[] {
  const text = textOf(reviewed)
  const facts = fold(Object.values(reviewed.brand.facts).join('\n'))
  const unproven = findPhrases(text, SUPERLATIVES).filter((phrase) => countPhrase(facts, phrase) === 0)
  return [
    ...unproven.map((phrase) =>
      hit(
        'revise',
        'unproven-claim',
        phrase,
        'proven',
        `Leave "${phrase}" out, or let the owner state it as a fact.`,
      ),
    ),
    ...findPhrases(text, MEDICAL).map((phrase) =>
      hit('revise', 'medical-claim', phrase, 'none', 'Promise nothing about health.'),
    ),
    ...findPhrases(text, FINANCIAL).map((phrase) =>
      hit('revise', 'financial-claim', phrase, 'none', 'Promise no gain and no safety of money.'),
    ),
  ]
}

/** A contact the owner supplied as a fact is public already. */
function checkPrivacy(reviewed: ReviewedPost): Hit[] {
  const supplied = Object.values(reviewed.brand.facts).join('\n')
  return findPersonalData(textOf(reviewed))
    .filter(({ text }) => !supplied.includes(text))
    .map(({ kind, text }) =>
      hit(
        kind === 'email' || kind === 'phone' ? 'revise' : 'block',
        'personal-data',
        `${kind} ${mask(text)}`,
        'none',
        'Take it out, or let the owner supply it as a fact of the brand.',
      ),
    )
}

const checkNetworks = ({ preflight }: ReviewedPost): Hit[] =>
  preflight.map(({ network, rule, value, limit, fix }) =>
    hit('revise', `${network}/${rule}`, value, limit, fix),
  )

const checkAltText = ({ post }: ReviewedPost): Hit[] =>
  post.altText.trim()
    ? []
    : [hit('revise', 'alt-text', 'missing', 'present', 'Describe the film for those who cannot see it.')]

/** isAiGenerated, ai_generated, madeWithAI; not isPaid. */
const AI_FLAG = /(?:^|[a-z_])(?:ai|Ai|AI)(?![a-z])/

function checkMachine(reviewed: ReviewedPost): Hit[] {
  const text = textOf(reviewed)
  const made = findPhrases(text, MADE_BY_MACHINE)
  const isFlagged =
    MACHINE_LABELS.some((label) => hasTag(fold(text), label)) ||
    reviewed.options.some((options) =>
      Object.entries(options).some(([key, value]) => AI_FLAG.test(key) && value === true),
    )
  return made.length === 0 || isFlagged
    ? []
    : [
        hit(
          'revise',
          'ai-label',
          made.join(', '),
          'flagged',
          "Set the network's AI flag, or add #aigenerated.",
        ),
      ]
}

function checkLinks(reviewed: ReviewedPost): Hit[] {
  return findLinks(textOf(reviewed)).map((link) => {
    const isHidden = SHORTENERS.some((host) =>
      link
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .startsWith(host),
    )
    return hit(
      'revise',
      isHidden ? 'hidden-link' : 'link',
      link.slice(0, 100),
      'none',
      'Captions carry no working links; point to the profile instead.',
    )
  })
}

const checkLanguage = ({ post, written }: ReviewedPost): Hit[] =>
  written === undefined || written === post.language.slice(0, 2)
    ? []
    : [
        hit(
          'note',
          'language',
          written,
          post.language,
          'Say the language it is written in: screen readers and networks rely on it.',
        ),
      ]
