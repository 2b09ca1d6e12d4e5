/** The kinds of due rows that effects own, for the worker. Each brings its row as far as it goes and writes down the next time. */
import { expire } from './approvals.ts'
import { collectMetrics } from './collect-metrics.ts'
import type { EffectPorts } from './effect-ports.ts'
import { performAct } from './executor.ts'

/** Throws only when storage fails; the row is due again when its claim runs out. Honours `signal`. */
export type DueHandler = (tenantId: string, id: string, signal: AbortSignal) => Promise<void>

export const effectHandlers = (
  ports: EffectPorts,
): Readonly<Record<'intent' | 'approval' | 'metrics', DueHandler>> => ({
  intent: (tenantId, id, signal) => performAct(ports, tenantId, id, signal),
  approval: (tenantId, id) => expire(ports, tenantId, id),
  metrics: (tenantId, id, signal) => collectMetrics(ports, tenantId, id, signal),
})
