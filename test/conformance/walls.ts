/**
 * I8: tenants are walls. Asked of the catalogue, so that a table of tomorrow is held to it too, and tried with raw SQL as
 * the application's role on rows of two tenants.
 */
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../db/open.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { prepareCheckpoints } from '../../runtime/runs/checkpoints.ts'
import { freshDatabase } from '../support/postgres.ts'
import { draftPost, plantIntent, putBlob } from '../support/seed-post.ts'
import { type SeededTenant, seedTenant } from '../support/seed-tenant.ts'

interface Walled {
  /** Quoted, with its schema. */
  name: string
  /** The column an insert can name its tenant by: the checkpointer's is computed from the thread. */
  by: 'tenant_id' | 'thread_id'
  isForced: boolean
  policies: { name: string; roles: string; using: string | null; check: string | null }[]
}

interface ForeignKey {
  name: string
  child: string
  parent: string
  columns: string[]
  targets: string[]
  isWalled: boolean
}

/** Bookkeeping of migrations: what they hold is of nobody. */
const TENANTLESS = ['checkpoints.checkpoint_migrations', 'drizzle.__drizzle_migrations']

const WALLED = `
  select format('%I.%I', n.nspname, c.relname) as name,
    case when a.attgenerated = '' then 'tenant_id' else 'thread_id' end as by,
    c.relrowsecurity and c.relforcerowsecurity as "isForced",
    coalesce((select json_agg(json_build_object('name', p.policyname, 'roles', p.roles::text, 'using', p.qual, 'check', p.with_check))
      from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname), '[]') as policies
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'bullmq') order by 1`

const BARE = `
  select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'bullmq', 'pg_toast')
    and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') order by 1`

const FOREIGN_KEYS = `
  select k.conname as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
    (select json_agg(a.attname order by u.place) from unnest(k.conkey) with ordinality u(number, place)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) as columns,
    (select json_agg(a.attname order by u.place) from unnest(k.confkey) with ordinality u(number, place)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number) as targets,
    exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id') as "isWalled"
  from pg_constraint k where k.contype = 'f' and k.connamespace::regnamespace::text <> 'bullmq' order by 2, 1`

export function wallsConformance(on: 'embedded' | 'served'): void {
  const stack = new AsyncDisposableStack()
  let db: Database
  let sql: postgres.Sql
  let tables: Walled[]
  let keys: ForeignKey[]
  let ours: SeededTenant
  let theirs: SeededTenant

  beforeAll(async () => {
    const fresh = stack.use(await freshDatabase({ on, isMigrated: true }))
    await prepareCheckpoints(fresh.url)
    db = await openDatabase({ url: fresh.url, clock: systemClock, random: systemRandom, connections: 4 })
    stack.defer(() => db.close())
    const { url, ...socket } = splitSocketHost(fresh.url)
    sql = postgres(url, { ...socket, max: 1, onnotice: () => undefined })
    stack.defer(() => sql.end())
    tables = [...(await sql.unsafe<Walled[]>(WALLED))]
    keys = [...(await sql.unsafe<ForeignKey[]>(FOREIGN_KEYS))]
    ours = await seedRows(db)
    theirs = await seedRows(db)
  })
  afterAll(() => stack.disposeAsync())

  /** As the application's role, in a transaction that is never kept; `tenantId` is set as every query of ours does. */
  async function asApp<T>(
    tenantId: string | undefined,
    work: (tx: postgres.TransactionSql) => Promise<T>,
  ): Promise<T> {
    let result: T | undefined
    const undo = new Error('undo')
    await sql
      .begin(async (tx) => {
        await tx`set local role stakazo_app`
        if (tenantId) await tx`select set_config('stakazo.tenant', ${tenantId}, true)`
        result = await work(tx)
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
    return result as T
  }

  const codeOf = (tenantId: string | undefined, query: string, values: (string | null)[] = []) =>
    asApp(tenantId, (tx) => tx.unsafe(query, values)).then(
      () => 'done',
      (error: unknown) => (error as postgres.PostgresError).code,
    )

  test('every table with a tenant has its wall, forced, and only the due table a gap for the system', () => {
    expect(tables.length).toBeGreaterThan(35)
    for (const { name, isForced, policies } of tables) {
      expect(isForced, `${name} is forced`).toBe(true)
      const wall = policies.find((policy) => policy.name === 'tenant_wall')
      const same = '(tenant_id = stakazo_tenant())'
      expect([wall?.using, wall?.check], name).toEqual([same, same])
      expect(wall?.roles, `${name}: the application, and who erases for it`).toMatch(
        /^{stakazo_app(,stakazo_eraser)?}$/,
      )
      const others = policies.filter((policy) => policy.name !== 'tenant_wall').map((policy) => policy.roles)
      expect(others, name).toEqual(name === 'public.due' ? ['{stakazo_system}'] : [])
    }
  })

  test('a table without a tenant holds nothing of anybody', async () => {
    const bare = await sql.unsafe<{ name: string }[]>(BARE)
    expect(bare.map(({ name }) => name).filter((name) => !TENANTLESS.includes(name))).toEqual([])
  })

  test('a query without tenant returns nothing, and one with tenant only its own rows', async () => {
    let seen = 0
    for (const { name } of tables) {
      const [none] = await asApp(undefined, (tx) => tx.unsafe(`select count(*)::int as n from ${name}`))
      expect(none?.n, name).toBe(0)
      const rows = await asApp(ours.tenantId, (tx) => tx.unsafe(`select distinct tenant_id from ${name}`))
      seen += rows.length
      for (const { tenant_id } of rows) expect(tenant_id, name).toBe(ours.tenantId)
    }
    expect(seen, 'tables in which the tenant has rows').toBeGreaterThan(14)
  })

  test('a row can be made for no other tenant, and none be given away', async () => {
    for (const { name, by } of tables) {
      const home = by === 'tenant_id' ? theirs.tenantId : `${theirs.tenantId}/thread`
      for (const tenantId of [undefined, ours.tenantId]) {
        const code = await codeOf(tenantId, `insert into ${name} (${by}) values ($1)`, [home])
        expect(code, `insert into ${name} as ${tenantId ? 'another' : 'nobody'}`).toBe('42501')
      }
      const moved = `update ${name} set ${by} = $1 where true`
      const rows = await asApp(ours.tenantId, (tx) => tx.unsafe(`select 1 from ${name} limit 1`))
      if (rows.length > 0)
        expect(await codeOf(ours.tenantId, moved, [home]), `give ${name} away`).toBe('42501')
      const touched = await asApp(ours.tenantId, (tx) =>
        tx
          .savepoint((point) => point.unsafe(`delete from ${name} where tenant_id = $1`, [theirs.tenantId]))
          .catch(() => ({ count: 0 })),
      )
      expect(touched.count, `delete from ${name}`).toBe(0)
    }
  })

  test('every foreign key carries the tenant', () => {
    expect(keys.length).toBeGreaterThan(20)
    for (const { name, columns, targets, isWalled } of keys) {
      expect(isWalled, `${name} refers to a table of tenants`).toBe(true)
      const at = targets.indexOf('tenant_id')
      expect(at, `${name} names the tenant`).toBeGreaterThanOrEqual(0)
      expect(columns[at], name).toBe('tenant_id')
    }
  })

  test('no row can refer to a row of another tenant', async () => {
    const tried: string[] = []
    for (const { name, child, parent, columns, targets } of keys) {
      const own = columns.flatMap((column, index) =>
        column === 'tenant_id' ? [] : [[column, targets[index]] as const],
      )
      if (own.length === 0) continue
      const wanted = own.map(([, target]) => `${target}::text`).join(', ')
      const [alien] = await asApp(theirs.tenantId, (tx) =>
        tx.unsafe(`select ${wanted} from ${parent} limit 1`),
      )
      const [mine] = await asApp(ours.tenantId, (tx) => tx.unsafe(`select 1 from ${child} limit 1`))
      if (!alien || !mine) continue
      const set = own.map(([column], index) => `${column} = $${index + 1}`).join(', ')
      const values = own.map(([, target]) => String(alien[target ?? '']))
      const code = await codeOf(ours.tenantId, `update ${child} set ${set}`, values)
      tried.push(name)
      // 23503: no such row for this tenant; 42501: rows of that table are never changed at all.
      expect(['23503', '42501'], `${name}: ${code}`).toContain(code)
    }
    expect(tried.length, 'keys tried on real rows').toBeGreaterThan(12)
  })

  test("the queue's own tables are out of the application's reach", async () => {
    const [reach] = await sql`select has_schema_privilege('stakazo_app', 'bullmq', 'usage') as can`
    expect(reach?.can).toBe(false)
    const [table] = await sql`select tablename from pg_tables where schemaname = 'bullmq' limit 1`
    expect(await codeOf(ours.tenantId, `select * from bullmq.${table?.tablename}`)).toBe('42501')
  })

  test('the system sees what is due and nothing else', async () => {
    for (const { name } of tables) {
      const [can] = await sql`select has_table_privilege('stakazo_system', ${name}, 'select') as can`
      expect(can?.can, name).toBe(name === 'public.due')
    }
  })
}

/** Rows in as many tables as a small piece of work leaves them. */
async function seedRows(db: Database): Promise<SeededTenant> {
  const seed = await seedTenant(db)
  const { publication, store } = await draftPost(db, seed)
  await plantIntent(db, seed, publication.id, 'awaiting-approval')
  await store.raiseAlert({ kind: 'x', severity: 'info', message: 'mine', subject: {} })
  const sha256 = await putBlob(db, seed, `vaulted by ${seed.tenantId}`)
  const item = { entityType: 'a', entityId: 'b', sha256, source: 's', runId: null, metadata: {} }
  await store.saveVaultItem({ ...item, folder: 'audits' })
  const point = {
    accountId: seed.accountId,
    publicationId: publication.id,
    metric: 'views',
    value: 1,
    source: 'test',
  }
  await store.saveMetrics([{ ...point, at: systemClock.now() }])
  return seed
}
