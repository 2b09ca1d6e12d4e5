/** A sandbox on a directory of its own and a plain client of it, speaking HTTP as a connector would. */
import { startSandbox } from '../../../runtime/sandbox/main.ts'
import type { WitnessRecord } from '../../../runtime/sandbox/witness.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { tinyMp4 } from './tiny-media.ts'

// biome-ignore lint/suspicious/noExplicitAny: the tests read wire answers of many shapes
type Answer = { status: number; headers: Headers; body: any }

export interface Client {
  url: string
  id: string
  token: string
  /** A call of a platform API by its real origin. */
  graph(method: string, path: string, parameters?: Record<string, string>, origin?: string): Promise<Answer>
  control(method: string, path: string, body?: unknown): Promise<Answer>
  container(parameters?: Record<string, string>): Promise<{ id: string; uri: string }>
  upload(uri: string, bytes: Buffer, headers?: Record<string, string>): Promise<Answer>
  finished(containerId: string): Promise<void>
  /** A ready container. */
  ready(parameters?: Record<string, string>): Promise<string>
  publish(containerId: string): Promise<Answer>
  log(kind: string): Promise<WitnessRecord[]>
}

const V = '/v26.0'

export async function openSandbox(settings: Record<string, unknown> = { processingMs: 0 }) {
  const directory = temporaryDirectory('sandbox')
  const sandbox = await startSandbox({ dataDir: directory.path, port: 0, clockUrl: undefined }, () => {})
  const client = await openClient(sandbox.url)
  await client.control('PUT', '/settings', settings)
  return {
    ...client,
    dataDir: directory.path,
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]()
      directory[Symbol.dispose]()
    },
  }
}

const controlOf =
  (url: string): Client['control'] =>
  async (method, path, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return answer(await fetch(`${url}/control${path}`, { method, body: text }))
  }

/** A new account of the sandbox and its client. */
export async function openClient(url: string, account: Record<string, unknown> = {}): Promise<Client> {
  const wanted = { network: 'instagram', username: 'luna', seed: 7, ...account }
  const { body } = await controlOf(url)('POST', '/accounts', wanted)
  return clientOf(url, body.account.id, body.token)
}

export function clientOf(url: string, id: string, token: string): Client {
  const control = controlOf(url)
  const graph: Client['graph'] = async (
    method,
    path,
    parameters = {},
    origin = 'https://graph.instagram.com',
  ) => {
    const values = new URLSearchParams(parameters)
    const headers = { authorization: `Bearer ${token}`, 'x-stakazo-origin': origin }
    const isRead = method === 'GET' || method === 'DELETE'
    return answer(
      await fetch(`${url}${path}${isRead ? `?${values}` : ''}`, {
        method,
        headers,
        body: isRead ? undefined : values,
      }),
    )
  }
  const upload: Client['upload'] = async (uri, bytes, headers = {}) => {
    const { origin, pathname } = new URL(uri)
    const own = {
      authorization: `OAuth ${token}`,
      offset: '0',
      file_size: String(bytes.length),
      'x-stakazo-origin': origin,
    }
    return answer(
      await fetch(url + pathname, {
        method: 'POST',
        headers: { ...own, ...headers },
        body: new Uint8Array(bytes),
      }),
    )
  }
  const container = async (parameters: Record<string, string> = {}) =>
    (
      await graph('POST', `${V}/${id}/media`, {
        media_type: 'REELS',
        upload_type: 'resumable',
        ...parameters,
      })
    ).body
  const finished = async (containerId: string) => {
    await eventually(async () => {
      const { body } = await graph('GET', `${V}/${containerId}`, { fields: 'status_code' })
      return body.status_code === 'FINISHED'
    })
  }
  return {
    url,
    id,
    token,
    graph,
    control,
    container,
    upload,
    finished,
    publish: (containerId) => graph('POST', `${V}/${id}/media_publish`, { creation_id: containerId }),
    async ready(parameters = {}) {
      const made = await container(parameters)
      await upload(made.uri, tinyMp4())
      await finished(made.id)
      return made.id
    },
    log: async (kind) => (await control('GET', `/log?kind=${kind}`)).body.entries,
  }
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
