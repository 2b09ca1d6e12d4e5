import type { Scope } from '../../db/queries/scope.ts'
import type { Clock } from '../core/clock.ts'
import { TRUST } from '../core/trust.ts'

/** A person at the API: nothing read, owner's word. */
export const ownerScope = (brandId: string, clock: Clock): Scope => ({
  brandId,
  clock,
  taskId: undefined,
  runId: undefined,
  agent: 'owner',
  trust: TRUST.owner,
})
