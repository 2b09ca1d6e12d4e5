/** Turns the tenants' streams into counters: what happened is counted where it is recorded, not where it is caused. */

import { readEventHead } from '../db/queries/event-head.ts'
import { listEvents, type StoredEvent } from '../db/queries/events.ts'
import type { Context } from './context.ts'
import { instantMs, SECOND } from './core/clock.ts'
import { listTenants } from './cycles/sweep.ts'
import type { Telemetry } from './telemetry.ts'

/** Starts at the present; a tenant that appears later is counted from its first event. */
export async function countEvents({ db, log }: Context, telemetry: Telemetry): Promise<AsyncDisposable> {
  const heads = new Map<string, number>()
  for (const tenantId of await listTenants(db.system)) {
    heads.set(tenantId, await db.tenant(tenantId, readEventHead))
  }
  const started = new Map<string, StoredEvent>()
  const count = (event: StoredEvent) => tally(telemetry, started, event)
  let work = Promise.resolve()
  const read = async (tenantId: string): Promise<void> => {
    const events = await db.tenant(tenantId, (tx) => listEvents(tx, { after: heads.get(tenantId) ?? 0 }))
    for (const event of events) count(event)
    const last = events.at(-1)
    if (last) heads.set(tenantId, last.seq)
  }
  const stop = await db.onEvents((tenantId) => {
    work = work
      .then(() => read(tenantId))
      .catch((error: unknown) => log.warn({ err: error }, 'events were not counted'))
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await stop()
      await work
    },
  }
}

function tally(telemetry: Telemetry, started: Map<string, StoredEvent>, event: StoredEvent): void {
  const { type, stepId, agent, payload } = event
  if (type === 'intent.verified' && payload.verb === 'publish-post') {
    const labels = {
      platform: String(payload.network ?? 'unknown'),
      client_id: event.tenantId,
      content_type: 'video',
    }
    telemetry.postsPublished.inc(labels)
  }
  if (!stepId || !agent) return
  if (type === 'step.started') {
    started.set(stepId, event)
    telemetry.activeAgents.inc({ agent_type: agent })
  }
  const begin = started.get(stepId)
  if (begin && (type === 'step.finished' || type === 'step.failed')) {
    started.delete(stepId)
    telemetry.activeAgents.dec({ agent_type: agent })
    const seconds = (instantMs(event.at) - instantMs(begin.at)) / SECOND
    if (agent === 'content-creator')
      telemetry.contentGenerationSeconds.observe({ content_type: 'video' }, seconds)
  }
}
