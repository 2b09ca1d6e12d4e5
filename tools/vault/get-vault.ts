import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { toVaultSummary, VaultSummary } from './vault-summary.ts'

export const getVault = defineTool({
  name: 'get-vault',
  does: 'Read one record of the vault with its body. Its trust says where it came from.',
  effect: { kind: 'read' },
  input: z.object({ id: z.uuid().describe('vaultItemId from list-vault.') }),
  output: z.object({ item: VaultSummary, body: z.json() }),
  async run({ id }, { store, blobs }) {
    const item = await store.getVaultItem(id)
    const stored = await text(await blobs.open(item.sha256))
    try {
      return { item: toVaultSummary(item), body: z.json().parse(JSON.parse(stored)) }
    } catch (cause) {
      throw new StakazoError('bug', `vault item ${id} holds no JSON`, { cause })
    }
  },
})
