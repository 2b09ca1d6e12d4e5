import { ROLES } from '../../core/agent.ts'
import type { Account } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import type { ApiClient } from '../api-client.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const pauseCommand = () =>
  command(
    'pause [agent|platform]',
    'stop acting now; reading goes on',
    'stakazo pause instagram --reason "launch moved"',
  )
    .option('--reason <text>', 'why, for the record')
    .action(act(pause))

export const resumeCommand = () =>
  command('resume [agent|platform]', 'act again', 'stakazo resume').action(act(resume))

async function pause({ screen, connect }: Cli, what: string | undefined, { reason }: { reason?: string }) {
  const client = await connect()
  for (const target of await findTargets(client, what)) {
    await client.send('POST', '/v1/pause', { ...target.body, ...(reason ? { reason } : {}) })
    screen.line(`${target.name} paused; reading goes on`)
  }
  if (screen.isJson) screen.json({ paused: what ?? 'all' })
  return EXIT.done
}

async function resume({ screen, connect }: Cli, what: string | undefined) {
  const client = await connect()
  for (const target of await findTargets(client, what)) {
    await client.send('POST', '/v1/resume', target.body)
    screen.line(`${target.name} may act again`)
  }
  if (screen.isJson) screen.json({ resumed: what ?? 'all' })
  return EXIT.done
}

/** An agent, else every account of a network, else one account by name or id. */
async function findTargets(client: ApiClient, what: string | undefined) {
  if (what === undefined || what === 'all') return [{ name: 'everything', body: {} }]
  if (ROLES.some((role) => role === what)) return [{ name: what, body: { agent: what } }]
  const { items } = await client.get<{ items: Account[] }>('/v1/accounts', { limit: 200 })
  const accounts = items.filter(({ id, network, username }) => [id, network, username].includes(what))
  if (accounts.length > 0) {
    return accounts.map(({ id, network, username }) => ({
      name: `${network} ${username}`,
      body: { accountId: id },
    }))
  }
  throw new StakazoError(
    'not-found',
    `"${what}" is no agent, no network with a linked account and no account`,
  )
}
