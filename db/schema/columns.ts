/** Column shapes every table shares. Keys are (tenant_id, id), so that a foreign key can never cross a tenant. */
import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { customType, type PgTableExtraConfigValue, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Business instants come from the clock port; drizzle hands them as ISO text. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string', precision: 3 })
/** Lease times use the database's own clock, because that is the one all workers share. */
export const leaseTime = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const tenantId = () => uuid('tenant_id').notNull()

export const tenantKey = (table: { tenantId: AnyPgColumn; id: AnyPgColumn }): PgTableExtraConfigValue =>
  primaryKey({ columns: [table.tenantId, table.id] })

/** jsonb without NUL, which Postgres refuses inside jsonb: it is dropped on the way in (seen to kill whole runs). */
export const cleanJson = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'jsonb',
    toDriver: (value) => sql`${stripNul(JSON.stringify(value))}::text::jsonb` as never,
    fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value) as T,
  })(name)

const stripNul = (json: string): string => json.replaceAll('\\u0000', '')
