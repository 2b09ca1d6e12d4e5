import { z } from 'zod'
import { canonicalJson } from '../../runtime/core/digest.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { toVaultSummary, VaultFolder, VaultSummary } from './vault-summary.ts'

/** A record, not a file: films and reports have places of their own. */
const BODY_BYTES_MAX = 1_000_000

export const putVault = defineTool({
  name: 'put-vault',
  does: 'File a durable record about something (a campaign, a clip, an audit). The same body again is merged into the record there is; a new body is its next version. Summaries (campaign_history, audits) are kept five years, raw records one.',
  effect: { kind: 'record' },
  input: z.object({
    folder: VaultFolder,
    entityType: z.string().min(1).max(60).describe('What it is about, such as clip or campaign.'),
    entityId: z.string().min(1).max(100).describe('Which one.'),
    body: z.json().describe('The record, at most 1 MB.'),
    metadata: z.record(z.string(), z.json()).default({}).describe('Small facts to find it by.'),
  }),
  output: VaultSummary,
  async run({ body, ...item }, { store, blobs, caller }) {
    const bytes = Buffer.from(canonicalJson(body))
    if (bytes.length > BODY_BYTES_MAX) {
      throw new StakazoError('too-large', `the record has ${bytes.length} bytes, limit ${BODY_BYTES_MAX}`)
    }
    const { sha256 } = await blobs.put(bytes, { mediaType: 'application/json' })
    const saved = await store.saveVaultItem({ ...item, sha256, source: caller.agent, runId: caller.runId })
    return toVaultSummary(saved)
  },
})
