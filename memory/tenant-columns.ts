/** Every column of every table behind the tenant's wall that can hold somebody's words. */
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/tx.ts'
import type { SubjectPattern } from './subject-pattern.ts'

export interface TextColumn {
  /** `schema.table`, quoted where it must be. */
  readonly table: string
  readonly name: string
  readonly type: 'text' | 'text[]' | 'jsonb' | 'tsvector' | 'bytea'
  /** May the eraser rewrite it, or only remove its rows? */
  readonly isWritable: boolean
}

export async function listTextColumns(tx: Tx): Promise<TextColumn[]> {
  const rows = await tx.db.execute(sql`
    select c.oid::regclass::text as table, quote_ident(a.attname) as name, format_type(a.atttypid, null) as type,
      has_column_privilege(c.oid, a.attnum, 'UPDATE') and a.attgenerated = '' as is_writable
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r'
      and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)
      and has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT')
      and a.attname <> 'tenant_id'
      and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb', 'tsvector', 'bytea')
    order by 1, 2`)
  return rows.map((row) => ({
    table: String(row.table),
    name: String(row.name),
    type: row.type as TextColumn['type'],
    isWritable: row.is_writable === true,
  }))
}

/** True in rows that speak of the subject. */
export const speaksOf = (column: TextColumn, pattern: SubjectPattern): SQL => {
  const name = sql.raw(column.name)
  return column.type === 'bytea'
    ? sql`encode(${name}, 'escape') ~* ${pattern.bytes}`
    : sql`${name}::text ~* ${pattern.sql}`
}
