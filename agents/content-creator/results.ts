/** What the creator's tools answer, by their own schemas. */
import type { z } from 'zod'
import type { PlaybookCall, ToolOutcome } from '../../runtime/core/playbook.ts'
import type { describeClip } from '../../tools/media/describe-clip.ts'
import type { findHighlights } from '../../tools/media/find-highlights.ts'
import type { listClips } from '../../tools/media/list-clips.ts'
import type { renderClip } from '../../tools/media/render-clip.ts'
import type { trimClip } from '../../tools/media/trim-clip.ts'
import type { draftPost } from '../../tools/publish/draft-post.ts'
import type { revisePost } from '../../tools/publish/revise-post.ts'
import type { CreatorReport, MadeClip } from './report.ts'

export type Highlights = z.output<typeof findHighlights.output>
export type Description = z.output<typeof describeClip.output>
export type Listed = z.output<typeof listClips.output>
export type ListedClip = Listed['clips'][number]
export type Rendered = z.output<typeof renderClip.output>
export type Trimmed = z.output<typeof trimClip.output>
export type Drafted = z.output<typeof draftPost.output>
export type Revised = z.output<typeof revisePost.output>

/** A generator that calls tools on its way to a value. */
export type Work<T> = Generator<PlaybookCall | PlaybookCall[], T, ToolOutcome | ToolOutcome[]>

export const emptyReport = (language: string, captionLanguage: string): CreatorReport => ({
  language,
  captionLanguage,
  clips: [],
  posts: [],
  unplaced: [],
  notes: [],
  failures: [],
})

/** The value, or undefined with the failure written down. */
export function findValue<T>(outcome: ToolOutcome<T>, what: string, report: CreatorReport): T | undefined {
  if (outcome.ok) return outcome.value
  report.failures.push({ what, code: outcome.code, message: outcome.message })
  return undefined
}

export const madeClip = (
  clip: { clipId: string; ordinal: number; startMs: number; endMs: number; score?: number },
  rendered: Rendered | undefined,
): MadeClip => ({
  clipId: clip.clipId,
  ordinal: clip.ordinal,
  startMs: clip.startMs,
  endMs: clip.endMs,
  ...(clip.score === undefined ? {} : { score: clip.score }),
  renditions: (rendered?.renditions ?? []).map(({ renditionId, format, durationMs }) => ({
    renditionId,
    format,
    durationMs,
  })),
})
