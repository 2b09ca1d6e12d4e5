import type { PostReview, TextReview } from './brand-voice/report.ts'
import { pick } from './words/language.ts'
import { plural } from './words/units.ts'

/** "2 of 3 posts pass; clip 2: avoided-word". */
export function reviewHeadline(report: {
  language: string
  reviews: PostReview[]
  text?: TextReview
}): string {
  const { language } = report
  const all = [...report.reviews, ...(report.text ? [report.text] : [])]
  const open = all.filter((review) => review.verdict !== 'pass')
  const rules = [...new Set(open.flatMap((review) => review.findings.map((finding) => finding.rule)))].join(
    ', ',
  )
  const passed = all.length - open.length
  return pick(language, {
    en: `${passed} of ${plural(all.length, 'text passes', 'texts pass')}${rules ? `; ${rules}` : ''}`,
    es: `${passed} de ${plural(all.length, 'texto', 'textos')} sin objeciones${rules ? `; ${rules}` : ''}`,
  })
}
