import { freshRedis, isRedisUp } from '../support/redis.ts'
import { isServedUp, newServedDatabase, openBenchServer } from './bench-database.ts'
import type { Benchmark, BenchOptions, Figure } from './benchmark.ts'
import type { QueueInput, QueueResult } from './queue-driver.ts'
import { runChild } from './run-child.ts'
import { median, percentile } from './statistics.ts'

const DRIVER = new URL('./queue-driver.ts', import.meta.url)

type Place = Pick<QueueInput, 'databaseUrl' | 'redisUrl' | 'keyPrefix'>

export const queueRoundTrip: Benchmark = {
  name: 'queue-round-trip',
  does: 'from add to a handler that runs, idle, and how fast a full queue drains, over raw BullMQ',
  async run(options) {
    const figures: Figure[] = []
    {
      await using server = await openBenchServer()
      const place = async () => ({ databaseUrl: await server.newDatabase() })
      figures.push(...(await measure('embedded Postgres', place, options)))
    }
    if (await isServedUp()) {
      await using opened = new AsyncDisposableStack()
      const place = async () => ({ databaseUrl: opened.use(await newServedDatabase()).url })
      figures.push(...(await measure('served Postgres', place, options)))
    }
    if (await isRedisUp()) {
      await using redis = await freshRedis()
      const place = async () => ({ databaseUrl: '', redisUrl: redis.url, keyPrefix: redis.keyPrefix })
      figures.push(...(await measure('Redis', place, options)))
    }
    return figures
  },
}

async function measure(
  where: string,
  place: () => Promise<Place>,
  { isQuick, say }: BenchOptions,
): Promise<Figure[]> {
  const size = isQuick ? { pings: 100, flood: 500 } : { pings: 400, flood: 3_000 }
  const runOn = async (library: QueueInput['library']) => {
    say(`${library} on ${where}`)
    return runChild<QueueResult>(DRIVER, { library, ...size, ...(await place()) } satisfies QueueInput)
  }
  const raw = await runOn('bullmq')
  const ours = await runOn('stakazo')
  const compare = (what: string, unit: string, read: (result: QueueResult) => number): Figure => ({
    what: `${where}: ${what}`,
    value: read(ours),
    unit,
    against: { what: 'raw BullMQ', value: read(raw) },
  })
  return [
    compare('add to process, idle, p50', 'ms', ({ idleMs }) => median(idleMs)),
    compare('add to process, idle, p95', 'ms', ({ idleMs }) => percentile(idleMs, 0.95)),
    compare('add', 'jobs/s', ({ addsPerSecond }) => addsPerSecond),
    compare('drain, 8 at once', 'jobs/s', ({ drainedPerSecond }) => drainedPerSecond),
  ]
}
