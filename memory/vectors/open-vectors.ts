import type { Database } from '../../db/open.ts'
import { openExactScan } from './exact-scan.ts'
import { pgvector } from './pgvector.ts'
import type { Vectors } from './vectors.ts'

/** pgvector where the migration could make it, else the exact scan. */
export async function openVectors(db: Pick<Database, 'pool'>): Promise<Vectors> {
  const { rows } = await db.pool.query(`select 1 from pg_extension where extname = 'vector'`)
  return rows.length > 0 ? pgvector : openExactScan()
}
