import { z } from 'zod'
import { createKey, listKeys, revokeKey } from '../../../db/queries/keys.ts'
import { StakazoError } from '../../core/errors.ts'
import { mintApiKey } from '../api-key.ts'
import { defineRoute } from '../route.ts'
import { Scope } from '../scopes.ts'
import { IdParams, Nothing } from '../shapes.ts'

const Key = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Key' })

const getKeys = defineRoute({
  method: 'get',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'Keys of the tenant, without their secrets',
  scope: 'admin',
  answer: z.object({ items: z.array(Key) }),
  run: (_, { ports, tenantId }) =>
    ports.database.tenant(tenantId, async (tx) => ({ items: await listKeys(tx) })),
})

const postKey = defineRoute({
  method: 'post',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'Make a key, shown once',
  scope: 'admin',
  body: z.strictObject({ name: z.string().min(1).max(100), scopes: z.array(Scope).min(1) }),
  answer: Key.extend({ key: z.string().describe('Shown once') }),
  status: 201,
  withoutSecrets: (answer) => ({ ...answer, key: 'shown once, with the first answer' }),
  async run({ body }, { ports, principal, tenantId }) {
    const beyond = body.scopes.filter((scope) => !principal.scopes.has(scope))
    if (beyond.length > 0) {
      throw new StakazoError('forbidden', `this key cannot hand on what it lacks: ${beyond.join(', ')}`)
    }
    const key = mintApiKey(tenantId, ports.random)
    const made = await ports.database.tenant(tenantId, (tx) =>
      createKey(tx, ports.clock, { name: body.name, hash: key.hash, scopes: [...new Set(body.scopes)] }),
    )
    return { ...made, key: key.text }
  },
})

const deleteKey = defineRoute({
  method: 'delete',
  path: '/v1/keys/{id}',
  tag: 'keys',
  summary: 'Revoke a key',
  scope: 'admin',
  params: IdParams,
  body: Nothing,
  answer: Key,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => revokeKey(tx, ports.clock, params.id)),
})

export const keyRoutes = [getKeys, postKey, deleteKey]
