/**
 * LangGraph's own Postgres checkpointer behind a pool facade: every statement runs as the tenant, and every write
 * asserts the run's lease in the same transaction, so that a superseded worker cannot write a checkpoint (measured: the
 * saver alone has no fence). Thread ids are `<tenant>/<thread>/<task>[/<step>]`; a generated column carries the tenant.
 */
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'
import type { Lease } from '../../db/tx.ts'
import { StakazoError } from '../core/errors.ts'

const SCHEMA = 'checkpoints'
const TABLES = ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes']
/** Shared with nobody: two daemons starting at once prepare one after the other. */
const PREPARE_LOCK = 7_382_252

/** Makes the checkpointer's tables and puts the tenant's wall around them. Safe to repeat. */
export async function prepareCheckpoints(ownerUrl: string): Promise<void> {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  const client = await owner.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PREPARE_LOCK])
    await new PostgresSaver(owner, undefined, { schema: SCHEMA }).setup()
    for (const table of TABLES) {
      await client.query(
        `alter table ${SCHEMA}.${table} add column if not exists tenant_id uuid not null generated always as (split_part(thread_id, '/', 1)::uuid) stored`,
      )
      await client.query(`select stakazo_wall('${SCHEMA}.${table}'::regclass)`)
    }
    await client.query(`grant usage on schema ${SCHEMA} to stakazo_app`)
  } finally {
    client.release(true)
    await owner.end()
  }
}

/** A checkpointer for one run, for as long as its lease is held. */
export const openCheckpoints = (pool: pg.Pool, lease: Lease): PostgresSaver =>
  new PostgresSaver(fencedPool(pool, lease) as unknown as pg.Pool, undefined, { schema: SCHEMA })

export const threadKey = (tenantId: string, ...parts: string[]): string => [tenantId, ...parts].join('/')

/** The two methods the saver uses; a plain read gets a transaction of its own, because the tenant is set per transaction. */
function fencedPool(pool: pg.Pool, lease: Lease) {
  const open = async (client: pg.PoolClient, isWrite: boolean) => {
    await client.query('begin')
    await client.query(`select set_config('stakazo.tenant', $1, true)`, [lease.tenantId])
    if (isWrite) await client.query('select stakazo_assert_lease($1, $2)', [lease.runId, lease.epoch])
  }
  return {
    async query(text: string, values: unknown[]) {
      const client = await pool.connect()
      try {
        await open(client, false)
        const result = await client.query(text, values)
        await client.query('commit')
        return result
      } catch (cause) {
        await client.query('rollback').catch(() => undefined)
        throw translate(cause)
      } finally {
        client.release()
      }
    },
    async connect() {
      const client = await pool.connect()
      return {
        query: async (text: string, values?: unknown[]) => {
          try {
            return await (/^begin$/i.test(text) ? open(client, true) : client.query(text, values))
          } catch (cause) {
            throw translate(cause)
          }
        },
        release: () => client.release(),
      }
    },
    end: async () => undefined,
  }
}

const translate = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause && cause.code === 'SK001'
    ? new StakazoError('stale-lease', cause.message, { cause })
    : cause
