import { z } from 'zod'
import { canonicalJson } from '../../runtime/core/digest.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { ReportDocument } from './report-document.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'

export const renderReport = defineTool({
  name: 'render-report',
  does: 'Lay out a finished report as Markdown or as one self-contained HTML page and file it in the vault. Give figures as numbers in tables: they are written as the language writes them. Text is taken as plain text; markup in it is shown, not obeyed.',
  effect: { kind: 'record' },
  input: ReportDocument.extend({
    format: z.enum(['markdown', 'html']).default('markdown'),
    folder: z
      .enum(['campaign_history', 'audits'])
      .default('campaign_history')
      .describe('audits: of compliance and defence.'),
  }),
  output: z.object({ vaultItemId: z.uuid(), format: z.enum(['markdown', 'html']), text: z.string() }),
  async run({ format, folder, ...document }, { store, blobs, caller, clock }) {
    const { zone } = await store.getBrand()
    const madeAt = new Intl.DateTimeFormat(document.language, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: zone,
    }).format(clock.nowMs())
    const text = format === 'html' ? toHtml(document, madeAt) : toMarkdown(document, madeAt)
    const body = { title: document.title, language: document.language, format, text }
    const { sha256 } = await blobs.put(Buffer.from(canonicalJson(body)), { mediaType: 'application/json' })
    const item = await store.saveVaultItem({
      folder,
      entityType: 'report',
      entityId: caller.taskId,
      sha256,
      source: caller.agent,
      runId: caller.runId,
      metadata: { title: document.title, language: document.language, format },
    })
    return { vaultItemId: item.id, format, text }
  },
})
