import { Redis } from 'ioredis'
import { describe } from 'vitest'
import { type QueueServer, queueConformance } from '../../conformance/queue.ts'
import { freshRedis, isRedisUp } from '../../support/redis.ts'

async function openRedisServer(): Promise<QueueServer> {
  const redis = await freshRedis()
  return {
    options: {
      databaseUrl: 'postgres://unused@localhost/unused',
      redisUrl: redis.url,
      keyPrefix: redis.keyPrefix,
    },
    listJobs: async () => {
      const client = new Redis(redis.url)
      const keys = (await redis.listKeys()).filter((key) => /~/.test(key))
      const jobKeys = keys.filter((key) => !key.includes(':de:'))
      const jobs = jobKeys.map(async (key) => ({
        names: [key, ...keys.filter((other) => other.includes(':de:'))],
        data: JSON.parse((await client.hget(key, 'data')) ?? 'null') as unknown,
      }))
      const found = await Promise.all(jobs)
      await client.quit()
      return found
    },
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  }
}

describe.skipIf(!(await isRedisUp()))('on Redis (skipped: none answers)', () => {
  queueConformance(openRedisServer)
})
