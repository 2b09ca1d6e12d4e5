/** Binds the run engine to rooms: what a tool sees is opened for its caller, under its run's lease. */
import { readFile } from 'node:fs/promises'
import type { Database } from '../db/open.ts'
import { openStore } from '../db/store.ts'
import type { Memory } from '../memory/open-memory.ts'
import type { DiskBlobs } from './blobs.ts'
import type { Resolved } from './config/config.ts'
import type { AnyAgent } from './core/agent.ts'
import type { Clock } from './core/clock.ts'
import { newId } from './core/ids.ts'
import type { Media } from './core/ports/media.ts'
import type { Random } from './core/random.ts'
import { leastTrust } from './core/trust.ts'
import type { EffectPorts } from './effects/effect-ports.ts'
import { intend } from './effects/gateway.ts'
import { labelPerception } from './label-perception.ts'
import type { Log } from './log.ts'
import type { OpenedModels } from './models/open-models.ts'
import type { RunPorts } from './runs/run-ports.ts'

export interface RunParts {
  readonly resolved: Resolved
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly leaseMs: number
  readonly blobs: DiskBlobs
  readonly media: Media
  readonly models: OpenedModels
  readonly memory: Memory
  readonly effects: EffectPorts
  readonly roster: readonly AnyAgent[]
}

export function openRunPorts(parts: RunParts): RunPorts {
  const { resolved, db, clock, random, log, leaseMs, blobs, media, models, memory, effects, roster } = parts
  return {
    db,
    clock,
    log: log.child({ room: 'runs' }),
    world: resolved.config.mode,
    worker: newId(clock, random),
    leaseMs,
    models,
    roster,
    readPrompt: openPrompts(),
    openToolPorts: ({ caller, lease, trust }) => {
      const scope = { ...caller, lease, trust: () => trust }
      const bound = openStore(db, scope, clock)
      const recalled = memory.forCall(scope)
      return {
        store: bound.store,
        meter: {
          get least() {
            return leastTrust(bound.meter.least, recalled.meter.least)
          },
        },
        blobs: blobs.forTenant({
          tenantId: caller.tenantId,
          trust: () => leastTrust(trust, bound.meter.least),
        }),
        media,
        memory: recalled.memory,
        perception: labelPerception(models.perception(caller), bound.meter),
      }
    },
    intend: (tenantId, brandId, request, cause) => intend(effects, tenantId, brandId, request, cause),
    onTaskEnded: (tenantId, taskId) => memory.keepEpisode(tenantId, taskId),
  }
}

/** prompt.md files do not change while we run. */
function openPrompts(): (agent: AnyAgent) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  return (agent) => {
    const text = known.get(agent.prompt.href) ?? readFile(agent.prompt, 'utf8')
    known.set(agent.prompt.href, text)
    return text
  }
}
