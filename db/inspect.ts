/** A short look at a server for `doctor`: one connection, no tenant, no change. */
import postgres from 'postgres'
import { StakazoError } from '../runtime/core/errors.ts'
import { splitSocketHost } from './socket-host.ts'

export interface DatabaseFacts {
  version: string
  /** The vector extension can be used. */
  hasVectors: boolean
  isMigrated: boolean
}

/** Throws `database-unavailable`. */
export async function inspectDatabase(databaseUrl: string): Promise<DatabaseFacts> {
  const { url, ...socket } = splitSocketHost(databaseUrl)
  const sql = postgres(url, { ...socket, max: 1, connect_timeout: 10, onnotice: () => undefined })
  try {
    const [row] = await sql<DatabaseFacts[]>`
      select current_setting('server_version') as version,
        exists (select from pg_available_extensions where name = 'vector') as "hasVectors",
        to_regclass('public.tenant') is not null as "isMigrated"`
    return row ?? { version: 'unknown', hasVectors: false, isMigrated: false }
  } catch (cause) {
    throw new StakazoError('database-unavailable', (cause as Error).message, { cause })
  } finally {
    await sql.end({ timeout: 2 })
  }
}
