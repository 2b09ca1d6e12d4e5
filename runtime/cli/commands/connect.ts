import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, type Brand, NETWORKS } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { findSandbox } from '../../sandbox/launch.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findBrand } from '../find-brand.ts'
import { makeSandboxAccount } from '../make-sandbox-account.ts'

interface ConnectOptions {
  token?: string
  tokenFile?: string
  brand?: string
}

export const connectCommand = () =>
  command(
    'connect <platform>',
    'link an account            (see: stakazo platforms)',
    'stakazo connect instagram --token-file token.txt',
  )
    .option(
      '--token <token>',
      'access token of the account; in sandbox mode a new account is made without one',
    )
    .option('--token-file <file>', 'read it from a file, so that it stays out of the shell history')
    .option('--brand <name or id>', 'which brand; needed when there are several')
    .action(act(connect))

async function connect(cli: Cli, platform: string, options: ConnectOptions) {
  if (!NETWORKS.some((network) => network === platform)) {
    throw new StakazoError(
      'unsupported-platform',
      `"${platform}" is no network of this version; there is ${NETWORKS.join(', ')}`,
    )
  }
  const { screen } = cli
  const given = await readToken(options)
  const client = await cli.connect()
  const brand = await findBrand(client, options.brand)
  const token = given ?? (await findToken(cli, brand))
  const account = await client.send<Account>('POST', '/v1/accounts', {
    brandId: brand.id,
    network: platform,
    token,
  })
  if (screen.isJson) screen.json(account)
  screen.line(`${account.network} ${account.username} is linked to ${brand.name} (${account.world})`)
  return EXIT.done
}

async function readToken({ token, tokenFile }: ConnectOptions): Promise<string | undefined> {
  if (token || !tokenFile) return token
  return await readFile(tokenFile, 'utf8').then(
    (text) => text.trim(),
    (cause: NodeJS.ErrnoException) => {
      throw new StakazoError('bad-input', `${tokenFile} cannot be read: ${cause.code}`, { cause })
    },
  )
}

/** In the sandbox a new account is there for the asking; elsewhere a person pastes the token of a real one. */
async function findToken({ screen, resolve }: Cli, brand: Brand): Promise<string> {
  const { config } = await resolve()
  const sandbox = config.mode === 'sandbox' ? await findSandbox(join(config.dataDir, 'sandbox')) : undefined
  if (sandbox) return await makeSandboxAccount(sandbox.url, brand)
  if (screen.isInteractive) return await screen.ask('access token: ')
  throw new StakazoError('bad-input', 'give --token or --token-file')
}
