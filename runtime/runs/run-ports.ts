/** What the run engine is handed by the composition root. */
import type { Logger } from 'pino'
import type { Database } from '../../db/open.ts'
import type { Lease } from '../../db/tx.ts'
import type { AnyAgent } from '../core/agent.ts'
import type { Clock } from '../core/clock.ts'
import type { Cause, IntentReply, IntentRequest, World } from '../core/effect.ts'
import type { Models } from '../core/model.ts'
import type { BlobStore } from '../core/ports/blobs.ts'
import type { Media } from '../core/ports/media.ts'
import type { MemoryReader, MemoryWriter } from '../core/ports/memory.ts'
import type { Perception } from '../core/ports/perception.ts'
import type { ReadStore, RecordStore, TrustMeter } from '../core/ports/store.ts'
import type { Caller } from '../core/tool.ts'
import type { Trust } from '../core/trust.ts'

/** Storage and senses for one tool call, opened under the run's lease. */
export interface ToolPorts {
  readonly store: ReadStore & RecordStore
  readonly meter: TrustMeter
  readonly blobs: BlobStore
  readonly media: Media
  readonly memory: MemoryReader & MemoryWriter
  readonly perception: Perception
}

export interface RunPorts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly world: World
  /** Names this process in lease rows. */
  readonly worker: string
  readonly leaseMs: number
  readonly models: Models
  readonly roster: readonly AnyAgent[]
  /** Reads an agent's prompt.md. */
  readonly readPrompt: (agent: AnyAgent) => Promise<string>
  readonly openToolPorts: (scope: { caller: Caller; lease: Lease; trust: Trust }) => ToolPorts
  /** The gate. */
  readonly intend: (
    tenantId: string,
    brandId: string,
    request: IntentRequest,
    cause: Cause,
  ) => Promise<IntentReply>
  /** Called with an ended task, after its commit: memory keeps the episode. */
  readonly onTaskEnded: (tenantId: string, taskId: string) => Promise<void>
}
