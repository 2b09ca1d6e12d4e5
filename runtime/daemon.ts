/**
 * The daemon: a context, the loops that work on it, and the API in front of it. Started in order, ended in reverse; what
 * was under way goes back to the queue and is taken up by whoever runs next.
 *
 *     await using daemon = await startDaemon(resolved, { role: 'all', log })
 */

import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { AsyncDisposableStack } from '@whatwg-node/disposablestack'
import { listDue } from '../db/queries/due.ts'
import { connectors } from '../tools/connectors/index.ts'
import { openActs } from './api/acts.ts'
import { openEventFeed } from './api/event-feed.ts'
import { openApi } from './api/open-api.ts'
import type { Resolved } from './config/config.ts'
import { type Context, type Overrides, openContext } from './context.ts'
import { addMs, SECOND, systemClock } from './core/clock.ts'
import { StakazoError } from './core/errors.ts'
import { newId } from './core/ids.ts'
import { countEvents } from './count-events.ts'
import { planCycles, planTenantCycles } from './cycles/cycles.ts'
import { listTenants } from './cycles/sweep.ts'
import { claimDataDir, type DaemonRole, removeDaemonFile, writeDaemonFile } from './daemon-files.ts'
import { ensureOwner, type Owner } from './first-owner.ts'
import type { Log } from './log.ts'
import { openTelemetry, type Telemetry } from './telemetry.ts'
import { type DueLoop, startScheduler, startWorker } from './worker/due-worker.ts'
import { openLanes } from './worker/open-lanes.ts'

export interface DaemonOptions {
  readonly role: DaemonRole
  readonly log: Log
  readonly overrides?: Overrides
}

export interface Daemon extends AsyncDisposable {
  readonly context: Context
  readonly instance: string
  /** Undefined without the role `api`. */
  readonly url: string | undefined
  readonly owner: Owner | undefined
}

/** A scheduler that has not looked for so long is stuck. */
const LOOK_MS_MAX = 15 * SECOND
/** Work that is due for so long while nobody claims it means that no worker works. */
const UNCLAIMED_MS_MAX = 60 * SECOND
/** What a client may take to send its headers; bodies may take as long as they arrive. */
const HEADERS_MS_MAX = 30 * SECOND

export async function startDaemon(resolved: Resolved, options: DaemonOptions): Promise<Daemon> {
  const { role, log } = options
  const { config } = resolved
  assertSplittable(resolved, role)
  const does = (one: DaemonRole) => role === 'all' || role === one
  const claim = { instance: newId(), role, startedAt: (options.overrides?.clock ?? systemClock).now() }
  await claimDataDir(config.dataDir, claim)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => removeDaemonFile(config.dataDir, role, claim.instance))
  const context = opened.use(await openContext(resolved, log, options.overrides))
  const telemetry = openTelemetry()
  // Closed before the database: running work still writes while it is asked to stop.
  opened.defer(() => context.queue.close())
  if (does('worker')) await openWork(opened, context, telemetry)
  const scheduler = does('scheduler') ? opened.use(await openSchedule(context)) : undefined
  const owner = does('api') ? await ensureOwner(context) : undefined
  const url = does('api') ? await openHttp(opened, context, telemetry, scheduler) : undefined
  await writeDaemonFile(config.dataDir, { ...claim, url: url ?? null })
  const stack = opened.move()
  return { context, instance: claim.instance, url, owner, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Processes that do not share their files would send each other films that are not there. */
function assertSplittable({ config, secrets }: Resolved, role: DaemonRole): void {
  if (role === 'all') return
  if (config.database === 'embedded') return
  const complaints = [
    ...(config.store.kind === 'disk' && !config.store.isShared
      ? [
          'STAKAZO_STORE is a directory; say `store: { shared: true }` in agents.yaml if every process sees it',
        ]
      : []),
    ...(secrets.masterKey ? [] : ['STAKAZO_MASTER_KEY is missing; every process must open the same tokens']),
  ]
  if (complaints.length > 0) {
    throw new StakazoError('config-invalid', `--role ${role}: ${complaints.join('; ')}`, {
      details: { complaints },
    })
  }
}

async function openWork(opened: AsyncDisposableStack, context: Context, telemetry: Telemetry): Promise<void> {
  const { db, engine, log } = context
  const stop = await db.onEvents((tenantId) => {
    engine.look(tenantId).catch((error: unknown) => log.warn({ err: error }, 'a look at running work failed'))
  })
  opened.defer(stop)
  opened.use(await countEvents(context, telemetry))
  await startWorker(duePorts(context), openLanes(context))
}

async function openSchedule(context: Context): Promise<DueLoop> {
  for (const tenantId of await listTenants(context.db.system))
    await planTenantCycles(context.cycles, tenantId)
  return startScheduler(duePorts(context))
}

const duePorts = ({ db, queue, clock, log, resolved, leaseMs }: Context) => ({
  db,
  queue,
  clock,
  leaseMs,
  log: log.child({ room: 'worker' }),
  world: resolved.config.mode,
})

async function openHttp(
  opened: AsyncDisposableStack,
  context: Context,
  telemetry: Telemetry,
  scheduler: DueLoop | undefined,
): Promise<string> {
  const { db, clock, random, sealer, blobs, media, effects, witness, queue, resolved } = context
  const { config } = resolved
  const feed = opened.use(await openEventFeed(db))
  const app = openApi({
    config,
    clock,
    random,
    telemetry,
    sealer,
    connectors,
    blobs,
    media,
    feed,
    effects,
    witness,
    database: db,
    log: context.log.child({ room: 'api' }),
    openWire: context.openWireTo,
    acts: openActs(effects, db),
    queueDepth: () => queue.depth(),
    planCycles: (tenantId, brandId) => planCycles(context.cycles, tenantId, brandId),
    listTroubles: () => listTroubles(context, scheduler),
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.requestTimeout = 0
  server.headersTimeout = HEADERS_MS_MAX
  const url = await listen(server, config.http)
  opened.defer(() => closeServer(server))
  return url
}

function listen(server: Server, { host, port }: Resolved['config']['http']): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE'
      const message = isBusy
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${error.code}`
      reject(new StakazoError(isBusy ? 'port-busy' : 'config-invalid', message, { cause: error }))
    })
    server.listen(port, host, () => {
      const bound = server.address()
      const actual = typeof bound === 'object' && bound ? bound.port : port
      const shown =
        host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
      resolve(`http://${shown}:${actual}`)
    })
  })
}

/** Answers under way may end; streams never would, so they are cut and resume elsewhere. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), SECOND)
  await closed
  clearTimeout(cut)
}

/** Ready means that work is being taken up, not that a port is open. */
async function listTroubles(
  { db, clock, resolved }: Context,
  scheduler: DueLoop | undefined,
): Promise<string[]> {
  const troubles: string[] = []
  if (scheduler && clock.elapsedMs() - scheduler.lastLookMs() > LOOK_MS_MAX) {
    troubles.push(`the scheduler has not looked for due work for more than ${LOOK_MS_MAX / SECOND} s`)
  }
  try {
    const overdue = await listDue(db.system, {
      now: addMs(clock.now(), -UNCLAIMED_MS_MAX),
      world: resolved.config.mode,
      limit: 1,
    })
    if (overdue.length > 0)
      troubles.push(`work is due for more than ${UNCLAIMED_MS_MAX / SECOND} s and nobody claims it`)
  } catch (error) {
    troubles.push(`the database does not answer: ${(error as Error).message}`)
  }
  return troubles
}
