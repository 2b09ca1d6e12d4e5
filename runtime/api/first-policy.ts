import { writePolicy } from '../../db/queries/policies.ts'
import type { Tx } from '../../db/transaction.ts'
import type { Clock } from '../core/clock.ts'
import type { Policy } from '../effects/policy.ts'

/** A new tenant starts with the installation's rules; without a row every act is refused. */
export const storeFirstPolicy = (tx: Tx, clock: Clock, policy: Policy): Promise<number> =>
  writePolicy(tx, clock, 'installation', policy, 0)
