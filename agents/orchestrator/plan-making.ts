/** New clips from a film, and what shall become of them. */
import { acceptedRules } from '../brand-voice/accepted-rules.ts'
import { fromStep } from '../step-reference.ts'
import { pick } from '../words/language.ts'
import { clipsOf, listOf } from '../words/units.ts'
import { activeAccounts, planActing, planReviews } from './plan-publishing.ts'
import type { Planning } from './planning.ts'
import type { Ask } from './understand/understanding.ts'

type Make = Extract<Ask, { do: 'make' }>
type Publish = Extract<Ask, { do: 'publish' }>

const COUNT = 3
/** The longest clip the tools cut; "publish this video" of a longer film publishes its strongest part. */
const WHOLE_MS_MAX = 600_000

export function planMaking(plan: Planning, ask: Make, publishing: readonly Publish[]): void {
  const { brief, language } = plan
  const films = brief.assets.filter((asset) => asset.kind === 'video')
  if (films.length === 0) {
    plan.refuse('asked-clips', 'no-film')
    return
  }
  const accountIds = activeAccounts(plan, publishing.find((one) => one.accountIds)?.accountIds)
  const count = ask.isWhole ? 1 : (ask.count ?? COUNT)
  const formats = ask.formats.length > 0 ? ask.formats : ['9:16']
  const { captionLanguage } = ask
  const written = captionLanguage === 'en' || captionLanguage === 'es' ? captionLanguage : undefined
  const create = plan.add('create', 'content-creator', {
    job: 'make',
    language,
    assetIds: films.map((film) => film.assetId),
    count,
    ...(ask.isPerFilm ? { isPerFilm: true } : {}),
    formats,
    ...lengthsOf(ask, films[0]?.durationMs),
    accountIds,
    wantsCaptions: ask.wantsCaptions,
    ...(written ? { captionLanguage: written } : {}),
    ...(Object.keys(ask.wish).length > 0 ? { wish: ask.wish } : {}),
  })
  plan.doing.push(sayMaking(plan, ask, count, formats))
  if (accountIds.length === 0) {
    if (publishing.length > 0) plan.refuse('asked-publish', 'no-account')
    return
  }
  const accepts = acceptedRules(ask, {
    brand: brief.brand.language,
    caption: written ?? brief.brand.language,
  })
  const posts = fromStep(create, 'posts')
  const reviews = planReviews(plan, posts, [create], accepts)
  if (publishing.length > 0) planActing(plan, posts, [create], reviews, publishing)
}

function lengthsOf(ask: Make, durationMs: number | null | undefined): Record<string, number> {
  if (ask.isWhole && durationMs) {
    const whole = Math.min(WHOLE_MS_MAX, Math.floor(durationMs))
    return { minMs: Math.floor(whole * 0.9), targetMs: whole, maxMs: whole }
  }
  const { minMs, maxMs, targetMs } = ask
  return {
    ...(minMs === undefined ? {} : { minMs }),
    ...(maxMs === undefined ? {} : { maxMs }),
    ...(targetMs === undefined ? {} : { targetMs }),
  }
}

function sayMaking({ language }: Planning, ask: Make, count: number, formats: readonly string[]): string {
  const shapes = listOf(formats, language)
  return pick(language, {
    en: `cut ${clipsOf(count, language)} (${shapes})${ask.wantsCaptions ? ' with captions' : ''}`,
    es: `cortar ${clipsOf(count, language)} (${shapes})${ask.wantsCaptions ? ' con textos' : ''}`,
  })
}
