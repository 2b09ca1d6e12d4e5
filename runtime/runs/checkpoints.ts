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

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * The two methods the saver uses. A plain read gets a transaction of its own, because the tenant is set per transaction.
 * A write is held back until its commit: the saver reads nothing before, and sending its rows together takes a third of
 * the statements (measured: they were most of a durable step's processor time).
 */
function fencedPool(pool: pg.Pool, lease: Lease) {
  return {
    async query(text: string, values: unknown[]) {
      const client = await pool.connect()
      try {
        await client.query(`begin; ${asTenant(lease)}`)
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
      let held: Statement[] | undefined
      return {
        query: async (text: string, values: readonly unknown[] = []) => {
          if (/^begin$/i.test(text)) held = []
          else if (/^rollback$/i.test(text)) await client.query('rollback')
          else if (!held) throw new StakazoError('bug', 'the checkpointer wrote outside of a transaction')
          else if (/^commit$/i.test(text)) await write(client, lease, held)
          else held.push({ text, values })
        },
        release: () => client.release(),
      }
    },
    end: async () => undefined,
  }
}

const asTenant = ({ tenantId }: Lease): string =>
  `select set_config('stakazo.tenant', ${pg.escapeLiteral(tenantId)}, true)`

async function write(client: pg.PoolClient, lease: Lease, statements: readonly Statement[]): Promise<void> {
  const fence = `select stakazo_assert_lease(${pg.escapeLiteral(lease.runId)}, ${Number(lease.epoch)})`
  try {
    await client.query(`begin; ${asTenant(lease)}; ${fence}`)
    for (const { text, values } of joinRows(statements)) await client.query(text, [...values])
    await client.query('commit')
  } catch (cause) {
    throw translate(cause)
  }
}

const ONE_ROW = /VALUES \((\$\d+(?:, \$\d+)*)\)/i

/** Neighbours that insert one row each by the same text become one statement; not those that update, which may name a row twice. */
export function joinRows(statements: readonly Statement[]): Statement[] {
  const joined: Statement[] = []
  for (let first = 0; first < statements.length; ) {
    const { text } = statements[first] as Statement
    let after = first + 1
    const canJoin = ONE_ROW.test(text) && !/DO UPDATE/i.test(text)
    while (canJoin && statements[after]?.text === text) after += 1
    const rows = statements.slice(first, after).map(({ values }) => values)
    joined.push({ text: rows.length > 1 ? repeatRow(text, rows.length) : text, values: rows.flat() })
    first = after
  }
  return joined
}

function repeatRow(text: string, count: number): string {
  const width = ONE_ROW.exec(text)?.[1]?.split(',').length ?? 0
  const row = (place: number) =>
    Array.from({ length: width }, (_, column) => `$${place * width + column + 1}`)
  const rows = Array.from({ length: count }, (_, place) => `(${row(place).join(', ')})`)
  return text.replace(ONE_ROW, () => `VALUES ${rows.join(', ')}`)
}

const translate = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause && cause.code === 'SK001'
    ? new StakazoError('stale-lease', cause.message, { cause })
    : cause
