/** The creator reads its own drafts with the reviewers' tools before handing them over, and mends what rules can mend. */

import type { Brand, Review } from '../../runtime/core/entities.ts'
import { askAll, call } from '../../runtime/core/playbook.ts'
import { acceptedRules } from '../brand-voice/accepted-rules.ts'
import type { Wish } from './brief.ts'
import { mendCaption } from './mend-caption.ts'
import type { CreatorReport, MadePost } from './report.ts'
import { findValue, type Revised, type Work } from './results.ts'

/** More rounds mend nothing that two did not. */
const ROUNDS = 2

interface Wanted {
  wish?: Wish | undefined
  wantsCaptions: boolean
}

export function* checkDrafts(report: CreatorReport, brand: Brand, wanted: Wanted): Work<void> {
  const accepted = new Set(acceptedRules(wanted, { brand: brand.language, caption: report.captionLanguage }))
  let open = report.posts
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    const reviews = yield* askAll<Review>(
      open.flatMap(({ postId, ordinal }) => [
        call('check-voice', { postId }, `Checking the voice of post ${ordinal}`),
        call('check-post', { postId }, `Checking the rules for post ${ordinal}`),
      ]),
    )
    const changes = open.flatMap((post, index) => {
      const found = [reviews[2 * index], reviews[2 * index + 1]].flatMap((outcome) =>
        outcome?.ok && outcome.value.verdict !== 'pass' ? outcome.value.findings : [],
      )
      const findings = found.filter((finding) => !accepted.has(finding.rule))
      const mended = findings.length > 0 ? mend(post, findings, report, brand, wanted) : undefined
      return mended ? [{ post, mended }] : []
    })
    const revised = yield* askAll<Revised>(
      changes.map(({ post, mended }) =>
        call(
          'revise-post',
          { postId: post.postId, caption: mended.caption, hashtags: mended.hashtags },
          `Mending post ${post.ordinal}`,
        ),
      ),
    )
    open = changes.flatMap(({ post, mended }, index) => {
      const outcome = revised[index]
      const value = outcome && findValue(outcome, `post of clip ${post.ordinal}`, report)
      if (!value) return []
      Object.assign(post, { caption: mended.caption, version: value.version })
      if (mended.hashtags) post.hashtags = mended.hashtags
      return [post]
    })
  }
}

function mend(
  post: MadePost,
  findings: Review['findings'],
  report: CreatorReport,
  brand: Brand,
  { wish }: Wanted,
) {
  // Exact words of the person are theirs: a finding is told, never corrected behind their back.
  if (wish?.text !== undefined) return undefined
  const clip = report.clips.find((one) => one.clipId === post.clipId)
  return mendCaption({ caption: post.caption, hashtags: post.hashtags }, findings, {
    brand,
    language: report.captionLanguage,
    clip: {
      ordinal: post.ordinal,
      of: Math.max(1, report.clips.length),
      durationMs: clip ? clip.endMs - clip.startMs : 0,
      startMs: clip?.startMs ?? 0,
    },
    wish,
    taken: report.posts.filter((other) => other !== post).map((other) => other.caption),
  })
}
