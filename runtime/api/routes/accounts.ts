import { z } from 'zod'
import { connectAccount } from '../../../db/queries/account-changes.ts'
import { pageAccounts, readAccount } from '../../../db/queries/pages.ts'
import { NETWORKS } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { tokenPurpose } from '../../effects/effect-ports.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { defineRoute } from '../route.ts'
import { Account, IdParams, Reason } from '../shapes.ts'

const getAccounts = defineRoute({
  method: 'get',
  path: '/v1/accounts',
  tag: 'accounts',
  summary: 'Linked accounts, newest first',
  scope: 'read',
  query: ListQuery.extend({ brandId: z.uuid().optional(), network: z.string().optional() }),
  answer: listOf(Account),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageAccounts(tx, at, query))),
})

const postAccount = defineRoute({
  method: 'post',
  path: '/v1/accounts',
  tag: 'accounts',
  summary: 'Link an account by a token; the network says whose it is',
  scope: 'admin',
  body: z.strictObject({
    brandId: z.uuid(),
    network: z.string().describe(NETWORKS.join(', ')),
    token: z.string().trim().min(1).max(4_096),
  }),
  answer: Account,
  status: 201,
  async run({ body }, { ports, tenantId, signal }) {
    const network = ports.config.networks.find((each) => each === body.network)
    if (!network) {
      const message = `"${body.network}" is no network of this version; there is ${ports.config.networks.join(', ')}`
      throw new StakazoError('unsupported-platform', message)
    }
    const connector = ports.connectors[network]
    const wire = ports.openWire(connector.origins)
    const { remoteId, username } = await connector.whoAmI({ wire, signal }, body.token)
    const { brandId } = body
    const seal = (accountId: string) => ports.sealer.seal(tenantId, tokenPurpose(accountId), body.token)
    const linked = { brandId, network, world: ports.config.mode, username, remoteId, seal }
    return await ports.database.tenant(tenantId, (tx) => connectAccount(tx, ports.clock, linked))
  },
})

const getAccount = defineRoute({
  method: 'get',
  path: '/v1/accounts/{id}',
  tag: 'accounts',
  summary: 'One account; its token never leaves',
  scope: 'read',
  params: IdParams,
  answer: Account,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => readAccount(tx, params.id)),
})

const pauseAccount = defineRoute({
  method: 'post',
  path: '/v1/accounts/{id}/pause',
  tag: 'accounts',
  summary: 'Stop acting on this account; reading goes on',
  scope: 'admin',
  params: IdParams,
  body: Reason,
  answer: Account,
  async run({ params, body }, { ports, principal, tenantId }) {
    const what = { kind: 'account', accountId: params.id } as const
    await ports.acts.pause(tenantId, principal.keyName, what, body.reason ?? 'paused by a person')
    return await ports.database.tenant(tenantId, (tx) => readAccount(tx, params.id))
  },
})

const resumeAccount = defineRoute({
  method: 'post',
  path: '/v1/accounts/{id}/resume',
  tag: 'accounts',
  summary: 'Act on this account again',
  scope: 'admin',
  params: IdParams,
  body: Reason,
  answer: Account,
  async run({ params }, { ports, principal, tenantId }) {
    await ports.acts.resume(tenantId, principal.keyName, { kind: 'account', accountId: params.id })
    return await ports.database.tenant(tenantId, (tx) => readAccount(tx, params.id))
  },
})

export const accountRoutes = [getAccounts, postAccount, getAccount, pauseAccount, resumeAccount]
