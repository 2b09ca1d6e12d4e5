/**
 * Short-term memory on Redis. Names are JSON arrays, so that no namespace or key can spell its way into another's. The
 * business clock decides what is over, as it does on Postgres; Redis' own end only cleans up.
 */
import { Redis } from 'ioredis'
import { z } from 'zod'
import { type Clock, instantMs, SECOND, toInstant } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { namespaceTtlMs } from '../../runtime/core/namespaces.ts'
import type { ShortTermStore } from './short-term.ts'

const Entry = z.object({ value: z.unknown(), expiresAt: z.string() })

export interface RedisShortTermOptions {
  readonly url: string
  readonly clock: Clock
  readonly keyPrefix?: string
  readonly onLateFailure: (error: unknown) => void
}

export async function openRedisShortTerm(options: RedisShortTermOptions): Promise<ShortTermStore> {
  const { url, clock, keyPrefix = 'stakazo' } = options
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 10 * SECOND,
    maxRetriesPerRequest: 3,
    connectionName: 'stakazo-memory',
  })
  redis.on('error', options.onLateFailure)
  try {
    await redis.connect()
  } catch (cause) {
    redis.disconnect()
    throw new StakazoError('queue-unavailable', `Redis does not answer: ${(cause as Error).message}`, {
      cause,
    })
  }
  const homeOf = (tenantId: string) => `${keyPrefix}:short-term:${tenantId}:`
  const nameOf = (tenantId: string, namespace: string, key: string) =>
    homeOf(tenantId) + JSON.stringify([namespace, key])
  return {
    kind: 'redis',
    forTenant: (tenantId) => ({
      async get(namespace, key) {
        const text = await redis.get(nameOf(tenantId, namespace, key))
        if (text === null) return undefined
        const { value, expiresAt } = Entry.parse(JSON.parse(text))
        return instantMs(expiresAt) > clock.nowMs() ? value : undefined
      },
      async set(namespace, key, value, ttlMs = namespaceTtlMs(namespace)) {
        const text = JSON.stringify({ value, expiresAt: toInstant(clock.nowMs() + ttlMs) })
        await redis.set(nameOf(tenantId, namespace, key), text, 'PX', Math.max(1, Math.ceil(ttlMs)))
      },
      async delete(namespace, key) {
        await redis.del(nameOf(tenantId, namespace, key))
      },
    }),
    async forget(tenantId, isMeant) {
      let gone = 0
      const pages = redis.scanStream({ match: `${escapeGlob(homeOf(tenantId))}*`, count: 500 })
      for await (const names of pages as AsyncIterable<string[]>) {
        const values = names.length > 0 ? await redis.mget(names) : []
        const meant = names.filter((name, index) => isMeant(`${name} ${values[index] ?? ''}`))
        if (meant.length > 0) gone += await redis.del(...meant)
      }
      return gone
    },
    [Symbol.asyncDispose]: async () => {
      await redis.quit()
    },
  }
}

const escapeGlob = (text: string): string => text.replaceAll(/[*?[\]\\]/g, '\\$&')
