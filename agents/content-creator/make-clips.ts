/** The main job: a film becomes clips, rendered, captioned and drafted. */

import type { Brand, Format, MediaInfo } from '../../runtime/core/entities.ts'
import { ask, askAll, call } from '../../runtime/core/playbook.ts'
import { pick } from '../words/language.ts'
import { writeAltText } from './alt-text.ts'
import type { MakeBrief } from './brief.ts'
import { checkDrafts } from './check-drafts.ts'
import type { CreatorReport, MadeClip } from './report.ts'
import {
  type Description,
  type Drafted,
  emptyReport,
  findValue,
  type Highlights,
  madeClip,
  type Rendered,
  type Work,
} from './results.ts'
import { chooseHashtags, writeCaption } from './write-caption.ts'

interface Film {
  assetId: string
  info: MediaInfo
}

export function* makeClips(brief: MakeBrief, brand: Brand): Work<CreatorReport> {
  const captionLanguage = brief.captionLanguage ?? brief.wish?.language ?? brand.language
  const report = { ...emptyReport(brief.language, captionLanguage), asked: askedCount(brief) }
  const films = yield* probeFilms(brief, report)
  const found = yield* findClips(brief, films, report)
  const rendered = yield* askAll<Rendered>(
    found.map(({ clip }) =>
      call(
        'render-clip',
        { clipId: clip.clipId, formats: brief.formats, quality: 'final' },
        `Rendering clip ${clip.ordinal}`,
      ),
    ),
  )
  const seen = yield* askAll<Description>(
    found.map(({ clip }) => call('describe-clip', { clipId: clip.clipId, language: captionLanguage })),
  )
  const works = found.flatMap(({ clip, film }, index): Draftable[] => {
    const done = rendered[index]
    const value = done && findValue(done, `clip ${clip.ordinal}`, report)
    const made = madeClip(clip, value)
    report.clips.push(made)
    const sight = seen[index]
    return value ? [{ made, film, description: sight?.ok ? sight.value.description : undefined }] : []
  })
  yield* draftPosts(brief, brand, works, report)
  yield* checkDrafts(report, brand, { wish: brief.wish, wantsCaptions: brief.wantsCaptions !== false })
  return withNotes(report, brief)
}

const askedCount = (brief: MakeBrief): number => brief.count * (brief.isPerFilm ? brief.assetIds.length : 1)

function* probeFilms(brief: MakeBrief, report: CreatorReport): Work<Film[]> {
  const infos = yield* askAll<MediaInfo>(
    brief.assetIds.map((assetId) => call('probe-video', { assetId }, 'Measuring the film')),
  )
  return brief.assetIds.flatMap((assetId, index) => {
    const outcome = infos[index]
    const info = outcome && findValue(outcome, 'film', report)
    return info ? [{ assetId, info }] : []
  })
}

/** Clips are numbered on over several films, one film after the other, so that numbers never meet. */
function* findClips(brief: MakeBrief, films: readonly Film[], report: CreatorReport): Work<FoundClip[]> {
  const found: FoundClip[] = []
  for (const [index, film] of films.entries()) {
    const count = brief.isPerFilm ? brief.count : shareOf(brief.count, films.length, index)
    if (count === 0) continue
    const outcome = yield* ask<Highlights>(
      call(
        'find-highlights',
        {
          assetId: film.assetId,
          count,
          minMs: brief.minMs,
          maxMs: brief.maxMs,
          targetMs: brief.targetMs,
          ordinalFrom: found.length + 1,
        },
        `Looking for ${count} highlights`,
      ),
    )
    const value = findValue(outcome, 'highlights', report)
    if (value?.fewerBecause) report.fewerBecause = value.fewerBecause
    found.push(...(value?.clips ?? []).map((clip) => ({ clip, film })))
  }
  return found
}

interface FoundClip {
  clip: Highlights['clips'][number]
  film: Film
}

/** Seven clips of two films: four and three. */
const shareOf = (count: number, films: number, index: number): number =>
  Math.floor(count / films) + (index < count % films ? 1 : 0)

interface Draftable {
  made: MadeClip
  film: Film
  description: string | undefined
}

/** Vertical is what the networks show in full; else what was asked first. */
const PREFERRED: readonly Format[] = ['9:16', '4:5', '1:1', '16:9']

function* draftPosts(
  brief: MakeBrief,
  brand: Brand,
  works: readonly Draftable[],
  report: CreatorReport,
): Work<void> {
  const taken: string[] = []
  const drafts = works.map(({ made, film, description }) => {
    const durationMs = made.endMs - made.startMs
    const clip = { ordinal: made.ordinal, of: works.length, durationMs, startMs: made.startMs }
    const language = report.captionLanguage
    const caption =
      brief.wantsCaptions === false && brief.wish?.text === undefined
        ? ''
        : writeCaption({ brand, language, clip, wish: brief.wish, taken })
    taken.push(caption)
    const rendition = PREFERRED.flatMap((format) => made.renditions.filter((one) => one.format === format))[0]
    const format = rendition?.format ?? '9:16'
    const altText = writeAltText({
      format,
      durationMs,
      hasAudio: film.info.hasAudio,
      brandName: brand.name,
      language,
      description,
    })
    return { made, rendition, caption, altText, hashtags: chooseHashtags(brand, brief.wish) }
  })
  if (brief.accountIds.length === 0) {
    report.unplaced = drafts.map(({ made, caption, altText }) => ({
      clipId: made.clipId,
      ordinal: made.ordinal,
      caption,
      altText,
    }))
    return
  }
  const outcomes = yield* askAll<Drafted>(
    drafts.map(({ made, rendition, caption, altText, hashtags }) =>
      call(
        'draft-post',
        {
          clipId: made.clipId,
          renditionId: rendition?.renditionId,
          caption,
          altText,
          hashtags,
          language: report.captionLanguage,
          accountIds: brief.accountIds,
        },
        `Drafting the post of clip ${made.ordinal}`,
      ),
    ),
  )
  for (const [index, { made, caption, altText, hashtags }] of drafts.entries()) {
    const outcome = outcomes[index]
    const value = outcome && findValue(outcome, `post of clip ${made.ordinal}`, report)
    if (!value) continue
    const publicationIds = value.publications.map((publication) => publication.publicationId)
    const { postId, version } = value
    report.posts.push({
      postId,
      version,
      clipId: made.clipId,
      ordinal: made.ordinal,
      caption,
      altText,
      hashtags,
      publicationIds,
    })
  }
}

function withNotes(report: CreatorReport, brief: MakeBrief): CreatorReport {
  const { asked = 0, clips, language } = report
  if (clips.length > 0 && clips.length < asked) {
    report.notes.push(
      pick(language, {
        en: `The film gave ${clips.length} of the ${asked} clips asked for.`,
        es: `La película dio ${clips.length} de los ${asked} clips pedidos.`,
      }),
    )
  }
  if (brief.accountIds.length === 0 && report.unplaced.length > 0) {
    report.notes.push(
      pick(language, {
        en: 'No account is connected, so the captions are here but no post is drafted.',
        es: 'No hay ninguna cuenta conectada: los textos están aquí, pero no hay borradores.',
      }),
    )
  }
  return report
}
