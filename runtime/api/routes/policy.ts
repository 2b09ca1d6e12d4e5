import { z } from 'zod'
import { lockPolicy } from '../../../db/queries/effects-targets.ts'
import { readPolicy } from '../../../db/queries/policies.ts'
import { StakazoError } from '../../core/errors.ts'
import { writePolicy } from '../../effects/hold.ts'
import { Policy } from '../../effects/policy.ts'
import { defineRoute } from '../route.ts'

const Rules = z
  .object({ version: z.int().describe('Send it back to change the policy'), policy: Policy })
  .meta({ id: 'Policy' })

const getPolicy = defineRoute({
  method: 'get',
  path: '/v1/policy',
  tag: 'policy',
  summary: 'The rules every act of the tenant must pass',
  scope: 'read',
  answer: Rules,
  run: (_, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const row = await readPolicy(tx)
      if (!row) throw new StakazoError('not-found', 'no policy is stored, so every act is refused')
      return { version: row.version, policy: Policy.parse(row.body) }
    }),
})

const putPolicy = defineRoute({
  method: 'put',
  path: '/v1/policy',
  tag: 'policy',
  summary: 'Replace the rules; refused when they changed since they were read',
  scope: 'admin',
  body: z.strictObject({ version: z.int(), policy: Policy }),
  answer: Rules,
  run: ({ body }, { ports, principal, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      await lockPolicy(tx)
      const version = (await readPolicy(tx))?.version ?? 0
      if (version !== body.version) {
        throw new StakazoError('conflict', `the policy is at version ${version}, not ${body.version}`)
      }
      const policy = await writePolicy(tx, ports, body.policy, principal.keyName)
      return { version: version + 1, policy }
    }),
})

export const policyRoutes = [getPolicy, putPolicy]
