/**
 * Holding a run: a heartbeat prolongs the lease by the database's clock; when it is lost, cancelled or cannot be
 * prolonged in time (a paused process, a lost database), the work's signal aborts. Writes are fenced besides.
 */
import { holdRun, type RunRow } from '../../db/queries/runs.ts'
import type { Lease } from '../../db/tx.ts'
import { StakazoError } from '../core/errors.ts'
import type { RunPorts } from './run-ports.ts'

export interface HeldRun extends AsyncDisposable {
  readonly lease: Lease
  readonly signal: AbortSignal
  /** Looks now instead of at the next beat. */
  look(): Promise<void>
}

export function holdLease(ports: RunPorts, row: RunRow, outer: AbortSignal): HeldRun {
  const lease: Lease = { tenantId: row.tenantId, runId: row.id, epoch: row.leaseEpoch }
  const lost = new AbortController()
  const stop = new AbortController()
  let heldAtMs = ports.clock.elapsedMs()
  const look = async () => {
    try {
      const state = await ports.db.tenant(lease.tenantId, (tx) => holdRun(tx, lease, ports.leaseMs))
      if (state === 'held') heldAtMs = ports.clock.elapsedMs()
      else lost.abort(lossOf(state, row.id))
    } catch (error) {
      ports.log.warn({ runId: row.id, err: error }, 'a heartbeat failed')
    }
    if (ports.clock.elapsedMs() - heldAtMs > ports.leaseMs) lost.abort(lossOf('lost', row.id))
  }
  const beating = (async () => {
    while (!stop.signal.aborted && !lost.signal.aborted) {
      const isOver = await ports.clock.sleep(ports.leaseMs / 3, stop.signal).then(
        () => false,
        () => true,
      )
      if (!isOver) await look()
    }
  })()
  return {
    lease,
    signal: AbortSignal.any([outer, lost.signal]),
    look,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await beating
    },
  }
}

const lossOf = (state: 'lost' | 'cancelled', runId: string): StakazoError =>
  state === 'lost'
    ? new StakazoError('stale-lease', `run ${runId} was taken over by another worker`)
    : new StakazoError('cancelled', `run ${runId} was cancelled`)
