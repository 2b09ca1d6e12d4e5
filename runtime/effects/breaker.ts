/** Stops an account that behaves like a machine gone wrong, before the network does. Pure. */
import { MINUTE } from '../core/clock.ts'
import type { Policy } from './policy.ts'

/** An act of the same account that armed before. */
export interface ArmedAct {
  armedAtMs: number
  /** Hash of what people would see: film and caption. */
  look: string
}

/** Why the account must rest; undefined when all is well. */
export function findTrip(
  { breaker }: Policy,
  armed: readonly ArmedAct[],
  act: { look: string; nowMs: number },
): string | undefined {
  const within = (ms: number) => armed.filter(({ armedAtMs }) => armedAtMs > act.nowMs - ms)
  if (within(breaker.twinMs).some(({ look }) => look === act.look)) {
    return 'the same film with the same caption was published here already'
  }
  const burst = within(breaker.burstMs).length
  if (burst < breaker.burst) return undefined
  return `${burst} acts within ${Math.round(breaker.burstMs / MINUTE)} minutes; at most ${breaker.burst} are normal`
}
