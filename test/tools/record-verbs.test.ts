import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/open.ts'
import { comment } from '../../db/schema/record.ts'
import { addMs, DAY, HOUR, systemClock, toInstant } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { seededRandom } from '../../runtime/core/random.ts'
import {
  bestTimes,
  findAnomalies,
  getVault,
  listVault,
  putVault,
  readComments,
  readHealth,
  recall,
  remember,
  renderReport,
  summariseMetrics,
} from '../../tools/index.ts'
import { openToolBench, type ToolBench } from '../support/open-tools.ts'
import { draftPost } from '../support/seed-post.ts'
import { openTestDatabase, type SeededTenant, seedTenant } from '../support/seed-tenant.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const directory = temporaryDirectory('record-verbs')
let db: Database
let bench: ToolBench
let seed: SeededTenant
beforeAll(async () => {
  db = await openTestDatabase()
  bench = await openToolBench(db, directory.path)
  seed = await seedTenant(db)
})
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  directory[Symbol.dispose]()
})

describe('insight', () => {
  const now = Math.floor(systemClock.nowMs() / HOUR) * HOUR
  const days = 21
  let publicationId: string

  beforeAll(async () => {
    publicationId = (await draftPost(db, seed)).publication.id
    const random = seededRandom(5)
    const { store } = seed.open()
    let views = 0
    const points = Array.from({ length: days * 24 }, (_, index) => {
      const atMs = now - (days * 24 - index) * HOUR
      // three busy hours of UTC, and one hour four days ago that brought ten times as much
      const hour = new Date(atMs - 1).getUTCHours()
      const usual = ([7, 12, 19].includes(hour) ? 300 : 60) * (0.9 + 0.2 * random.next())
      views += index === (days - 4) * 24 ? 3_000 : Math.round(usual)
      return {
        accountId: seed.accountId,
        publicationId,
        metric: 'views',
        at: toInstant(atMs),
        value: views,
        source: 't',
      }
    })
    await store.saveMetrics(points)
  })

  test('best times come out of what was measured, in the zone of the brand', async () => {
    const best: { slots: { hour: number }[] } = await bench.use(bestTimes, { count: 3 }, seed)
    expect(best).toMatchObject({ zone: 'Europe/Madrid', basis: 'own-history' })
    const shift = new Date(now).toLocaleString('en-GB', { timeZone: 'Europe/Madrid', hour: '2-digit' })
    const offset = (Number(shift) - new Date(now).getUTCHours() + 24) % 24
    const local = [7, 12, 19].map((hour) => (hour + offset) % 24).sort((a, b) => a - b)
    expect(best.slots.map((slot) => slot.hour).sort((a, b) => a - b)).toEqual(local)
  })

  test('figures are summed up with the period before', async () => {
    const from = toInstant(now - 7 * DAY)
    const summary: {
      series: { metric: string; n: number; previous?: { n: number } }[]
      publications: object[]
    } = await bench.use(summariseMetrics, { from, to: toInstant(now), publicationId }, seed)
    expect(summary.series).toHaveLength(1)
    expect(summary.series[0]).toMatchObject({ metric: 'views', n: 168, previous: { n: 168 } })
    expect(summary.publications).toEqual([{ publicationId, metrics: { views: expect.any(Number) } }])
  })

  test('the planted hour is found, as an increase of a running total', async () => {
    const found: { anomalies: object[]; checked: number } = await bench.use(findAnomalies, {}, seed)
    expect(found.checked).toBe(days * 24)
    expect(found.anomalies).toEqual([
      expect.objectContaining({
        ...{ metric: 'views', publicationId, of: 'increase', value: 3_000, direction: 'up' },
        at: toInstant(now - 4 * 24 * HOUR),
      }),
    ])
  })

  test('comments come back quoted, cut and untrusted', async () => {
    await db.tenant(seed.tenantId, (tx) =>
      tx.db.insert(comment).values({
        ...{ tenantId: seed.tenantId, id: newId(), brandId: seed.brandId, accountId: seed.accountId },
        ...{ publicationId, remoteId: '1', author: 'fan', text: 'x'.repeat(5_000), at: systemClock.now() },
      }),
    )
    let least = -1
    const { comments }: { comments: { text: string }[] } = await bench.use(
      readComments,
      { publicationId },
      seed,
      {
        onMeter: (meter) => {
          least = meter.least
        },
      },
    )
    expect([comments.length, comments[0]?.text.length, least]).toEqual([1, 1_000, 0])
  })
})

describe('the vault', () => {
  test('a record is filed, versioned, listed and read back', async () => {
    const record = (body: unknown) => ({ folder: 'ml_features', entityType: 'clip', entityId: 'a', body })
    const first: { vaultItemId: string } = await bench.use(putVault, record({ b: 2, a: [1, null] }), seed)
    const same: { vaultItemId: string } = await bench.use(putVault, record({ a: [1, null], b: 2 }), seed)
    expect(same.vaultItemId, 'the order of keys is no difference').toBe(first.vaultItemId)
    expect(await bench.use(putVault, record({ a: 3 }), seed)).toMatchObject({ version: 2 })
    const { items }: { items: { version: number }[] } = await bench.use(listVault, { entityId: 'a' }, seed)
    expect(items.map((item) => item.version)).toEqual([2, 1])
    const read = await bench.use(getVault, { id: first.vaultItemId }, seed)
    expect(read).toMatchObject({ item: { version: 1 }, body: { a: [1, null], b: 2 } })
    const huge = bench.use(putVault, record('x'.repeat(1_000_001)), seed)
    await expect(huge).rejects.toMatchObject({ code: 'too-large' })
    const stranger = await seedTenant(db)
    const stolen = bench.use(getVault, { id: first.vaultItemId }, stranger)
    await expect(stolen).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a report is laid out and kept', async () => {
    const report = {
      ...{ title: 'Week 47', language: 'en', format: 'html' },
      sections: [{ heading: 'Views', table: { columns: ['Clip', 'Views'], rows: [['One', 1_234]] } }],
    }
    const made: { vaultItemId: string; text: string } = await bench.use(renderReport, report, seed)
    expect(made.text).toContain('<td class="n">1,234</td>')
    const kept: { body: { text: string } } = await bench.use(getVault, { id: made.vaultItemId }, seed)
    expect(kept.body.text).toBe(made.text)
  })
})

test('health is judged by the stored figures', async () => {
  const fresh = await seedTenant(db)
  expect(await bench.use(readHealth, {}, fresh)).toMatchObject({ score: 100, findings: [] })
  await db.tenant(fresh.tenantId, (tx) =>
    tx.due('intent', newId(), 'sandbox', addMs(systemClock.now(), -HOUR)),
  )
  const sick: { score: number; findings: { what: string }[] } = await bench.use(readHealth, {}, fresh)
  expect(sick.findings.map((finding) => finding.what)).toEqual(['due but not taken', 'oldest late work, ms'])
  expect(sick.score).toBeLessThan(80)
})

test('remembering and recalling hand on what memory says, defaults filled in', async () => {
  const facts: unknown[] = []
  const at = systemClock.now()
  const known = {
    id: 'm1',
    kind: 'fact' as const,
    text: 'Fans like 19:00',
    at,
    source: 'analytics',
    trust: 2 as const,
  }
  const memory = {
    remember: async (fact: unknown) => {
      facts.push(fact)
      return { id: 'm1', superseded: ['m0'] }
    },
    recall: async (query: string) => (query === 'when' ? [{ ...known, score: 0.8 }] : []),
  }
  const fact = { subject: 'fans', predicate: 'like', text: 'Fans like 19:00' }
  expect(await bench.use(remember, fact, seed, { memory })).toEqual({ id: 'm1', superseded: ['m0'] })
  expect(facts).toEqual([{ ...fact, kind: 'fact', isSingleValued: false, scope: 'brand' }])
  expect(await bench.use(recall, { query: 'when' }, seed, { memory })).toEqual({
    memories: [{ ...known, score: 0.8 }],
  })
  expect(await bench.use(recall, { query: 'what' }, seed, { memory })).toEqual({ memories: [] })
})
