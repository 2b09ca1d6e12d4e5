/** The real engine, queue, database and model layer around a small team. */
import pino from 'pino'
import { type Database, openDatabase } from '../../../db/open.ts'
import { brand, tenant } from '../../../db/schema/index.ts'
import { openStore } from '../../../db/store.ts'
import type { AnyAgent } from '../../../runtime/core/agent.ts'
import { systemClock } from '../../../runtime/core/clock.ts'
import { Voice } from '../../../runtime/core/entities.ts'
import { newId } from '../../../runtime/core/ids.ts'
import type { Queue } from '../../../runtime/core/ports/queue.ts'
import { systemRandom } from '../../../runtime/core/random.ts'
import { openCosts } from '../../../runtime/costs.ts'
import { openModels } from '../../../runtime/models/open-models.ts'
import { openQueue } from '../../../runtime/queue/open-queue.ts'
import { prepareCheckpoints } from '../../../runtime/runs/checkpoints.ts'
import { RunEngine } from '../../../runtime/runs/perform-run.ts'
import type { RunPorts, ToolPorts } from '../../../runtime/runs/run-ports.ts'
import { startScheduler, startWorker, wake } from '../../../runtime/worker/due-worker.ts'

export interface TestEngine extends AsyncDisposable {
  readonly db: Database
  readonly queue: Queue
  readonly engine: RunEngine
  readonly ports: RunPorts
}

const log = pino({ level: process.env.TEST_LOG ?? 'silent' })

export async function openEngine(
  url: string,
  roster: readonly AnyAgent[],
  leaseMs = 5_000,
): Promise<TestEngine> {
  await prepareCheckpoints(url)
  const queue = await openQueue({ databaseUrl: url, kinds: ['run'], log })
  const db = await openDatabase({
    url,
    clock: systemClock,
    random: systemRandom,
    onDue: (row) => wake(queue, row),
    onLateFailure: (error) => log.error(error),
  })
  const ports: RunPorts = {
    db,
    clock: systemClock,
    log,
    world: 'sandbox',
    worker: newId(),
    leaseMs,
    models: openModels(
      { providers: {} },
      { costs: openCosts({ db, clock: systemClock, limits: { spendDayMicros: 1e6, taskCostMicros: 1e6 } }) },
    ),
    roster,
    readPrompt: async (agent) => decodeURIComponent(agent.prompt.pathname.split(',')[1] ?? ''),
    openToolPorts: ({ caller, lease, trust }) =>
      ({ ...openStore(db, { ...caller, lease, trust: () => trust }, systemClock) }) as unknown as ToolPorts,
    intend: () => Promise.reject(new Error('this team does not act')),
    onTaskEnded: async () => undefined,
  }
  const engine = new RunEngine(ports)
  return {
    db,
    queue,
    engine,
    ports,
    async [Symbol.asyncDispose]() {
      await queue.close()
      await db.close()
    },
  }
}

/** Takes wake-ups until the scope ends. */
export async function startWorking(test: TestEngine): Promise<AsyncDisposable> {
  const due = {
    db: test.db,
    queue: test.queue,
    clock: systemClock,
    log,
    world: 'sandbox' as const,
    leaseMs: test.ports.leaseMs,
  }
  await startWorker(due, [
    { kinds: { run: (tenantId, id, signal) => test.engine.perform(tenantId, id, signal) }, concurrency: 4 },
  ])
  const stopListening = await test.db.onEvents((tenantId) => void test.engine.look(tenantId))
  const scheduler = startScheduler(due)
  return {
    async [Symbol.asyncDispose]() {
      await stopListening()
      await scheduler[Symbol.asyncDispose]()
    },
  }
}

export async function makeTenant(db: Database): Promise<{ tenantId: string; brandId: string }> {
  const tenantId = newId()
  const brandId = newId()
  const createdAt = systemClock.now()
  await db.tenant(tenantId, async (tx) => {
    await tx.db.insert(tenant).values({ tenantId, id: tenantId, name: 'Test', createdAt })
    await tx.db.insert(brand).values({
      tenantId,
      id: brandId,
      name: 'Luna Norte',
      language: 'en',
      zone: 'Europe/Madrid',
      voice: Voice.parse({}),
      goals: [],
      competitors: [],
      facts: {},
      createdAt,
    })
  })
  return { tenantId, brandId }
}
