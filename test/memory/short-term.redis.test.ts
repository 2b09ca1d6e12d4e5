import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { openRedisShortTerm } from '../../memory/short-term/redis-short-term.ts'
import { HOUR } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { shortTermConformance } from '../conformance/short-term.ts'
import { freshRedis, isRedisUp } from '../support/redis.ts'
import { passingClock } from './passing-clock.ts'

async function openPlace() {
  const redis = await freshRedis()
  const clock = passingClock()
  const store = await openRedisShortTerm({
    ...{ url: redis.url, keyPrefix: redis.keyPrefix, clock },
    onLateFailure: (error) => expect.unreachable(String(error)),
  })
  return {
    ...{ redis, clock, store },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(!(await isRedisUp()))('on Redis (skipped: none answers)', () => {
  shortTermConformance(openPlace)

  test('every key carries its tenant and an end', async () => {
    await using place = await openPlace()
    const tenantId = newId()
    await place.store.forTenant(tenantId).set('conversation', 'x', 1)
    const [key = ''] = await place.redis.listKeys()
    expect(key).toContain(`:${tenantId}:`)
    const client = new Redis(place.redis.url)
    const leftMs = await client.pttl(key)
    await client.quit()
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(HOUR)
  })
})

test('a Redis that does not answer is named at once', async () => {
  const opened = openRedisShortTerm({
    ...{ url: 'redis://127.0.0.1:1', clock: passingClock(), onLateFailure: () => undefined },
  })
  await expect(opened).rejects.toMatchObject({ code: 'queue-unavailable' })
})
