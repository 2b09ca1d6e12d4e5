import type { JobPriority } from '../core/ports/queue.ts'

/**
 * Turns between tenants, as numbers: start-time fair queueing (Goyal, Vin and Cheng 1996).
 *
 * Each job gets a round; lower rounds run first. A tenant's next job goes one round after its last, but never before
 * the round being served. So 10,000 jobs of one tenant spread over 10,000 rounds, a newcomer's first job enters the
 * current one, and two busy tenants alternate; unlike "who has fewer waiting goes first", the flood never starves.
 *
 * Rounds restart when nothing waits. Each process numbers what it adds: with several adding, a tenant may get a turn
 * per process and round, no more.
 */
export class FairShare {
  readonly #bands = new Map<number, Band>()

  /** The lowest number that waits in the queue, or undefined when none does: it tells which round is being served. */
  observe(lowestWaiting: number | undefined): void {
    const served = lowestWaiting === undefined ? BANDS : Math.floor(lowestWaiting / BAND_SIZE)
    for (const band of this.#bands.keys()) if (band < served) this.#bands.delete(band)
    if (lowestWaiting === undefined) return
    const current = this.#band(served)
    current.round = lowestWaiting % BAND_SIZE
    if (current.lastRounds.size > TENANTS_MAX) forgetPast(current)
  }

  /** BullMQ's priority for the tenant's next job: 1 is served first. */
  next(tenantId: string, priority: JobPriority): number {
    const index = BAND_ORDER.indexOf(priority)
    const band = this.#band(index)
    const round = Math.min(Math.max(band.round, (band.lastRounds.get(tenantId) ?? 0) + 1), BAND_SIZE - 1)
    band.lastRounds.set(tenantId, round)
    return index * BAND_SIZE + round
  }

  #band(index: number): Band {
    const band = this.#bands.get(index) ?? { round: 1, lastRounds: new Map() }
    this.#bands.set(index, band)
    return band
  }
}

interface Band {
  /** The round being served. */
  round: number
  readonly lastRounds: Map<string, number>
}

const BAND_ORDER: readonly JobPriority[] = ['critical', 'high', 'medium', 'low']
const BANDS = BAND_ORDER.length
/** BullMQ's priorities end at 2^21. Past half a million rounds without a quiet moment, the rest is first come first served. */
const BAND_SIZE = 2 ** 21 / BANDS
const TENANTS_MAX = 20_000

/** A tenant whose last round has passed is as good as new. */
function forgetPast(band: Band): void {
  for (const [tenantId, round] of band.lastRounds) if (round < band.round) band.lastRounds.delete(tenantId)
}
