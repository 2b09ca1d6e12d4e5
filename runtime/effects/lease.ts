/**
 * Holding an act: prolonged by the database's clock, trusted by our monotonic one. A process that was stopped past its
 * lease notices before it sends, whatever the wall clock says.
 */
import { type IntentRow, renewIntent } from '../../db/queries/effects-intents.ts'
import { StakazoError } from '../core/errors.ts'
import type { EffectPorts } from './effect-ports.ts'

export interface HeldAct extends AsyncDisposable {
  readonly epoch: number
  /** Aborts when the lease is lost or the caller gives up. */
  readonly signal: AbortSignal
  /** Throws `stale-lease` past the moment until which the lease surely holds. */
  assertHeld(): void
}

/** Of the lease, what is not trusted: clocks drift a little, and the request needs time to leave. */
const MARGIN = 0.1

/** `takenAtMs` is the monotonic time before the claim was asked for, so that the lease never seems longer than it is. */
export function holdAct(
  ports: EffectPorts,
  tenantId: string,
  row: IntentRow,
  takenAtMs: number,
  outer: AbortSignal,
): HeldAct {
  const { clock, db, timings } = ports
  const ended = new AbortController()
  const lost = new AbortController()
  const trusted = timings.leaseMs * (1 - MARGIN)
  let untilMs = takenAtMs + trusted
  const staleLease = () =>
    new StakazoError('stale-lease', `act ${row.id} is no longer held at epoch ${row.leaseEpoch}`)
  const prolong = async () => {
    for (;;) {
      await clock.sleep(timings.leaseMs / 3, ended.signal)
      const askedAtMs = clock.elapsedMs()
      const isHeld = await db.tenant(tenantId, (tx) =>
        renewIntent(tx, row.id, row.leaseEpoch, timings.leaseMs),
      )
      if (!isHeld) return lost.abort(staleLease())
      untilMs = askedAtMs + trusted
    }
  }
  // A database that is away for a moment is asked no more: the lease simply runs out.
  const prolonging = prolong().catch((error: unknown) => {
    if (!ended.signal.aborted)
      ports.log.warn({ intentId: row.id, error: String(error) }, 'a lease could not be prolonged')
  })
  return {
    epoch: row.leaseEpoch,
    signal: AbortSignal.any([outer, lost.signal]),
    assertHeld() {
      if (lost.signal.aborted || clock.elapsedMs() >= untilMs) throw staleLease()
    },
    async [Symbol.asyncDispose]() {
      ended.abort()
      await prolonging
    },
  }
}
