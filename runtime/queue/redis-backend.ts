import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { SECOND } from '../core/clock.ts'
import { StakazoError } from '../core/errors.ts'
import type { QueueBackend, QueueLog } from './backend.ts'

export async function openRedisBackend(url: string, log: QueueLog): Promise<QueueBackend> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 10 * SECOND,
    // Workers wait for ever; a command that gave up would end them.
    maxRetriesPerRequest: null,
    connectionName: 'stakazo-queue',
  })
  redis.on('error', (error) => log.warn({ error: error.message }, 'the queue lost its Redis connection'))
  try {
    await redis.connect()
  } catch (cause) {
    redis.disconnect()
    throw new StakazoError('queue-unavailable', `Redis does not answer: ${(cause as Error).message}`, {
      cause,
    })
  }
  return {
    openQueue: (kind, options) => new Queue(kind, { ...options, connection: redis }),
    openWorker: (kind, processor, options) => new Worker(kind, processor, { ...options, connection: redis }),
    // ioredis reconnects and repeats the blocking command by itself.
    listenAnew: async () => undefined,
    idleSeconds: 5,
    close: async () => {
      await redis.quit()
    },
  }
}
