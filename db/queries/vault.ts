import { and, desc, eq, sql } from 'drizzle-orm'
import { addMs } from '../../runtime/core/clock.ts'
import { payloadHash } from '../../runtime/core/digest.ts'
import { VaultItem } from '../../runtime/core/entities.ts'
import { leastTrust, type Trust } from '../../runtime/core/trust.ts'
import { vaultItem } from '../schema/media.ts'
import type { Tx } from '../tx.ts'
import { holdBlob } from './blobs.ts'
import { existing, type Scope, stamp } from './scope.ts'
import { RETENTION_MS, vaultName } from './vault-name.ts'

export interface VaultFilter {
  folder?: VaultItem['folder']
  entityType?: string
  entityId?: string
  limit?: number
}

export async function listVault(tx: Tx, filter: VaultFilter): Promise<VaultItem[]> {
  const rows = await tx.db
    .select()
    .from(vaultItem)
    .where(
      and(
        eq(vaultItem.tenantId, tx.tenantId),
        filter.folder ? eq(vaultItem.folder, filter.folder) : undefined,
        filter.entityType ? eq(vaultItem.entityType, filter.entityType) : undefined,
        filter.entityId ? eq(vaultItem.entityId, filter.entityId) : undefined,
      ),
    )
    .orderBy(desc(vaultItem.createdAt), desc(vaultItem.id))
    .limit(filter.limit ?? 100)
  return rows.map((row) => VaultItem.parse(row))
}

export async function getVaultItem(tx: Tx, id: string): Promise<VaultItem> {
  const [row] = await tx.db
    .select()
    .from(vaultItem)
    .where(and(eq(vaultItem.tenantId, tx.tenantId), eq(vaultItem.id, id)))
  return VaultItem.parse(existing(row, 'vault item', id))
}

export type NewVaultItem = Omit<
  VaultItem,
  'id' | 'createdAt' | 'trust' | 'version' | 'name' | 'featureHash' | 'retainUntil'
>

/** New bytes of an entity are its next version; bytes it has already are merged into the item that holds them. */
export async function saveVaultItem(tx: Tx, scope: Scope, fresh: NewVaultItem): Promise<VaultItem> {
  const series = [tx.tenantId, fresh.folder, fresh.entityType, fresh.entityId].join('/')
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${series}, 0))`)
  const earlier = await tx.db
    .select()
    .from(vaultItem)
    .where(
      and(
        eq(vaultItem.tenantId, tx.tenantId),
        eq(vaultItem.folder, fresh.folder),
        eq(vaultItem.entityType, fresh.entityType),
        eq(vaultItem.entityId, fresh.entityId),
      ),
    )
    .orderBy(desc(vaultItem.version))
  const twin = earlier.find((each) => each.sha256 === fresh.sha256)
  if (twin) return merge(tx, scope, twin, fresh)
  const version = (earlier[0]?.version ?? 0) + 1
  const { id, createdAt } = stamp(scope)
  const [row] = await tx.db
    .insert(vaultItem)
    .values({
      ...fresh,
      id,
      createdAt,
      tenantId: tx.tenantId,
      version,
      name: vaultName(fresh, createdAt, version),
      featureHash: payloadHash({ entityType: fresh.entityType, sha256: fresh.sha256 }),
      trust: scope.trust,
      retainUntil: addMs(createdAt, RETENTION_MS[fresh.folder]),
    })
    .returning()
  await holdBlob(tx, fresh.sha256)
  tx.emit({
    type: 'vault.saved',
    brandId: scope.brandId,
    taskId: scope.taskId,
    runId: scope.runId,
    agent: scope.agent,
    subjectId: id,
    trust: scope.trust,
    payload: { folder: fresh.folder, version },
  })
  return VaultItem.parse(row)
}

async function merge(
  tx: Tx,
  scope: Scope,
  twin: typeof vaultItem.$inferSelect,
  fresh: NewVaultItem,
): Promise<VaultItem> {
  const [row] = await tx.db
    .update(vaultItem)
    .set({
      metadata: { ...twin.metadata, ...fresh.metadata },
      trust: leastTrust(twin.trust as Trust, scope.trust),
    })
    .where(and(eq(vaultItem.tenantId, tx.tenantId), eq(vaultItem.id, twin.id)))
    .returning()
  return VaultItem.parse(row)
}
