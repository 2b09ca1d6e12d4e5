/** What came of the plan: another bounded round where a reviewer or a person asked for a change, else the answer. */
import type { z } from 'zod'
import type { PostReview } from '../brand-voice/report.ts'
import type { Correction, Wish } from '../content-creator/brief.ts'
import { fromStep } from '../step-reference.ts'
import { detectLang, findLang, pick } from '../words/language.ts'
import type { JudgeBrief, JudgedPublication } from './brief.ts'
import { composeAnswer } from './compose-answer.ts'
import { actReports, creatorReports, reviewsOf } from './read-steps.ts'
import type { AnswerReport, PlanReport, PlanStep } from './report.ts'
import { strip } from './understand/message.ts'
import { readWish } from './understand/read-wish.ts'

export function judgeTask(handed: JudgeBrief): PlanReport | AnswerReport {
  // The answer speaks as the message did; the brief's language is for messages that do not tell.
  const brief = { ...handed, language: detectLang(strip(handed.message), handed.message) ?? handed.language }
  const changes = brief.replansLeft > 0 ? listChanges(brief) : []
  return changes.length > 0 ? planRound(brief, changes) : composeAnswer(brief)
}

interface Change {
  postId: string
  ordinal: number
  publicationIds: string[]
  correction: z.infer<typeof Correction>
  wish?: Wish
}

function listChanges(brief: JudgeBrief): Change[] {
  const held = actReports(brief).flatMap((report) => report.skipped)
  return creatorPosts(brief).flatMap(({ postId, ordinal, publicationIds }): Change[] => {
    const rejected = brief.publications.find((one) => one.postId === postId && isRejected(one))
    if (rejected) return rejection(brief, postId, ordinal, publicationIds, rejected)
    if (!held.some((skip) => skip.postId === postId)) return []
    const reviews = latestReviews(brief, postId)
    const asking = reviews.filter((review) => review.verdict === 'revise')
    // A block is final for this text: nobody argues with it automatically.
    if (asking.length === 0 || reviews.some((review) => review.verdict === 'block')) return []
    const findings = asking.flatMap((review) => review.findings)
    const proposal = asking.find((review) => review.proposal !== undefined)?.proposal
    return [
      {
        postId,
        ordinal,
        publicationIds,
        correction: { postId, findings, ...(proposal ? { proposal } : {}) },
      },
    ]
  })
}

const isRejected = ({ approval }: JudgedPublication): boolean => approval?.status === 'rejected'

/** A person's reason is read as a wish; "no" alone, or a plain no to publishing, is an end and not a wish. */
function rejection(
  brief: JudgeBrief,
  postId: string,
  ordinal: number,
  publicationIds: string[],
  publication: JudgedPublication,
): Change[] {
  const reason = publication.approval?.reason?.trim() ?? ''
  const wish = reason === '' ? undefined : readWish(reason, findLang(brief.language) ?? 'en')
  if (!wish) return []
  const finding = { rule: 'approver', value: reason.slice(0, 300), limit: '-', fix: reason.slice(0, 300) }
  return [{ postId, ordinal, publicationIds, correction: { postId, findings: [finding] }, wish }]
}

const creatorPosts = (brief: JudgeBrief) => {
  const byPost = new Map(
    creatorReports(brief).flatMap((report) => report.posts.map((post) => [post.postId, post])),
  )
  return [...byPost.values()]
}

/** The newest word of each reviewer on a post. */
function latestReviews(brief: JudgeBrief, postId: string): PostReview[] {
  const newest = new Map<string, PostReview>()
  for (const review of reviewsOf(brief)) if (review.postId === postId) newest.set(review.by, review)
  return [...newest.values()]
}

/** Keys of one task never meet: each round has its number. */
function planRound(brief: JudgeBrief, changes: readonly Change[]): PlanReport {
  const { language } = brief
  const round = brief.steps.filter((step) => /^revise(?:-\d+)*$/.test(step.key)).length + 1
  const steps: PlanStep[] = []
  const byWish = Map.groupBy(changes, ({ wish }) => JSON.stringify(wish ?? {}))
  for (const [index, [, group]] of [...byWish].entries()) {
    const tail = byWish.size > 1 ? `${round}-${index + 1}` : `${round}`
    steps.push(...roundSteps(language, tail, group))
  }
  const which = changes.map((change) => change.ordinal).join(', ')
  const say = pick(language, {
    en: `I revise the text of clip ${which} and ask again.`,
    es: `Reviso el texto del clip ${which} y vuelvo a preguntar.`,
  })
  return { decision: 'plan', language, say, steps, refusals: brief.refusals ?? [] }
}

function roundSteps(language: string, tail: string, changes: readonly Change[]): PlanStep[] {
  const [revise, voice, law, publish] = [
    `revise-${tail}`,
    `voice-${tail}r`,
    `compliance-${tail}r`,
    `publish-${tail}r`,
  ]
  const [first] = changes
  const hasWish = first?.wish !== undefined && Object.keys(first.wish).length > 0
  const posts = fromStep(revise, 'posts')
  const review = { language, posts }
  return [
    {
      key: revise,
      agent: 'content-creator',
      needs: [],
      brief: {
        job: 'revise',
        language,
        postIds: changes.map((change) => change.postId),
        ...(hasWish ? { wish: first.wish } : { corrections: changes.map((change) => change.correction) }),
      },
    },
    { key: voice, agent: 'brand-voice', needs: [revise], brief: review },
    { key: law, agent: 'compliance', needs: [revise], brief: review },
    {
      key: publish,
      agent: 'orchestrator',
      needs: [revise, voice, law],
      brief: {
        stage: 'act',
        language,
        actions: [
          {
            do: 'publish',
            posts,
            publicationIds: changes.flatMap((change) => change.publicationIds),
            reviews: [fromStep(voice, 'reviews'), fromStep(law, 'reviews')],
          },
        ],
      },
    },
  ]
}
