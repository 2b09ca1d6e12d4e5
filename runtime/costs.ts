/** The purse of the models: reserved before a call, settled by its usage, both as rows that are only ever added. */
import type { Database } from '../db/open.ts'
import { appendCosts, type NewCost, sumCosts } from '../db/queries/costs.ts'
import { addMs, type Clock, DAY } from './core/clock.ts'
import { newId } from './core/ids.ts'
import { formatMoney } from './core/money.ts'
import type { CostEstimate, CostPort, CostRow, Reservation } from './models/ports.ts'

export interface CostLimits {
  /** Of one tenant in 24 hours. */
  readonly spendDayMicros: number
  readonly taskCostMicros: number
}

/** What a reservation holds, until exactly one of settle and release ends it. */
interface Held extends Reservation {
  readonly estimate: CostEstimate
}

export function openCosts(ports: { db: Database; clock: Clock; limits: CostLimits }): CostPort {
  const { db, clock, limits } = ports
  const give = (held: Held): NewCost => ({
    ...rowOf(held.estimate),
    status: 'released',
    amountMicros: -held.estimate.micros,
    at: clock.now(),
  })
  return {
    reserve: (estimate) =>
      db.tenant(estimate.caller.tenantId, async (tx) => {
        const { taskId } = estimate.caller
        const spent = await sumCosts(tx, addMs(clock.now(), -DAY), taskId)
        const over =
          spent.tenant + estimate.micros > limits.spendDayMicros
            ? `the day's model budget of ${money(limits.spendDayMicros)} is used up`
            : spent.task + estimate.micros > limits.taskCostMicros
              ? `the task's model budget of ${money(limits.taskCostMicros)} is used up`
              : undefined
        if (over) return { granted: false as const, reason: over }
        const held: Held = { id: newId(clock), estimate }
        await appendCosts(tx, [
          { ...rowOf(estimate), status: 'reserved', amountMicros: estimate.micros, at: clock.now() },
        ])
        return { granted: true as const, reservation: held }
      }),
    settle: (reservation, row) =>
      db.tenant(row.caller.tenantId, (tx) =>
        appendCosts(tx, [give(reservation as Held), settled(row, clock)]),
      ),
    release: (reservation) => {
      const held = reservation as Held
      return db.tenant(held.estimate.caller.tenantId, (tx) => appendCosts(tx, [give(held)]))
    },
  }
}

const money = (micros: number): string => formatMoney({ micros, currency: 'USD' })

const settled = (row: CostRow, clock: Clock): NewCost => ({
  ...rowOf(row),
  status: 'settled',
  inputTokens: row.inputTokens,
  cachedTokens: row.cachedInputTokens,
  outputTokens: row.outputTokens,
  amountMicros: row.costMicros,
  priceVersion: row.priceVersion,
  at: clock.now(),
})

const rowOf = ({ caller, provider, model, currency }: CostEstimate | CostRow) => ({
  id: newId(),
  brandId: caller.brandId ?? null,
  taskId: caller.taskId ?? null,
  stepId: caller.stepId ?? null,
  model: `${provider}:${model}`,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  currency,
  priceVersion: '',
})
