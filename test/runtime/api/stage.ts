/** A whole daemon of a test's own: fresh database, sandbox network, API on a free port. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { type ApiClient, openApiClient } from '../../../runtime/cli/api-client.ts'
import type { AgentsFile } from '../../../runtime/config/agents-file.ts'
import { resolveConfig } from '../../../runtime/config/resolve.ts'
import type { Account, Brand } from '../../../runtime/core/entities.ts'
import { type Daemon, startDaemon } from '../../../runtime/daemon.ts'
import { silentLog } from '../../../runtime/log.ts'
import { startSandbox } from '../../../runtime/sandbox/main.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly key: string
  readonly tenantId: string
  readonly dataDir: string
  readonly sandboxUrl: string
  readonly daemon: Daemon
  readonly client: ApiClient
}

export async function openStage(file: AgentsFile = {}): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const directory = opened.use(temporaryDirectory('api'))
  const database = opened.use(await freshDatabase({ isMigrated: true }))
  const sandbox = opened.use(
    await startSandbox(
      { dataDir: join(directory.path, 'sandbox'), port: 0, clockUrl: undefined },
      () => undefined,
    ),
  )
  const environment = { DATABASE_URL: database.url, STAKAZO_DATA: directory.path, STAKAZO_PORT: '0' }
  const resolved = resolveConfig({ environment, file, cwd: directory.path })
  const daemon = opened.use(
    await startDaemon(resolved, { role: 'all', log: silentLog, overrides: { sandboxUrl: sandbox.url } }),
  )
  const { url = '', owner } = daemon
  const key = owner?.newKey ?? ''
  const stack = opened.move()
  return {
    url,
    key,
    tenantId: owner?.tenantId ?? '',
    dataDir: directory.path,
    sandboxUrl: sandbox.url,
    daemon,
    client: openApiClient({ url, key }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export const makeBrand = (client: ApiClient, fields: Record<string, unknown> = {}): Promise<Brand> =>
  client.send<Brand>('POST', '/v1/brands', { name: 'Low Tide', ...fields })

export async function linkAccount({ client, sandboxUrl }: Stage, brand: Brand): Promise<Account> {
  const sandbox = openApiClient({ url: sandboxUrl, key: 'none' })
  const username = `u${brand.id.replaceAll('-', '').slice(-12)}`
  const { token } = await sandbox.send<{ token: string }>('POST', '/control/accounts', {
    network: 'instagram',
    username,
  })
  return await client.send<Account>('POST', '/v1/accounts', {
    brandId: brand.id,
    network: 'instagram',
    token,
  })
}

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  json: Record<string, unknown>
}

/** One request as it is, without a client's kindness. */
export function rawRequest(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const call = request(url, { method: options.method ?? 'GET', headers: options.headers ?? {} }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const isJson = answer.headers['content-type']?.includes('json') === true
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        text,
        json: isJson ? JSON.parse(text) : {},
      })
    })
  })
  call.on('error', reject)
  call.end(options.body)
  return promise
}
