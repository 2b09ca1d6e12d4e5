/**
 * Money is a safe integer of micros (one millionth of the currency's unit) with its currency beside it.
 * bigint lives in SQL alone: zod gives no JSON Schema for it and a graph cannot store it.
 */
import { z } from 'zod'

const Currency = z.string().regex(/^[A-Z]{3}$/)
/** Micros of a currency unit: 1 USD = 1_000_000. */
export const Micros = z.int()
export type Micros = number

export const Money = z.object({ micros: Micros, currency: Currency })
export type Money = z.infer<typeof Money>

/** `$0.001234`-style text: two decimals, more only where the amount would vanish. */
export function formatMoney({ micros, currency }: Money): string {
  const units = micros / 1e6
  const decimals = units !== 0 && Math.abs(units) < 0.01 ? 6 : 2
  return `${units.toFixed(decimals)} ${currency}`
}
