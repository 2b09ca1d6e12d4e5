import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../db/open.ts'
import type { StoreScope } from '../../db/store.ts'
import { type DiskBlobs, openDiskBlobs } from '../../runtime/blobs.ts'
import { type Clock, systemClock } from '../../runtime/core/clock.ts'
import type { IntentReply, IntentRequest } from '../../runtime/core/effect.ts'
import { newId } from '../../runtime/core/ids.ts'
import type { Media } from '../../runtime/core/ports/media.ts'
import type { Perception } from '../../runtime/core/ports/perception.ts'
import type { TrustMeter } from '../../runtime/core/ports/store.ts'
import type { ActContext, AnyTool, RecordContext } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { labelPerception } from '../../runtime/label-perception.ts'
import { openMedia } from '../../runtime/media.ts'
import type { SeededTenant } from './seed-tenant.ts'

export interface ToolBench {
  readonly blobs: DiskBlobs
  readonly media: Media
  readonly db: Database
  /** Runs a tool as the runner does: arguments parsed, output parsed. */
  use(tool: AnyTool, args: unknown, as: SeededTenant, options?: UseOptions): Promise<never>
}

interface UseOptions {
  taskId?: string
  scope?: Partial<StoreScope>
  signal?: AbortSignal
  perception?: Perception
  memory?: RecordContext['memory']
  onProgress?: (fraction: number, what: string) => void
  onMeter?: (meter: TrustMeter) => void
  intend?: (request: IntentRequest) => Promise<IntentReply>
}

/** Nobody can see or hear, as on a machine without a key. */
const blind: Perception = { describe: async () => undefined, transcribe: async () => undefined }

/** What a tool call is given, over real storage, blobs and ffmpeg. */
export async function openToolBench(
  db: Database,
  directory: string,
  clock: Clock = systemClock,
): Promise<ToolBench> {
  const blobs = await openDiskBlobs({ root: join(directory, 'store'), db, clock })
  const work = join(directory, 'work')
  await mkdir(work, { recursive: true })
  const media = await openMedia({ directory: work })
  return {
    ...{ blobs, media, db },
    async use(tool, args, as, options = {}) {
      const taskId = options.taskId ?? as.taskId
      const { store, meter } = as.open({ taskId, ...options.scope })
      const { tenantId, brandId } = as
      const context: Omit<RecordContext, 'memory'> & Partial<Pick<ActContext, 'intend'>> = {
        ...{
          store,
          clock,
          media,
          trust: TRUST.owner,
          signal: options.signal ?? new AbortController().signal,
        },
        caller: {
          ...{ tenantId, brandId, taskId, runId: taskId, stepId: undefined, agent: 'content-creator' },
          ...{ toolCallId: newId(), world: 'sandbox' },
        },
        blobs: blobs.forTenant({ tenantId: as.tenantId, trust: () => meter.least }),
        perception: labelPerception(options.perception ?? blind, meter),
        progress: options.onProgress ?? (() => undefined),
        ...(options.intend ? { intend: options.intend } : {}),
      }
      const given = { ...context, memory: options.memory }
      const output = tool.output.parse(await tool.run(tool.input.parse(args) as never, given as never))
      options.onMeter?.(meter)
      return output as never
    },
  }
}
