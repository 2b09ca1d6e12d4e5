import { and, asc, eq } from 'drizzle-orm'
import { Account, Brand } from '../../runtime/core/entities.ts'
import { account, brand } from '../schema/tenancy.ts'
import type { Tx } from '../tx.ts'
import { existing, type Scope } from './scope.ts'

export async function getBrand(tx: Tx, { brandId }: Scope): Promise<Brand> {
  const [row] = await tx.db
    .select()
    .from(brand)
    .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, brandId)))
  return Brand.parse(existing(row, 'brand', brandId))
}

/** Oldest first, so that "the first account" stays the same one. Tokens never leave with it. */
export async function listAccounts(
  tx: Tx,
  { brandId }: Scope,
  filter: { network?: string } = {},
): Promise<Account[]> {
  const rows = await tx.db
    .select()
    .from(account)
    .where(
      and(
        eq(account.tenantId, tx.tenantId),
        eq(account.brandId, brandId),
        filter.network ? eq(account.network, filter.network) : undefined,
      ),
    )
    .orderBy(asc(account.createdAt), asc(account.id))
  return rows.map((row) => Account.parse(row))
}
