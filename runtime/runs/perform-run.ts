/** One wake-up of a run: take it over, work until it ends or waits, write down how it went. */
import { claimRun, type RunRow, updateRun } from '../../db/queries/runs.ts'
import { addMs, SECOND } from '../core/clock.ts'
import { fromUnknown, type StakazoError } from '../core/errors.ts'
import { endStep } from './end-step.ts'
import { endTask } from './end-task.ts'
import { performStep } from './perform-step.ts'
import { performTask } from './perform-task.ts'
import { type HeldRun, holdLease } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'

/** Failures that may pass are tried again after 1, 2 and 4 s. */
const ATTEMPTS_MAX = 3

export class RunEngine {
  readonly #ports: RunPorts
  readonly #held = new Map<string, { tenantId: string; run: HeldRun }>()

  constructor(ports: RunPorts) {
    this.#ports = ports
  }

  /** Returns when the run ended, waits for something, or was lost to another worker; throws only when nothing could be written. */
  async perform(tenantId: string, runId: string, outer: AbortSignal): Promise<void> {
    const ports = this.#ports
    const row = await ports.db.tenant(tenantId, (tx) => claimRun(tx, runId, ports.worker, ports.leaseMs))
    if (!row) return
    await using held = holdLease(ports, row, outer)
    this.#held.set(runId, { tenantId, run: held })
    try {
      await (row.kind === 'task' ? performTask(ports, row, held) : performStep(ports, row, held))
    } catch (error) {
      await this.#afterFailure(row, held, causeOf(held, error))
    } finally {
      this.#held.delete(runId)
    }
  }

  /** A tenant's events changed: runs of it look whether they were cancelled. */
  async look(tenantId: string): Promise<void> {
    for (const held of this.#held.values()) {
      if (held.tenantId === tenantId) await held.run.look()
    }
  }

  async #afterFailure(row: RunRow, held: HeldRun, failure: StakazoError): Promise<void> {
    const { db, clock, log, world } = this.#ports
    log.warn({ runId: row.id, code: failure.code, err: failure }, 'a run failed')
    // Whoever took it over, or whoever cancelled it, has written what there is to write.
    if (failure.code === 'stale-lease' || failure.code === 'cancelled') return
    if (failure.row.retry === 'later' && row.attempts < ATTEMPTS_MAX) {
      await db.leased(held.lease, async (tx) => {
        await updateRun(tx, row.id, { attempts: row.attempts + 1 })
        await tx.due('run', row.id, world, addMs(clock.now(), SECOND * 2 ** row.attempts))
      })
      return
    }
    const error = { code: failure.code, message: failure.message }
    await db.leased(held.lease, async (tx) =>
      row.kind === 'task'
        ? endTask(tx, this.#ports, row, { status: 'error', outcome: 'failed', error })
        : endStep(tx, this.#ports, row, { status: 'failed', outcome: 'failed', error }),
    )
  }
}

/** A graph reports an abort as its own; the reason of the signal says what really happened. */
const causeOf = (held: HeldRun, error: unknown): StakazoError =>
  fromUnknown(held.signal.aborted ? (held.signal.reason ?? error) : error)
