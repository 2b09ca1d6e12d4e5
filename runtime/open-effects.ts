/** Binds the gate and the executor to rooms. */
import type { Database } from '../db/open.ts'
import { connectors } from '../tools/connectors/index.ts'
import type { DiskBlobs } from './blobs.ts'
import type { Resolved } from './config/config.ts'
import type { AnyAgent } from './core/agent.ts'
import type { Clock } from './core/clock.ts'
import type { Wire } from './core/ports/wire.ts'
import type { Random } from './core/random.ts'
import { type EffectPorts, type EffectTimings, SANDBOX_TIMINGS, TIMINGS } from './effects/effect-ports.ts'
import type { Log } from './log.ts'
import { ceilingIn } from './open-team.ts'
import type { Sealer } from './secrets.ts'

export interface EffectParts {
  readonly resolved: Resolved
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly blobs: DiskBlobs
  readonly sealer: Sealer
  readonly openWireTo: (origins: readonly string[]) => Wire
  readonly roster: readonly AnyAgent[]
  readonly timings?: Partial<EffectTimings> | undefined
}

export function openEffectPorts(parts: EffectParts): EffectPorts {
  const { resolved, db, clock, random, log, blobs, sealer, openWireTo, roster } = parts
  const { mode } = resolved.config
  return {
    db,
    clock,
    random,
    log: log.child({ room: 'effects' }),
    world: mode,
    connectors,
    openWire: (connector) => openWireTo(connector.origins),
    blobsOf: (tenantId) => blobs.forTenant({ tenantId }),
    sealer,
    ceilingOf: ceilingIn(roster),
    timings: { ...(mode === 'sandbox' ? SANDBOX_TIMINGS : TIMINGS), ...parts.timings },
  }
}
