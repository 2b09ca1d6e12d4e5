import { z } from 'zod'
import { Language } from '../../runtime/core/entities.ts'

const Cell = z.union([z.string().max(2_000), z.number(), z.null()])

const Section = z.object({
  heading: z.string().min(1).max(200),
  text: z.string().max(20_000).optional().describe('Paragraphs, separated by an empty line.'),
  table: z
    .object({ columns: z.array(z.string().max(200)).min(1).max(12), rows: z.array(z.array(Cell)).max(500) })
    .optional()
    .describe('Figures; numbers as numbers.'),
})

export const ReportDocument = z.object({
  title: z.string().min(1).max(200),
  language: Language,
  sections: z.array(Section).min(1).max(50),
})
export type ReportDocument = z.infer<typeof ReportDocument>

/** A number as readers of the language write it; a missing value as a dash. */
export function formatCell(cell: z.infer<typeof Cell>, language: string): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: 'always' } as const).format(
    cell,
  )
}
