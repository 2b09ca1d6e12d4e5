/** What an owner does to brands. Agents only read them. */
import { and, eq } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { Brand } from '../../runtime/core/entities.ts'
import { newId } from '../../runtime/core/ids.ts'
import { brand } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'
import { existing } from './scope.ts'

export type BrandFields = Pick<
  Brand,
  'name' | 'language' | 'zone' | 'voice' | 'goals' | 'competitors' | 'facts'
>

export async function createBrand(tx: Tx, clock: Clock, fields: BrandFields): Promise<Brand> {
  const [row] = await tx.db
    .insert(brand)
    .values({ ...fields, tenantId: tx.tenantId, id: newId(clock), createdAt: clock.now() })
    .returning()
  const made = Brand.parse(row)
  tx.emit({
    type: 'brand.created',
    brandId: made.id,
    subjectId: made.id,
    trust: 3,
    payload: { name: made.name, language: made.language, zone: made.zone },
  })
  return made
}

/** Given fields replace the old ones whole. Throws `not-found`. */
export async function updateBrand(tx: Tx, id: string, fields: Partial<BrandFields>): Promise<Brand> {
  const isMine = and(eq(brand.tenantId, tx.tenantId), eq(brand.id, id))
  const changed = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  const [row] =
    Object.keys(changed).length === 0
      ? await tx.db.select().from(brand).where(isMine)
      : await tx.db.update(brand).set(changed).where(isMine).returning()
  const updated = Brand.parse(existing(row, 'brand', id))
  tx.emit({
    type: 'brand.updated',
    brandId: id,
    subjectId: id,
    trust: 3,
    payload: { fields: Object.keys(changed) },
  })
  return updated
}
