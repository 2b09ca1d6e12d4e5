/** Follow-ups: change only what was asked for. */

import type { Brand, Format } from '../../runtime/core/entities.ts'
import { ask, askAll, call } from '../../runtime/core/playbook.ts'
import { withNewLength } from './alt-text.ts'
import type { PlaceBrief, ReformatBrief, ReviseBrief, TrimBrief } from './brief.ts'
import { checkDrafts } from './check-drafts.ts'
import type { CreatorReport } from './report.ts'
import {
  type Drafted,
  emptyReport,
  findValue,
  type Listed,
  type ListedClip,
  madeClip,
  type Rendered,
  type Revised,
  type Trimmed,
  type Work,
} from './results.ts'
import { reviseCaption } from './revise-caption.ts'
import { chooseHashtags } from './write-caption.ts'

const listThread = () => ask<Listed>(call('list-clips', { scope: 'thread' }, 'Looking at what there is'))

const idsOf = (post: ListedClip['posts'][number]): string[] =>
  post.publications.map((publication) => publication.publicationId)

/** Another span, the same formats and, but for a length said in words, the same text. */
export function* trimClips(brief: TrimBrief, brand: Brand): Work<CreatorReport> {
  const report = emptyReport(brief.language, brand.language)
  const before = findValue(yield* listThread(), 'clips', report)?.clips ?? []
  const trimmed = yield* askAll<Trimmed>(
    brief.clips.map(({ clipId, ordinal, newStartMs, newEndMs, targetMs }) =>
      call(
        'trim-clip',
        { clipId, startMs: newStartMs, endMs: newEndMs, targetMs },
        `Trimming clip ${ordinal}`,
      ),
    ),
  )
  for (const [index, wanted] of brief.clips.entries()) {
    const outcome = trimmed[index]
    const clip = outcome && findValue(outcome, `clip ${wanted.ordinal}`, report)?.clip
    if (clip)
      yield* replaceFilm(
        before.find((one) => one.clipId === wanted.clipId),
        wanted,
        clip,
        report,
      )
  }
  return report
}

function* replaceFilm(
  old: ListedClip | undefined,
  wanted: { startMs: number; endMs: number },
  clip: Trimmed['clip'],
  report: CreatorReport,
): Work<void> {
  const formats = [...new Set((old?.renditions ?? []).map((one) => one.format))]
  const rendered = yield* ask<Rendered>(
    call(
      'render-clip',
      { clipId: clip.clipId, formats: formats.length > 0 ? formats : ['9:16'], quality: 'final' },
      `Rendering clip ${clip.ordinal}`,
    ),
  )
  const value = findValue(rendered, `clip ${clip.ordinal}`, report)
  report.clips.push(madeClip(clip, value))
  const [beforeMs, afterMs] = [wanted.endMs - wanted.startMs, clip.endMs - clip.startMs]
  for (const post of value ? (old?.posts ?? []) : []) {
    const formatOf = value?.renditions.find((one) => one.format === '9:16') ?? value?.renditions[0]
    const caption = withNewLength(post.caption, beforeMs, afterMs)
    const altText = withNewLength(post.altText, beforeMs, afterMs)
    const outcome = yield* ask<Revised>(
      call(
        'revise-post',
        {
          postId: post.postId,
          clipId: clip.clipId,
          renditionId: formatOf?.renditionId,
          caption: caption === post.caption ? undefined : caption,
          altText: altText === post.altText ? undefined : altText,
        },
        `Putting the new cut into the post of clip ${clip.ordinal}`,
      ),
    )
    const revised = findValue(outcome, `post of clip ${clip.ordinal}`, report)
    if (!revised) continue
    const { postId, version } = revised
    report.posts.push({
      postId,
      version,
      clipId: clip.clipId,
      ordinal: clip.ordinal,
      caption,
      altText,
      publicationIds: idsOf(post),
    })
  }
}

/** Other words for posts that exist; the film stays as it is. */
export function* revisePosts(brief: ReviseBrief, brand: Brand): Work<CreatorReport> {
  const language = brief.wish?.language ?? brand.language
  const report = emptyReport(brief.language, language)
  const clips = findValue(yield* listThread(), 'clips', report)?.clips ?? []
  const posts = clips.flatMap((clip) => clip.posts.map((post) => ({ clip, post })))
  const taken = posts.map(({ post }) => post.caption)
  const changes = brief.postIds.flatMap((postId) => {
    const found = posts.find(({ post }) => post.postId === postId)
    if (!found) {
      report.failures.push({
        what: 'post',
        code: 'not-found',
        message: `there is no post ${postId} in this conversation`,
      })
      return []
    }
    const correction = brief.corrections?.find((one) => one.postId === postId)
    const draft = reviseCaption({
      ...found,
      brand,
      language,
      of: clips.length,
      wish: brief.wish,
      correction,
      taken,
    })
    taken.push(draft.caption)
    return [{ ...found, draft }]
  })
  const revised = yield* askAll<Revised>(
    changes.map(({ clip, post, draft }) =>
      call(
        'revise-post',
        {
          postId: post.postId,
          caption: draft.caption === post.caption ? undefined : draft.caption,
          hashtags: draft.hashtags,
        },
        `New words for clip ${clip.ordinal}`,
      ),
    ),
  )
  for (const [index, { clip, post, draft }] of changes.entries()) {
    const outcome = revised[index]
    const value = outcome && findValue(outcome, `post of clip ${clip.ordinal}`, report)
    if (!value) continue
    report.clips.push(madeClip(clip, undefined))
    const { postId, version } = value
    report.posts.push({
      postId,
      version,
      clipId: clip.clipId,
      ordinal: clip.ordinal,
      ...draft,
      altText: post.altText,
      publicationIds: idsOf(post),
    })
  }
  yield* checkDrafts(report, brand, { wish: brief.wish, wantsCaptions: true })
  return report
}

/** The same clips in further shapes. */
export function* reformatClips(brief: ReformatBrief, brand: Brand): Work<CreatorReport> {
  const report = emptyReport(brief.language, brand.language)
  const rendered = yield* askAll<Rendered>(
    brief.clips.map(({ clipId, ordinal }) =>
      call(
        'render-clip',
        { clipId, formats: brief.formats as Format[], quality: 'final' },
        `Rendering clip ${ordinal}`,
      ),
    ),
  )
  for (const [index, clip] of brief.clips.entries()) {
    const outcome = rendered[index]
    const value = outcome && findValue(outcome, `clip ${clip.ordinal}`, report)
    if (value) report.clips.push(madeClip(clip, value))
  }
  return report
}

/** Clips whose captions have no place yet get drafts on the accounts that are connected now. */
export function* placePosts(brief: PlaceBrief, brand: Brand): Work<CreatorReport> {
  const report = emptyReport(brief.language, brand.language)
  const clips = findValue(yield* listThread(), 'clips', report)?.clips ?? []
  for (const wanted of brief.clips) {
    const clip = clips.find((one) => one.clipId === wanted.clipId)
    const rendition = clip?.renditions.find((one) => one.format === '9:16') ?? clip?.renditions[0]
    if (!clip || !rendition) {
      report.failures.push({
        what: `clip ${wanted.ordinal}`,
        code: 'not-found',
        message: 'it has no rendered file',
      })
      continue
    }
    const [before] = clip.posts
    const draft = reviseCaption({
      clip,
      post: before,
      brand,
      language: brand.language,
      of: clips.length,
      taken: [],
    })
    const hashtags = chooseHashtags(brand, undefined)
    const altText = before?.altText ?? brand.name
    const outcome = yield* ask<Drafted>(
      call(
        'draft-post',
        {
          clipId: clip.clipId,
          renditionId: rendition.renditionId,
          caption: draft.caption,
          altText,
          hashtags,
          language: brand.language,
          accountIds: brief.accountIds,
        },
        `Drafting the post of clip ${clip.ordinal}`,
      ),
    )
    const value = findValue(outcome, `post of clip ${clip.ordinal}`, report)
    if (!value) continue
    report.clips.push(madeClip(clip, undefined))
    report.posts.push({
      postId: value.postId,
      version: value.version,
      clipId: clip.clipId,
      ordinal: clip.ordinal,
      caption: draft.caption,
      altText,
      hashtags,
      publicationIds: value.publications.map((publication) => publication.publicationId),
    })
  }
  yield* checkDrafts(report, brand, { wantsCaptions: true })
  return report
}
