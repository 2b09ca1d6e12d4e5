import { describe, expect, it } from 'vitest'
import { openEmbeddedPostgres, stopEmbeddedPostgres } from '../../../db/embedded.ts'
import { openQueue } from '../../../runtime/queue/open-queue.ts'
import { queueConformance } from '../../conformance/queue.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { openPostgresServer } from './postgres-server.ts'

const log = { info: () => undefined, warn: () => undefined }

describe('on the embedded Postgres', { timeout: 60_000 }, () => {
  queueConformance(() => openPostgresServer('embedded'))

  it('goes on when the database comes back after a crash, having rested meanwhile', async () => {
    using directory = temporaryDirectory('queue')
    const dataDir = directory.path
    const database = await openEmbeddedPostgres({ dataDir, log })
    const complaints: object[] = []
    const queue = await openQueue({
      databaseUrl: database.url,
      kinds: ['run'],
      log: { ...log, warn: (fields) => complaints.push(fields) },
    })
    try {
      const seen: string[] = []
      await queue.work(['run'], async ({ id }) => void seen.push(id), { concurrency: 4 })
      process.kill(database.serverPid, 'SIGKILL')
      await eventually(() => complaints.length > 0)
      await openEmbeddedPostgres({ dataDir, log })
      await eventually(() => queue.add({ kind: 'run', tenantId: 'tenant', id: 'after' }).then(() => true))
      await eventually(() => seen.includes('after'), { withinMs: 20_000 })
      expect(complaints.length).toBeLessThan(100)
    } finally {
      await queue.close()
      await stopEmbeddedPostgres({ dataDir })
    }
  })

  it('says that the queue is unavailable when no server answers', async () => {
    const nowhere = 'postgres://postgres@localhost/postgres?host=%2Fnowhere'
    await expect(openQueue({ databaseUrl: nowhere, kinds: ['run'], log })).rejects.toMatchObject({
      code: 'queue-unavailable',
    })
    const noRedis = { databaseUrl: nowhere, redisUrl: 'redis://127.0.0.1:1', kinds: ['run'], log }
    await expect(openQueue(noRedis)).rejects.toMatchObject({ code: 'queue-unavailable' })
  })
})
