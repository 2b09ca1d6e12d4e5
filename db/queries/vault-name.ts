import { DAY } from '../../runtime/core/clock.ts'
import type { VaultItem } from '../../runtime/core/entities.ts'

type Named = Pick<VaultItem, 'entityType' | 'entityId'>

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)

/** `<entity>__YYYYMMDD__v<version>.json` */
export function vaultName({ entityType, entityId }: Named, createdAt: string, version: number): string {
  const entity = [slug(entityType), slug(entityId)].filter(Boolean).join('-') || 'item'
  return `${entity}__${createdAt.slice(0, 10).replaceAll('-', '')}__v${version}.json`
}

/** Raw records stay a year, summaries five. */
export const RETENTION_MS: Record<VaultItem['folder'], number> = {
  ml_features: 365 * DAY,
  clips_metadata: 365 * DAY,
  orchestrator_runs: 365 * DAY,
  audits: 5 * 365 * DAY,
  campaign_history: 5 * 365 * DAY,
}
