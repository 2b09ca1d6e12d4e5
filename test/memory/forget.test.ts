import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { memEpisode, memErasure, memFact, memItem, memRelation } from '../../db/schema/memory.ts'
import { comment, event, ledgerBody } from '../../db/schema/record.ts'
import { run } from '../../db/schema/runs.ts'
import { splitSocketHost } from '../../db/socket-host.ts'
import { newId } from '../../runtime/core/ids.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { verifyLedger } from '../../runtime/effects/ledger.ts'
import { prepareCheckpoints } from '../../runtime/runs/checkpoints.ts'
import type { SeededTenant } from '../support/seed-tenant.ts'
import { openTestMemory, type TestMemory } from './open-test-memory.ts'

let at: TestMemory
beforeAll(async () => {
  at = await openTestMemory()
  await prepareCheckpoints(at.db.url)
})
afterAll(() => at[Symbol.asyncDispose]())

const NAME = 'Zoë Quillfeather'
const HANDLE = '@zoe_q'
const SUBJECT = { names: [NAME, HANDLE] }
/** Whatever is left of either name, in any column of any table with a tenant. */
const SENTINEL = 'Quillfeather|zoe_q'

/** A person in every place where the runtime keeps words. */
async function spread(seed: SeededTenant) {
  const { tenantId, brandId, accountId, taskId, threadId } = seed
  const { memory } = at.bind(seed)
  await memory.remember({
    subject: NAME,
    predicate: 'likes',
    text: `${NAME} likes the vinyl.`,
    value: { who: HANDLE },
  })
  await memory.remember({
    subject: 'vinyl',
    predicate: 'wanted by',
    text: `The vinyl is wanted by ${HANDLE}.`,
  })
  await memory.remember({ subject: 'vinyl', predicate: 'copies', text: 'There are 500 copies of the vinyl.' })
  await at.memory.relate(
    tenantId,
    { brandId, trust: TRUST.owner },
    { from: NAME, relation: 'follows', to: 'Nadia' },
  )
  await at.memory.shortTerm(tenantId).set('sessions', 'x', { author: HANDLE })
  await at.db.tenant(tenantId, async (tx) => {
    const now = at.clock.now()
    await tx.db.insert(comment).values([
      {
        ...{ tenantId, id: newId(), brandId, accountId },
        remoteId: 'a',
        author: HANDLE,
        text: 'Hi',
        at: now,
      },
      {
        ...{ tenantId, id: newId(), brandId, accountId },
        remoteId: 'b',
        author: '@other',
        text: 'Bye',
        at: now,
      },
    ])
    tx.emit({ type: 'comment.seen', payload: { text: `line\n${NAME} said "hi"` } })
    tx.record({ kind: 'reply.sent', body: { to: HANDLE } })
    tx.record({ kind: 'reply.sent', body: { to: '@other' } })
    await tx.db
      .update(run)
      .set({ status: 'success', endedAt: now, output: { text: `Answered ${NAME.toUpperCase()}.` } })
      .where(eq(run.id, taskId))
    const place = `${tenantId}/${threadId}/${taskId}`
    await tx.db.execute(sql`insert into checkpoints.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint, metadata)
      values (${place}, '', '1', '{"channel": "no name"}', '{}')`)
    await tx.db.execute(sql`insert into checkpoints.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
      values (${place}, '', 'messages', '1', 'json', convert_to(${`\u0005${NAME}`}, 'UTF8'))`)
  })
  await at.memory.keepEpisode(tenantId, taskId)
}

/** As the schema's owner over the files' own view: every column of every table of the tenant. */
async function countSentinels(tenantId: string): Promise<string[]> {
  const { rows } = await at.db.pool.query<{ place: string; type: string }>(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' || quote_ident(a.attname) as place,
       format_type(a.atttypid, null) as type
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and has_table_privilege(c.oid, 'SELECT') and has_schema_privilege(n.oid, 'USAGE')
       and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')`,
  )
  const found = await at.db.tenant(tenantId, async (tx) => {
    const hits: string[] = []
    for (const { place, type } of rows) {
      const [table = '', column = ''] = place.split(' ')
      const text = type === 'bytea' ? `encode(${column}, 'escape')` : `${column}::text`
      const hit = await tx.db.execute(
        sql.raw(`select 1 from ${table} where ${text} ~* '${SENTINEL}' limit 1`),
      )
      if (hit.length > 0) hits.push(place)
    }
    return hits
  })
  return found
}

/** What the tables' own files hold; the embedded server keeps all databases of the run under one directory. */
function filesWith(word: string): string[] {
  const base = join(inject('testRun').dataDir, 'postgres', 'base')
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => existsSync(file) && readFileSync(file).includes(word))
}

/** As the owner of the schema, outside of any transaction. */
async function asOwner(...statements: readonly string[]): Promise<void> {
  const { url, ...socket } = splitSocketHost(at.db.url)
  const owner = postgres(url, { ...socket, max: 1, onnotice: () => undefined })
  for (const statement of statements) await owner.unsafe(statement)
  await owner.end()
}

describe('forgetting a person', () => {
  test('leaves no word of them in any column of the tenant, and everybody else in place', async () => {
    const [seed, other] = [await at.seed(), await at.seed()]
    await spread(seed)
    await spread(other)
    expect((await countSentinels(seed.tenantId)).length).toBeGreaterThan(8)
    const erasure = await at.memory.forget(seed.tenantId, SUBJECT)
    expect(await countSentinels(seed.tenantId)).toEqual([])
    expect(erasure.counts).toMatchObject({
      ...{ mem_fact: 2, mem_relation: 1, comment: 1, ledger_body: 1, short_term: 1 },
      ...{ 'checkpoints.checkpoints': 1, 'checkpoints.checkpoint_blobs': 1 },
    })
    const left = await at.db.tenant(seed.tenantId, async (tx) => ({
      facts: (await tx.db.select().from(memFact)).map((one) => one.text),
      relations: await tx.db.select().from(memRelation),
      items: (await tx.db.select().from(memItem)).map((one) => one.body).sort(),
      comments: (await tx.db.select().from(comment)).map((one) => one.author),
      bodies: (await tx.db.select().from(ledgerBody)).map((one) => one.body),
      payloads: (await tx.db.select().from(event)).map((one) => one.payload),
      summary: (await tx.db.select().from(memEpisode)).map((one) => one.summary).join(),
    }))
    expect(left.facts).toEqual(['There are 500 copies of the vinyl.'])
    expect(left.relations).toEqual([])
    expect(left.items).toEqual(['Cut three clips', 'There are 500 copies of the vinyl.'])
    expect(left.comments).toEqual(['@other'])
    expect(left.bodies).toContainEqual({ to: '@other' })
    expect(left.payloads).toContainEqual({ text: 'line\n[erased] said "hi"' })
    expect(left.summary).toContain('500 copies')
    expect((await countSentinels(other.tenantId)).length).toBeGreaterThan(8)
  })

  test('keeps a proof without a name, and a chain that still verifies', async () => {
    const seed = await at.seed()
    await spread(seed)
    const { id, counts } = await at.memory.forget(seed.tenantId, SUBJECT)
    const [proof] = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memErasure))
    expect(proof).toMatchObject({ id, counts, subjectHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await verifyLedger(at.db, seed.tenantId, undefined)).toMatchObject({ isIntact: true })
    const again = await at.memory.forget(seed.tenantId, SUBJECT)
    expect(again.counts).toEqual({})
  })

  test('says what reclaims the space: after it no file of the tables holds a word of them', async () => {
    const seed = await at.seed()
    const name = `Quillfeather${newId().replaceAll('-', '')}`
    await at.bind(seed).memory.remember({ subject: 'guest', predicate: 'is', text: `${name} sings.` })
    await asOwner('checkpoint')
    expect(filesWith(name)).not.toEqual([])
    const { physical, notCovered } = await at.memory.forget(seed.tenantId, { names: [name] })
    await asOwner(...physical)
    expect(filesWith(name)).toEqual([])
    expect(notCovered.join()).toContain('write-ahead log')
  })

  test('erases whole names alone, and refuses what would erase half a dictionary', async () => {
    const seed = await at.seed()
    const { memory } = at.bind(seed)
    await memory.remember({ subject: 'fruit', predicate: 'is', text: 'The banana is yellow.' })
    await at.memory.forget(seed.tenantId, { names: ['ana'] })
    const facts = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memFact))
    expect(facts.map((one) => one.text)).toEqual(['The banana is yellow.'])
    await expect(at.memory.forget(seed.tenantId, { names: ['a'] })).rejects.toMatchObject({
      code: 'bad-input',
    })
    await expect(at.memory.forget(seed.tenantId, { names: [] })).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('takes names as they are, signs of patterns and quotes included', async () => {
    const seed = await at.seed()
    const { memory } = at.bind(seed)
    const odd = 'J.R. "Bob" (x+y) \\d$'
    await memory.remember({ subject: 'guest', predicate: 'is', text: `Tonight ${odd} sings.`, value: [odd] })
    await memory.remember({ subject: 'host', predicate: 'is', text: 'Tonight JxRx Bob hosts.' })
    await at.memory.forget(seed.tenantId, { names: [odd] })
    const facts = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memFact))
    expect(facts.map((one) => one.text)).toEqual(['Tonight JxRx Bob hosts.'])
  })

  test('erases nothing where a word would stay behind, and says where', async () => {
    const seed = await at.seed()
    await spread(seed)
    await asOwner(
      `create table left_behind (tenant_id uuid, note text)`,
      `select stakazo_wall('left_behind')`,
    )
    await asOwner(`insert into left_behind values ('${seed.tenantId}', '${NAME}')`)
    await asOwner(`revoke update on left_behind from stakazo_eraser`)
    await expect(at.memory.forget(seed.tenantId, SUBJECT)).rejects.toMatchObject({
      ...{ code: 'bug', message: expect.stringContaining('left_behind.note') },
    })
    const facts = await at.db.tenant(seed.tenantId, (tx) => tx.db.select().from(memFact))
    expect(facts).toHaveLength(3)
    await asOwner(`drop table left_behind`)
  })
})
