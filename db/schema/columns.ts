/** Column shapes every table shares. Keys are (tenant_id, id), so that a foreign key can never cross a tenant. */
import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { customType, type PgTableExtraConfigValue, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { instantMs, toInstant } from '../../runtime/core/clock.ts'

/**
 * Business instants come from the clock port, lease times from the database's own clock, which all workers share. Both
 * leave as ISO text; Postgres writes them with a space and `+00`.
 */
export const instant = (name: string) =>
  customType<{ data: string; driverData: string }>({
    dataType: () => 'timestamp(3) with time zone',
    fromDriver: (value) => toInstant(instantMs(value)),
  })(name)

export const tenantId = () => uuid('tenant_id').notNull()

export const tenantKey = (table: { tenantId: AnyPgColumn; id: AnyPgColumn }): PgTableExtraConfigValue =>
  primaryKey({ columns: [table.tenantId, table.id] })

/** jsonb without NUL, which Postgres refuses inside jsonb: it is dropped on the way in (seen to kill whole runs). */
export const cleanJson = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'jsonb',
    toDriver: (value) => sql`${stripNul(JSON.stringify(value))}::text::jsonb` as never,
    // The driver has parsed it; a string here is a JSON string, which parsed again would fail or become something else.
    fromDriver: (value) => value as T,
  })(name)

const stripNul = (json: string): string => json.replaceAll('\\u0000', '')
