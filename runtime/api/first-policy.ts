import { readPolicy } from '../../db/queries/policies.ts'
import type { Tx } from '../../db/transaction.ts'
import type { EffectPorts } from '../effects/effect-ports.ts'
import { writePolicy } from '../effects/hold.ts'
import type { Policy } from '../effects/policy.ts'

/** A new tenant starts with the installation's rules; without a row every act is refused. */
export async function storeFirstPolicy(
  tx: Tx,
  ports: Pick<EffectPorts, 'clock' | 'random'>,
  policy: Policy,
): Promise<void> {
  if (!(await readPolicy(tx))) await writePolicy(tx, ports, policy, 'installation')
}
