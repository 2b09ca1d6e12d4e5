import { formatCell, type ReportDocument } from './report-document.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{line-height:1.2}time{opacity:.7}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;border-bottom:1px solid #8884;text-align:left}.n{text-align:right}`

/** Should a browser find something to load after all, it may not. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'`

/** Pure: one file, no script, nothing from a network. */
export function toHtml({ title, language, sections }: ReportDocument, madeAt: string): string {
  const body = sections.map(({ heading, text, table }) =>
    [
      `<section><h2>${escapeHtml(heading)}</h2>`,
      ...(text ? paragraphs(text) : []),
      ...(table ? [tableHtml(table, language)] : []),
      '</section>',
    ].join('\n'),
  )
  return [
    `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1><p><time>${escapeHtml(madeAt)}</time></p>`,
    ...body,
    '</body></html>\n',
  ].join('\n')
}

const paragraphs = (text: string): string[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)

function tableHtml(
  { columns, rows }: NonNullable<ReportDocument['sections'][number]['table']>,
  language: string,
): string {
  const isNumeric = columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'))
  const cell = (tag: string, text: string, index: number) =>
    `<${tag}${isNumeric[index] ? ' class="n"' : ''}>${escapeHtml(text)}</${tag}>`
  const head = columns.map((column, index) => cell('th', column, index)).join('')
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((_, index) => cell('td', formatCell(row[index] ?? null, language), index)).join('')}</tr>`,
  )
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
}
