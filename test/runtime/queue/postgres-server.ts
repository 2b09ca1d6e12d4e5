import pg from 'pg'
import type { QueueServer } from '../../conformance/queue.ts'
import { freshDatabase } from '../../support/postgres.ts'

/** A queue's server on a Postgres database of its own. */
export async function openPostgresServer(on: 'embedded' | 'served'): Promise<QueueServer> {
  const database = await freshDatabase({ on })
  return {
    options: { databaseUrl: database.url },
    listJobs: async () => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      const { rows } = await client.query<{ id: string; dedup_id: string; data: unknown }>(
        'select id, dedup_id, data from bullmq.job',
      )
      await client.end()
      return rows.map(({ id, dedup_id, data }) => ({ names: [id, dedup_id], data }))
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
