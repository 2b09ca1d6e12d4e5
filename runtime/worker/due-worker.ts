/**
 * What is due gets done: the scheduler looks at rows and wakes, the queue carries the wake-up, a worker claims the row,
 * works, and ends the claim. Losing a wake-up costs one poll; losing a worker costs one claim's lease.
 */
import type { Logger } from 'pino'
import type { Database } from '../../db/open.ts'
import { claimDue, type DueRow, finishDue, freeDue, holdDue, listDue } from '../../db/queries/due.ts'
import { type Clock, MINUTE, SECOND } from '../core/clock.ts'
import type { World } from '../core/effect.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import type { Queue } from '../core/ports/queue.ts'

/** Does what one due row asks for. Returning ends it; throwing tries it again later. */
export type DueHandler = (tenantId: string, id: string, signal: AbortSignal) => Promise<void>

export interface DuePorts {
  readonly db: Database
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly world: World
  readonly leaseMs: number
}

/** Kinds by how many may run at once in a process: renders and model loops are long, the rest is short. */
export interface DueLane {
  readonly kinds: Readonly<Record<string, DueHandler>>
  readonly concurrency: number
}

const POLL_MS = SECOND
const POLL_ROWS_MAX = 200
const RETRY_MS_MAX = 5 * MINUTE

export interface DueLoop extends AsyncDisposable {
  /** Monotonic milliseconds of the last successful look; readiness is tied to it. */
  lastLookMs(): number
}

/** Looks every second and wakes whoever is due; the commit that made a row due wakes by itself besides. */
export function startScheduler(ports: DuePorts): DueLoop {
  const stop = new AbortController()
  let lookedAtMs = Number.NEGATIVE_INFINITY
  const looking = (async () => {
    while (!stop.signal.aborted) {
      try {
        const rows = await listDue(ports.db.system, {
          now: ports.clock.now(),
          world: ports.world,
          limit: POLL_ROWS_MAX,
        })
        for (const row of rows) await wake(ports.queue, row)
        lookedAtMs = ports.clock.elapsedMs()
      } catch (error) {
        if (!stop.signal.aborted) ports.log.warn({ err: error }, 'could not look for due rows')
      }
      await ports.clock.sleep(POLL_MS, stop.signal).catch(() => undefined)
    }
  })()
  return {
    lastLookMs: () => lookedAtMs,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await looking
    },
  }
}

export const wake = (queue: Queue, row: Pick<DueRow, 'tenantId' | 'kind' | 'id'>): Promise<void> =>
  queue.add({ kind: row.kind, tenantId: row.tenantId, id: row.id, dedupeKey: row.id })

/** Handles wake-ups until the queue closes. */
export async function startWorker(ports: DuePorts, lanes: readonly DueLane[]): Promise<void> {
  for (const { kinds, concurrency } of lanes) {
    await ports.queue.work(
      Object.keys(kinds),
      async (job, { signal }) => {
        const handler = kinds[job.kind]
        if (!handler) return
        let row = await claim(ports, job)
        while (row) row = (await perform(ports, row, handler, signal)) ? await claim(ports, job) : undefined
      },
      { concurrency },
    )
  }
}

const claim = (ports: DuePorts, ref: Pick<DueRow, 'tenantId' | 'kind' | 'id'>): Promise<DueRow | undefined> =>
  claimDue(
    ports.db.system,
    { tenantId: ref.tenantId, kind: ref.kind, id: ref.id },
    { now: ports.clock.now(), world: ports.world, leaseMs: ports.leaseMs },
  )

/** True when the row was put again while the work went on, so that it is looked at once more without a new wake-up. */
async function perform(
  ports: DuePorts,
  row: DueRow,
  handler: DueHandler,
  outer: AbortSignal,
): Promise<boolean> {
  await using held = holdClaim(ports, row, outer)
  try {
    await handler(row.tenantId, row.id, held.signal)
  } catch (error) {
    const failure = fromUnknown(error)
    ports.log.warn({ kind: row.kind, id: row.id, code: failure.code, err: failure }, 'due work failed')
    const delayMs = Math.min(RETRY_MS_MAX, SECOND * 2 ** Math.min(row.attempts, 10))
    await freeDue(ports.db.system, await held.release(), outer.aborted ? 0 : delayMs)
    return false
  }
  return finishDue(ports.db.system, await held.release())
}

interface HeldClaim extends AsyncDisposable {
  readonly signal: AbortSignal
  /** Prolongs it no more; the claim as it was prolonged last. */
  release(): Promise<DueRow>
}

function holdClaim(ports: DuePorts, row: DueRow, outer: AbortSignal): HeldClaim {
  const lost = new AbortController()
  const stop = new AbortController()
  let claim = row
  const holding = (async () => {
    while (!stop.signal.aborted) {
      const isOver = await ports.clock.sleep(ports.leaseMs / 3, stop.signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      try {
        // Gone is no loss: work that settles its own row goes on, and runs and acts have leases of their own.
        claim = (await holdDue(ports.db.system, claim, ports.leaseMs)) ?? claim
      } catch (cause) {
        ports.log.warn({ kind: row.kind, id: row.id, err: cause }, 'a claim could not be prolonged')
        lost.abort(new StakazoError('database-unavailable', 'the claim could not be prolonged', { cause }))
      }
    }
  })()
  const release = async () => {
    stop.abort()
    await holding
    return claim
  }
  return {
    signal: AbortSignal.any([outer, lost.signal]),
    release,
    [Symbol.asyncDispose]: async () => void (await release()),
  }
}
