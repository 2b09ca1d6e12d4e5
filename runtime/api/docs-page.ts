/** The reference as one page without scripts, fonts or anything from elsewhere: it works offline, like all the rest. */
import { html, raw } from 'hono/html'

interface Document {
  info: { title: string; version: string; description?: string }
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, unknown> }
}

interface Operation {
  tags?: string[]
  summary?: string
  'x-scope'?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown; description?: string }[]
  requestBody?: { content: Record<string, { schema?: unknown }> }
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:13px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8884;border-radius:6px}
details{border-top:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}b.m{display:inline-block;width:4.2rem;text-transform:uppercase;font-size:12px}
small{opacity:.7}table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;vertical-align:top}`

export function docsPage(document: unknown): string {
  const { info, paths = {}, components } = document as Document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))]
  const sections = tags.map((tag) => {
    const ofTag = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
    return html`<h2 id="${tag}">${tag}</h2>${ofTag.map(describe)}`
  })
  const schemas = Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) =>
      html`<details id="schema-${name}"><summary><code>${name}</code></summary>${json(schema)}</details>`,
  )
  return String(html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title} ${info.version}</title><style>${raw(STYLE)}</style>
<h1>${info.title} <small>${info.version}</small></h1><p>${info.description ?? ''} <a href="/openapi.json">openapi.json</a></p>
<pre>curl -H "Authorization: Bearer $STAKAZO_API_KEY" http://127.0.0.1:7411/v1/status</pre>
<p>${tags.map((tag) => html`<a href="#${tag}">${tag}</a> `)}</p>${sections}<h2 id="schemas">schemas</h2>${schemas}</html>`)
}

function describe({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: where, required, description, schema }) =>
      html`<tr><td><code>${name}</code></td><td><small>${where}${required ? ', required' : ''}</small></td><td>${description ?? ''} <small>${JSON.stringify(schema)}</small></td></tr>`,
  )
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([mediaType, { schema }]) => html`<p><small>body ${mediaType}</small></p>${json(schema)}`,
  )
  const answers = Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).map(
      ([mediaType, { schema }]) => html`<p><small>${status} ${mediaType}</small></p>${json(schema)}`,
    ),
  )
  return html`<details><summary><b class="m">${method}</b><code>${path}</code> ${operation.summary ?? ''} <small>${operation['x-scope'] ?? ''}</small></summary>
<table>${parameters}</table>${bodies}${answers}</details>`
}

/** References become links; everything else is shown as it is. */
function json(schema: unknown) {
  const escaped = JSON.stringify(schema ?? {}, null, 1)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
  return html`<pre>${raw(escaped.replace(/"#\/components\/schemas\/(\w+)"/g, '<a href="#schema-$1">$1</a>'))}</pre>`
}
