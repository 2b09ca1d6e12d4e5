/**
 * Money is a safe integer of micros (one millionth of the currency's unit) with its currency beside it.
 * bigint lives in SQL alone: zod gives no JSON Schema for it and a graph cannot store it.
 */
import { z } from 'zod'
import { StakazoError } from './errors.ts'

export const Currency = z.string().regex(/^[A-Z]{3}$/)
/** Micros of a currency unit: 1 USD = 1_000_000. */
export const Micros = z.int()
export type Micros = number

export const Money = z.object({ micros: Micros, currency: Currency })
export type Money = z.infer<typeof Money>

/** Rounds half up to a whole micro; refuses what a double cannot hold exactly. */
export function toMicros(units: number): Micros {
  const micros = Math.round(units * 1e6)
  if (!Number.isSafeInteger(micros))
    throw new StakazoError('bad-input', `${units} is no amount of money we can hold exactly`)
  return micros
}

export function addMoney(left: Money, right: Money): Money {
  if (left.currency !== right.currency) {
    throw new StakazoError('currency-mismatch', `cannot add ${right.currency} to ${left.currency}`)
  }
  return { micros: left.micros + right.micros, currency: left.currency }
}

/** `$0.001234`-style text: two decimals, more only where the amount would vanish. */
export function formatMoney({ micros, currency }: Money): string {
  const units = micros / 1e6
  const decimals = units !== 0 && Math.abs(units) < 0.01 ? 6 : 2
  return `${units.toFixed(decimals)} ${currency}`
}
