import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'

export const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

export interface TestRedis extends AsyncDisposable {
  readonly url: string
  /** Goes before every key; what begins with it is removed with the scope. */
  readonly keyPrefix: string
  /** Every key that begins with the prefix. */
  listKeys(): Promise<string[]>
}

/** A corner of Redis of its own. */
export async function freshRedis(): Promise<TestRedis> {
  const redis = new Redis(REDIS_URL, { maxRetriesPerRequest: 1 })
  const keyPrefix = `stakazo-test-${randomBytes(6).toString('hex')}`
  const listKeys = async () => {
    const keys: string[] = []
    for await (const page of redis.scanStream({ match: `${keyPrefix}*`, count: 1000 })) keys.push(...page)
    return keys
  }
  return {
    url: REDIS_URL,
    keyPrefix,
    listKeys,
    [Symbol.asyncDispose]: async () => {
      const keys = await listKeys()
      if (keys.length > 0) await redis.del(...keys)
      await redis.quit()
    },
  }
}

export async function isRedisUp(): Promise<boolean> {
  const redis = new Redis(REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
