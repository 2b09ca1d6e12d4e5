import { z } from 'zod'
import { defineTool } from '../../runtime/core/tool.ts'
import { toVaultSummary, VaultFolder, VaultSummary } from './vault-summary.ts'

export const listVault = defineTool({
  name: 'list-vault',
  does: 'Records of the vault, newest first, without their bodies; get-vault reads one.',
  effect: { kind: 'read' },
  input: z.object({
    folder: VaultFolder.optional(),
    entityType: z.string().max(60).optional(),
    entityId: z.string().max(100).optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  output: z.object({ items: z.array(VaultSummary) }),
  run: async (filter, { store }) => ({ items: (await store.listVault(filter)).map(toVaultSummary) }),
})
