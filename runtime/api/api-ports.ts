/** What the API needs of the house; bound at the composition root. */
import type { Database } from '../../db/open.ts'
import type { DiskBlobs } from '../blobs.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import type { Network } from '../core/entities.ts'
import type { Media } from '../core/ports/media.ts'
import type { Connector } from '../core/ports/publisher.ts'
import type { QueueDepth } from '../core/ports/queue.ts'
import type { Wire } from '../core/ports/wire.ts'
import type { Random } from '../core/random.ts'
import type { EffectPorts } from '../effects/effect-ports.ts'
import type { LedgerWitness } from '../ledger-witness.ts'
import type { Log } from '../log.ts'
import type { Sealer } from '../secrets.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Acts } from './acts.ts'
import type { EventFeed } from './event-feed.ts'

export interface ApiPorts {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly telemetry: Telemetry
  readonly database: Database
  readonly sealer: Sealer
  readonly connectors: Readonly<Record<Network, Connector>>
  /** A wire to these origins alone, mapped as this world demands. */
  readonly openWire: (origins: readonly string[]) => Wire
  readonly blobs: Pick<DiskBlobs, 'forTenant'>
  readonly media: Media
  readonly feed: EventFeed
  readonly acts: Acts
  readonly effects: EffectPorts
  readonly witness: Pick<LedgerWitness, 'read'>
  readonly queueDepth: () => Promise<Record<string, QueueDepth>>
  /** A new brand gets its cycles. */
  readonly planCycles: (tenantId: string, brandId: string) => Promise<void>
  /** Sentences that say why this process cannot do its work now; none when it can. */
  readonly listTroubles: () => Promise<string[]>
}
