import { expect, test } from 'vitest'
import type { ReportDocument } from '../../../tools/report/report-document.ts'
import { toHtml } from '../../../tools/report/to-html.ts'
import { toMarkdown } from '../../../tools/report/to-markdown.ts'

const HOSTILE = '<img src=https://evil.example/x onerror=alert(1)> ![p](https://evil.example) | `x` [a](b)'
const report: ReportDocument = {
  title: 'Week 47 & more',
  language: 'es',
  sections: [
    {
      heading: 'Figures',
      table: {
        columns: ['Clip', 'Views'],
        rows: [
          ['One', 12_345.678],
          [HOSTILE, null],
        ],
      },
    },
    { heading: HOSTILE, text: `First.\n\n${HOSTILE}\n- no list` },
  ],
}

test('HTML is one page that runs, loads and trusts nothing', () => {
  const html = toHtml(report, '20 de noviembre')
  expect(html).not.toMatch(/<img|<script|<link|<a |@import|url\(/)
  expect(html).toContain('&lt;img src=https://evil.example/x onerror=alert(1)&gt;')
  expect(html).toContain('default-src &#39;none&#39;')
  expect(html).toContain('<html lang="es">')
  expect(html).toContain('<td class="n">12.345,68</td>')
  expect(html).toContain('<title>Week 47 &amp; more</title>')
})

test('Markdown shows markup instead of obeying it, and keeps its tables whole', () => {
  const text = toMarkdown(report, '20 de noviembre')
  expect(text).toContain('# Week 47 \\& more')
  expect(text).toContain('| Clip | Views |\n| --- | ---: |\n| One | 12.345,68 |')
  expect(text).not.toMatch(/(?<!\\)</)
  expect(text).not.toMatch(/(?<!\\)\[/)
  expect(text).not.toMatch(/https:\/\//)
  expect(text).toContain('\\- no list')
  const rows = text.split('\n').filter((line) => line.startsWith('|'))
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)?.length).toBe(3)
})
