import { z } from 'zod'
import { createKey } from '../../../db/queries/keys.ts'
import { createTenant, findTenant } from '../../../db/queries/tenants.ts'
import { StakazoError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { enlistTenant } from '../../cycles/sweep.ts'
import { mintApiKey } from '../api-key.ts'
import { storeFirstPolicy } from '../first-policy.ts'
import { defineRoute } from '../route.ts'
import { SCOPES } from '../scopes.ts'

const Tenant = z.object({ id: z.uuid(), name: z.string(), createdAt: z.string() }).meta({ id: 'Tenant' })

const getTenant = defineRoute({
  method: 'get',
  path: '/v1/tenant',
  tag: 'tenants',
  summary: 'The tenant of the key',
  scope: 'read',
  answer: Tenant,
  run: (_, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => {
      const found = await findTenant(tx)
      if (!found) throw new StakazoError('not-found', 'this tenant is gone')
      return found
    }),
})

const postTenant = defineRoute({
  method: 'post',
  path: '/v1/tenants',
  tag: 'tenants',
  summary: 'Make a tenant with an owner key, shown once',
  scope: 'tenants',
  body: z.strictObject({ name: z.string().min(1).max(200) }),
  answer: z.object({ tenant: Tenant, key: z.string().describe('Shown once') }),
  status: 201,
  withoutSecrets: (answer) => ({ ...answer, key: 'shown once, with the first answer' }),
  async run({ body }, { ports }) {
    const { clock, database, random, config } = ports
    const tenantId = newId(clock)
    const key = mintApiKey(tenantId, random)
    const scopes = SCOPES.filter((scope) => scope !== 'tenants')
    return await database.tenant(tenantId, async (tx) => {
      await createTenant(tx, clock, body.name)
      await enlistTenant(tx, clock, config.mode)
      await createKey(tx, clock, { name: 'owner', hash: key.hash, scopes })
      await storeFirstPolicy(tx, ports, config.policy)
      return { tenant: { id: tenantId, name: body.name, createdAt: clock.now() }, key: key.text }
    })
  },
})

export const tenantRoutes = [getTenant, postTenant]
