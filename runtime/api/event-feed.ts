/** Wakes whoever reads a tenant's stream: one subscription of the process, any number of readers, no connection held. */
import { EventEmitter } from 'node:events'
import type { Database } from '../../db/open.ts'

export interface EventFeed extends AsyncDisposable {
  /** Calls back when there may be something new; the reader looks for itself. Returns the way to stop. */
  subscribe(tenantId: string, wake: () => void): () => void
}

export async function openEventFeed(database: Pick<Database, 'onEvents'>): Promise<EventFeed> {
  const readers = new EventEmitter().setMaxListeners(0)
  const stop = await database.onEvents((tenantId) => void readers.emit(tenantId))
  return {
    subscribe: (tenantId, wake) => {
      readers.on(tenantId, wake)
      return () => void readers.off(tenantId, wake)
    },
    [Symbol.asyncDispose]: async () => {
      readers.removeAllListeners()
      await stop()
    },
  }
}
