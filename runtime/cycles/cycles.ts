/**
 * Cycles start tasks by themselves. A firing is the unique row (cycle, occurrence), written in the transaction that
 * stores its task: however often the wake-up is repeated, an occurrence starts at most one task.
 */
import { and, eq, inArray } from 'drizzle-orm'
import type { Database } from '../../db/open.ts'
import { firstRow } from '../../db/queries/rows.ts'
import { due } from '../../db/schema/record.ts'
import { cycleFiring, run } from '../../db/schema/runs.ts'
import { brand } from '../../db/schema/tenancy.ts'
import type { Tx } from '../../db/tx.ts'
import type { Cycle } from '../config/agents-file.ts'
import type { Clock } from '../core/clock.ts'
import type { World } from '../core/effect.ts'
import { storeTask } from '../runs/submit-task.ts'
import { decideFiring, findNextOccurrence } from './cycle-times.ts'

export interface CyclePorts {
  readonly db: Database
  readonly clock: Clock
  readonly world: World
  readonly cycles: readonly Cycle[]
  /** The switch that stops all: while it answers true nothing starts and occurrences are recorded as missed. */
  readonly isPaused: (tx: Tx) => Promise<boolean>
}

const keyOf = (brandId: string, cycle: string): string => `${brandId}/${cycle}`

/** Makes every enabled cycle of a brand due at its next occurrence; one that is waiting keeps its time. */
export const planCycles = (ports: CyclePorts, tenantId: string, brandId: string): Promise<void> =>
  ports.db.tenant(tenantId, async (tx) => {
    for (const cycle of ports.cycles.filter((one) => one.enabled))
      await planNext(tx, ports, cycle, brandId, ports.clock.now(), 'keep')
  })

/** All cycles of all brands of a tenant; called at start, because agents.yaml may have changed. */
export async function planTenantCycles(ports: CyclePorts, tenantId: string): Promise<void> {
  const brands = await ports.db.tenant(tenantId, (tx) =>
    tx.db.select({ id: brand.id }).from(brand).where(eq(brand.tenantId, tx.tenantId)),
  )
  for (const one of brands) await planCycles(ports, tenantId, one.id)
}

/** Handles one due cycle. */
export const fireCycle = (ports: CyclePorts, tenantId: string, key: string): Promise<void> =>
  ports.db.tenant(tenantId, async (tx) => {
    const [brandId = '', name = ''] = key.split('/')
    const cycle = ports.cycles.find((one) => one.name === name && one.enabled)
    const waiting = firstRow(
      await tx.db
        .select()
        .from(due)
        .where(and(eq(due.tenantId, tenantId), eq(due.kind, 'cycle'), eq(due.id, key))),
    )
    if (!cycle || !waiting) return
    const zone = await zoneOf(tx, cycle, brandId)
    const occurrence = waiting.dueAt
    const now = ports.clock.now()
    const result = await resultOf(tx, ports, cycle, { brandId, zone, occurrence, now })
    const [inserted] = await tx.db
      .insert(cycleFiring)
      .values({ tenantId, cycle: key, occurrence, result, at: now })
      .onConflictDoNothing()
      .returning({ occurrence: cycleFiring.occurrence })
    if (inserted) await start(tx, ports, cycle, { brandId, key, occurrence, result })
    await planNext(tx, ports, cycle, brandId, now, 'move')
  })

type Firing = 'started' | 'skipped' | 'missed' | 'paused'

async function resultOf(
  tx: Tx,
  ports: CyclePorts,
  cycle: Cycle,
  at: { brandId: string; zone: string; occurrence: string; now: string },
): Promise<Firing> {
  if (await ports.isPaused(tx)) return 'paused'
  if (decideFiring({ cron: cycle.cron, missed: cycle.missed, ...at }) === 'missed') return 'missed'
  return (await isAtWork(tx, cycle, at.brandId)) ? 'skipped' : 'started'
}

async function start(
  tx: Tx,
  ports: CyclePorts,
  cycle: Cycle,
  firing: { brandId: string; key: string; occurrence: string; result: Firing },
): Promise<void> {
  const { brandId, key, occurrence, result } = firing
  const task =
    result === 'started'
      ? await storeTask(tx, ports.clock, ports.world, {
          brandId,
          message: cycle.message,
          cycle: cycle.name,
          agent: cycle.agent === 'orchestrator' ? undefined : cycle.agent,
        })
      : undefined
  if (task) {
    await tx.db
      .update(cycleFiring)
      .set({ taskId: task.taskId })
      .where(
        and(
          eq(cycleFiring.tenantId, tx.tenantId),
          eq(cycleFiring.cycle, key),
          eq(cycleFiring.occurrence, occurrence),
        ),
      )
  }
  tx.emit({
    type: `cycle.${result}`,
    brandId,
    taskId: task?.taskId ?? null,
    payload: { cycle: cycle.name, occurrence },
  })
}

/** Single flight: one that waits for a person does not hold up the next. */
async function isAtWork(tx: Tx, cycle: Cycle, brandId: string): Promise<boolean> {
  const busy = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(
      and(
        eq(run.tenantId, tx.tenantId),
        eq(run.brandId, brandId),
        eq(run.cycle, cycle.name),
        inArray(run.status, ['pending', 'running']),
      ),
    )
    .limit(1)
  return busy.length > 0
}

async function zoneOf(tx: Tx, cycle: Cycle, brandId: string): Promise<string> {
  if (cycle.zone) return cycle.zone
  const home = firstRow(
    await tx.db
      .select({ zone: brand.zone })
      .from(brand)
      .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, brandId))),
  )
  return home?.zone ?? 'UTC'
}

async function planNext(
  tx: Tx,
  ports: CyclePorts,
  cycle: Cycle,
  brandId: string,
  after: string,
  mode: 'keep' | 'move',
) {
  const key = keyOf(brandId, cycle.name)
  if (mode === 'keep') {
    const waiting = firstRow(
      await tx.db
        .select()
        .from(due)
        .where(and(eq(due.tenantId, tx.tenantId), eq(due.kind, 'cycle'), eq(due.id, key))),
    )
    if (waiting) return
  }
  const next = findNextOccurrence(cycle.cron, await zoneOf(tx, cycle, brandId), after)
  if (next) await tx.due('cycle', key, ports.world, next)
}
