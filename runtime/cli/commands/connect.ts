import { readFile } from 'node:fs/promises'
import { type Account, NETWORKS } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findBrand } from '../find-brand.ts'

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
    .option('--token <token>', 'access token of the account')
    .option('--token-file <file>', 'read it from a file, so that it stays out of the shell history')
    .option('--brand <name or id>', 'which brand; needed when there are several')
    .action(act(connect))

async function connect({ screen, connect: open }: Cli, platform: string, options: ConnectOptions) {
  if (!NETWORKS.some((network) => network === platform)) {
    throw new StakazoError(
      'unsupported-platform',
      `"${platform}" is no network of this version; there is ${NETWORKS.join(', ')}`,
    )
  }
  const token = await readToken(screen, options)
  const client = await open()
  const brand = await findBrand(client, options.brand)
  const account = await client.send<Account>('POST', '/v1/accounts', {
    brandId: brand.id,
    network: platform,
    token,
  })
  if (screen.isJson) screen.json(account)
  screen.line(`${account.network} ${account.username} is linked to ${brand.name} (${account.world})`)
  return EXIT.done
}

async function readToken(screen: Cli['screen'], { token, tokenFile }: ConnectOptions): Promise<string> {
  if (token) return token
  if (tokenFile) {
    return await readFile(tokenFile, 'utf8').then(
      (text) => text.trim(),
      (cause: NodeJS.ErrnoException) => {
        throw new StakazoError('bad-input', `${tokenFile} cannot be read: ${cause.code}`, { cause })
      },
    )
  }
  if (screen.isInteractive) return await screen.ask('access token: ')
  throw new StakazoError('bad-input', 'give --token or --token-file')
}
