import { Redis } from 'ioredis'
import { StakazoError } from '../core/errors.ts'

/** Version of the server. Throws `queue-unavailable`. */
export async function inspectRedis(url: string): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => undefined) // told by the rejected call below
  try {
    await redis.connect()
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'of unknown version'
  } catch (cause) {
    throw new StakazoError('queue-unavailable', `Redis does not answer: ${(cause as Error).message}`, {
      cause,
    })
  } finally {
    redis.disconnect()
  }
}
