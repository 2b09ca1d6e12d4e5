/** Who does what is due; one handler a kind. */
import type { Context } from '../context.ts'
import { fireCycle } from '../cycles/cycles.ts'
import { sweepTenant } from '../cycles/sweep.ts'
import { effectHandlers } from '../effects/effect-handlers.ts'
import type { DueKind } from '../open-storage.ts'
import type { DueHandler, DueLane } from './due-worker.ts'

/** Acts wait for platforms, not for this machine. */
const ACTS_AT_ONCE = 8
const READS_AT_ONCE = 4
const CHORES_AT_ONCE = 2

export function openLanes(context: Context): DueLane[] {
  const { engine, effects, cycles, db, clock, memory, resolved } = context
  const { mode: world, limits } = resolved.config
  const acts = effectHandlers(effects)
  const all: Record<DueKind, DueHandler> = {
    run: (tenantId, id, signal) => engine.perform(tenantId, id, signal),
    intent: acts.intent,
    approval: acts.approval,
    metrics: acts.metrics,
    cycle: (tenantId, id) => fireCycle(cycles, tenantId, id),
    sweep: async (tenantId) => {
      await sweepTenant({ db, clock, world }, tenantId)
      await memory.consolidate(tenantId)
    },
  }
  const lane = (concurrency: number, ...kinds: DueKind[]): DueLane => ({
    concurrency,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, all[kind]])),
  })
  return [
    lane(limits.workers, 'run'),
    lane(ACTS_AT_ONCE, 'intent', 'approval'),
    lane(READS_AT_ONCE, 'metrics'),
    lane(CHORES_AT_ONCE, 'cycle', 'sweep'),
  ]
}
