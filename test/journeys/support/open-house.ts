/**
 * The whole system in this process: daemon, workers and API on a database of its own, a sandbox network with an account,
 * a brand, a film. Models, where a test wants some, are the fault server on loopback, spoken to with a made-up key.
 */
import { pino } from 'pino'
import { type ApiClient, openApiClient } from '../../../runtime/cli/api-client.ts'
import type { TaskView } from '../../../runtime/cli/follow-task.ts'
import type { AgentsFile, Provider } from '../../../runtime/config/agents-file.ts'
import type { Environment } from '../../../runtime/config/env.ts'
import { resolveConfig } from '../../../runtime/config/resolve.ts'
import type { Context, Overrides } from '../../../runtime/context.ts'
import type { Account, Approval, Asset, Brand, Publication } from '../../../runtime/core/entities.ts'
import { startDaemon } from '../../../runtime/daemon.ts'
import type { WitnessRecord } from '../../../runtime/sandbox/witness.ts'
import type { ModelServer } from '../../fakes/model-server/model-server.ts'
import { clientOf, openSandbox } from '../../runtime/sandbox/harness.ts'
import { eventually } from '../../support/eventually.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { sampleFilm } from './sample-film.ts'

export interface HouseOptions {
  /** The providers that have a key, all of them at this server. */
  models?: { server: ModelServer; providers: readonly Provider[] }
  /** agents.yaml, as an object. */
  file?: AgentsFile
  overrides?: Overrides
  brand?: Record<string, unknown>
}

export interface House extends AsyncDisposable {
  readonly context: Context
  readonly client: ApiClient
  readonly tenantId: string
  readonly brand: Brand
  readonly account: Account
  readonly sandbox: Awaited<ReturnType<typeof openSandbox>>
  upload(name?: string, path?: string): Promise<Asset>
  confirmRights(assetId: string): Promise<void>
  ask(
    message: string,
    more?: { attachments?: string[]; threadId?: string; agent?: string },
  ): Promise<TaskView>
  /** The task once it ended, or waits for a person. */
  settled(taskId: string): Promise<TaskView>
  /** Open questions, of one task or all. */
  questions(taskId?: string): Promise<Approval[]>
  approve(question: Approval): Promise<void>
  reject(question: Approval, reason: string): Promise<void>
  publications(taskId?: string): Promise<Publication[]>
  /** What the sandbox itself says it accepted. */
  witness(kind?: WitnessRecord['kind']): Promise<WitnessRecord[]>
}

const BRAND = {
  name: 'Luna Norte',
  language: 'en',
  zone: 'Europe/Madrid',
  voice: { tone: ['warm'], uses: ['turn it up'], hashtags: ['#LunaNorte'], emoji: 'none' },
  facts: { artist: 'Luna', title: 'Pulse' },
}

const RIGHTS = { copyrightConfirmed: true, termsAccepted: true } as const
const TASK_MS_MAX = 90_000

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  await using opened = new AsyncDisposableStack()
  const directory = opened.use(temporaryDirectory('house'))
  const database = opened.use(await freshDatabase({ isMigrated: true }))
  const sandbox = opened.use(await openSandbox())
  const resolved = resolveConfig({
    environment: {
      ...environmentOf(options.models),
      STAKAZO_DATA: directory.path,
      STAKAZO_PORT: '0',
      DATABASE_URL: database.url,
    },
    file: options.file ?? {},
    cwd: directory.path,
  })
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const overrides = { ...options.overrides, sandboxUrl: sandbox.url }
  const daemon = opened.use(await startDaemon(resolved, { role: 'all', log, overrides }))
  const { context, owner, url = '' } = daemon
  const client = openApiClient({ url, key: owner?.newKey ?? '' })
  const brand = await client.send<Brand>('POST', '/v1/brands', { ...BRAND, ...options.brand })
  const account = await client.send<Account>('POST', '/v1/accounts', {
    ...{ brandId: brand.id, network: 'instagram', token: sandbox.token },
  })
  const stack = opened.move()
  return {
    ...{ context, client, tenantId: owner?.tenantId ?? '', brand, account, sandbox },
    ...doors(client, brand),
    witness: async (kind) =>
      (
        await clientOf(sandbox.url, sandbox.id, sandbox.token).control(
          'GET',
          `/log?limit=1000${kind ? `&kind=${kind}` : ''}`,
        )
      ).body.entries,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function environmentOf(models: HouseOptions['models']): Environment {
  const pairs = (models?.providers ?? []).flatMap((name) => [
    [`${name.toUpperCase()}_API_KEY`, 'sk-made-up'],
    [`${name.toUpperCase()}_BASE_URL`, models?.server.baseUrls[name]],
  ])
  return Object.fromEntries(pairs)
}

interface List<T> {
  items: T[]
}

type Doors = Pick<
  House,
  'upload' | 'confirmRights' | 'ask' | 'settled' | 'questions' | 'approve' | 'reject' | 'publications'
>

function doors(client: ApiClient, brand: Brand): Doors {
  const list = async <T>(path: string, query: Record<string, string | undefined>) =>
    (await client.get<List<T>>(path, { limit: 200, ...query })).items
  const questionsOf = (taskId?: string) => list<Approval>('/v1/approvals', { status: 'pending', taskId })
  return {
    upload: async (name, path) =>
      client.upload(path ?? (await sampleFilm()), { brandId: brand.id, ...(name ? { name } : {}) }),
    confirmRights: async (assetId) => void (await client.send('PUT', `/v1/assets/${assetId}/rights`, RIGHTS)),
    ask: (message, more = {}) =>
      client.send<TaskView>('POST', '/v1/tasks', { message, brandId: brand.id, ...more }),
    settled: (taskId) =>
      eventually(
        async () => {
          const task = await client.get<TaskView>(`/v1/tasks/${taskId}`)
          if (task.endedAt !== null) return task
          const isWaiting = task.phase === 'waiting-approval' && (await questionsOf(taskId)).length > 0
          return isWaiting && task
        },
        { withinMs: TASK_MS_MAX, everyMs: 50 },
      ),
    questions: questionsOf,
    approve: async ({ id, hash }) =>
      void (await client.send('POST', `/v1/approvals/${id}/approve`, {
        hash,
        by: 'ana',
        confirmations: RIGHTS,
      })),
    reject: async ({ id, hash }, reason) =>
      void (await client.send('POST', `/v1/approvals/${id}/reject`, { hash, by: 'ana', reason })),
    publications: (taskId) => list<Publication>('/v1/publications', { taskId }),
  }
}
