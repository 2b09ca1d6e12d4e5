import { formatCell, type ReportDocument } from './report-document.ts'

/** All that Markdown or HTML inside it could read as markup, links and images included. */
const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()<>#|~!&$]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/gm, '$1\\$2')
    // a bare address would still become a link in most readers
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/\bwww\./gi, 'www\\.')

const line = (text: string): string => escapeMarkdown(text).replace(/\s*\n\s*/g, ' ')

/** Pure. `madeAt` is told as the brand's clocks show it. */
export function toMarkdown({ title, language, sections }: ReportDocument, madeAt: string): string {
  const blocks = [`# ${line(title)}`, line(madeAt)]
  for (const { heading, text, table } of sections) {
    blocks.push(`## ${line(heading)}`)
    if (text) blocks.push(escapeMarkdown(text.trim()))
    if (!table) continue
    const { columns, rows } = table
    const isNumeric = columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'))
    const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
    blocks.push(
      [
        row(columns.map(line)),
        row(isNumeric.map((numeric) => (numeric ? '---:' : '---'))),
        ...rows.map((cells) =>
          row(columns.map((_, index) => line(formatCell(cells[index] ?? null, language)))),
        ),
      ].join('\n'),
    )
  }
  return `${blocks.join('\n\n')}\n`
}
