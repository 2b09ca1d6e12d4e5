/** The tenant's one stream. Sequence numbers are consecutive: the counter row's lock is held until commit. */
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import { event, tenantCounter } from '../schema/record.ts'
import type { NewEvent, Tx } from '../tx.ts'

export type StoredEvent = typeof event.$inferSelect

/** Channel on which the tenant's id is notified once its new events are visible. */
export const EVENTS_CHANNEL = 'stakazo_events'

/** Takes `count` numbers from a named counter; returns the last one. */
export async function takeNumbers(tx: Tx, counter: string, count: number): Promise<number> {
  const [row] = await tx.db
    .insert(tenantCounter)
    .values({ tenantId: tx.tenantId, id: counter, value: count })
    .onConflictDoUpdate({
      target: [tenantCounter.tenantId, tenantCounter.id],
      set: { value: sql`${tenantCounter.value} + ${count}` },
    })
    .returning({ value: tenantCounter.value })
  return row?.value ?? count
}

export async function appendEvents(tx: Tx, events: readonly NewEvent[], clock: Clock): Promise<void> {
  if (events.length === 0) return
  const last = await takeNumbers(tx, 'event', events.length)
  const first = last - events.length + 1
  const at = clock.now()
  await tx.db
    .insert(event)
    .values(events.map((one, index) => ({ trust: 2, ...one, tenantId: tx.tenantId, seq: first + index, at })))
  await tx.db.execute(sql`select pg_notify(${EVENTS_CHANNEL}, ${tx.tenantId})`)
}

export interface EventFilter {
  after?: number
  taskId?: string
  subjectId?: string
  limit?: number
}

/** Oldest first, after a sequence number. */
export const listEvents = (tx: Tx, filter: EventFilter): Promise<StoredEvent[]> =>
  tx.db
    .select()
    .from(event)
    .where(
      and(
        eq(event.tenantId, tx.tenantId),
        gt(event.seq, filter.after ?? 0),
        filter.taskId ? eq(event.taskId, filter.taskId) : undefined,
        filter.subjectId ? eq(event.subjectId, filter.subjectId) : undefined,
      ),
    )
    .orderBy(asc(event.seq))
    .limit(filter.limit ?? 500)
