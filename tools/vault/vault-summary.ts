import { z } from 'zod'
import { VaultItem } from '../../runtime/core/entities.ts'

export const VaultFolder = VaultItem.shape.folder

export const VaultSummary = VaultItem.pick({
  folder: true,
  name: true,
  entityType: true,
  entityId: true,
  version: true,
  trust: true,
  retainUntil: true,
  createdAt: true,
  metadata: true,
}).extend({ vaultItemId: z.uuid() })
export type VaultSummary = z.infer<typeof VaultSummary>

export const toVaultSummary = (item: VaultItem): VaultSummary => ({ ...item, vaultItemId: item.id })
