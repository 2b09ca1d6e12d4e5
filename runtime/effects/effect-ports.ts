/** What the effects are handed by the composition root. */
import type { Logger } from 'pino'
import type { Database } from '../../db/open.ts'
import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../core/clock.ts'
import type { Autonomy, World } from '../core/effect.ts'
import type { Network } from '../core/entities.ts'
import type { BlobReader } from '../core/ports/blobs.ts'
import type { Connector } from '../core/ports/publisher.ts'
import type { Wire } from '../core/ports/wire.ts'
import type { Random } from '../core/random.ts'
import type { Sealer } from '../secrets.ts'

export interface EffectPorts {
  readonly db: Pick<Database, 'tenant'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Acts of the other world are refused. */
  readonly world: World
  readonly connectors: Readonly<Record<Network, Connector>>
  readonly openWire: (connector: Connector) => Wire
  readonly blobsOf: (tenantId: string) => BlobReader
  readonly sealer: Pick<Sealer, 'open'>
  /** The most an agent may ever do: code and agents.yaml, without the tenant's policy. */
  readonly ceilingOf: (agent: string) => Autonomy
  /** Where a person can look at a stored file; left out of questions when absent. */
  readonly linkOf?: (tenantId: string, sha256: string) => string
  readonly timings: EffectTimings
}

export interface EffectTimings {
  /** An owner of an act that is silent for so long lost it. Real time, by the database's clock. */
  leaseMs: number
  /** Waits between attempts before anything was sent, doubling from the first to the second. */
  retryMs: readonly [first: number, longest: number]
  attempts: number
  /** Waits between looks at an unknown outcome; the last repeats. */
  lookMs: readonly number[]
  /** A "not live" counts only so long after the answer was lost: the request may still be on its way. */
  settleMs: number
  /** An outcome unknown for longer is a person's to settle. */
  unknownMs: number
  /** Looks for the id or address of a post that is known to be live. */
  verifyTries: number
  /** When metrics are read after publication. */
  metricsMs: readonly number[]
}

export const TIMINGS: EffectTimings = {
  leaseMs: 30 * SECOND,
  retryMs: [5 * SECOND, 10 * MINUTE],
  attempts: 8,
  lookMs: [2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE],
  // Twice the connectors' commit timeout: by then the platform has either acted or dropped the request.
  settleMs: 2 * MINUTE,
  unknownMs: DAY,
  verifyTries: 8,
  metricsMs: [
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
  ],
}

/** The sandbox answers at once or never, and its demo waits for the first figures. */
export const SANDBOX_TIMINGS: EffectTimings = {
  ...TIMINGS,
  leaseMs: 15 * SECOND,
  retryMs: [2 * SECOND, MINUTE],
  settleMs: 10 * SECOND,
  metricsMs: [2 * SECOND, ...TIMINGS.metricsMs],
}

/** What the sealed token of an account is bound to, beside its tenant. */
export const tokenPurpose = (accountId: string) => `account/${accountId}`
