/** What must hold when a round is over, by the sandbox's own log, our rows, the ledger and the machine's processes. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ApiClient, openApiClient } from '../../runtime/cli/api-client.ts'
import type { LedgerProof } from '../../runtime/cli/commands/ledger.ts'
import type { TaskView } from '../../runtime/cli/follow-task.ts'
import type { Publication } from '../../runtime/core/entities.ts'
import { eventually } from '../support/eventually.ts'
import type { Installation } from './installation.ts'
import type { Job } from './operator.ts'
import { isDatabase, isSandbox, listProcesses } from './processes.ts'
import { listLeftWork } from './read-state.ts'

interface PublishEntry {
  mediaId?: string
  containerId?: string
  captionHash?: string
}

/** One sentence for each promise that did not hold. Stops the installation's daemons on its way. */
export async function listBrokenPromises(installation: Installation, job: Job): Promise<string[]> {
  const client = await installation.client()
  return [
    ...(await judgeTask(client, job)),
    ...(await judgePublications(client, installation.sandboxUrl, job)),
    ...(await judgeLedger(client)),
    ...(await judgeWork(installation)),
    ...(await judgeThread(client, job)),
    ...(await judgeEnd(installation)),
  ]
}

async function judgeTask(client: ApiClient, { taskId }: Job): Promise<string[]> {
  const task = await client.get<TaskView>(`/v1/tasks/${taskId}`)
  const isDone = task.status === 'success' && task.outcome === 'done'
  return isDone
    ? []
    : [`the task ended as ${task.status}, ${task.outcome}: ${JSON.stringify(task.error ?? task.answer)}`]
}

async function judgePublications(
  client: ApiClient,
  sandboxUrl: string,
  { taskId, clips }: Job,
): Promise<string[]> {
  const broken: string[] = []
  const rows = await client.get<{ items: Publication[] }>('/v1/publications', { taskId, limit: 200 })
  const sandbox = openApiClient({ url: sandboxUrl, key: 'none' })
  const log = await sandbox.get<{ entries: PublishEntry[] }>('/control/log', { kind: 'publish' })
  const { total, duplicates } = await sandbox.get<{ total: number; duplicates: number }>(
    '/control/publications',
  )
  if (rows.items.length !== clips) broken.push(`${rows.items.length} publications were planned, not ${clips}`)
  if (total !== clips || log.entries.length !== clips)
    broken.push(`the network logged ${log.entries.length} publications and shows ${total}, not ${clips}`)
  if (duplicates > 0) broken.push(`${duplicates} of them are duplicates`)
  for (const name of ['mediaId', 'containerId', 'captionHash'] as const) {
    const twice = listTwice(log.entries.map((entry) => entry[name]))
    if (twice.length > 0) broken.push(`${name} ${twice.join(', ')} went out more than once`)
  }
  for (const { id, state, remoteId, reason } of rows.items) {
    if (state !== 'verified') broken.push(`publication ${id} is ${state}: ${reason}`)
    else if (!log.entries.some(({ mediaId }) => mediaId === remoteId))
      broken.push(`publication ${id} names post ${remoteId}, which the network does not know`)
  }
  return broken
}

const listTwice = (values: readonly (string | undefined)[]) =>
  values.filter((value, place) => value !== undefined && values.indexOf(value) !== place)

async function judgeLedger(client: ApiClient): Promise<string[]> {
  const proof = await client.get<LedgerProof>('/v1/ledger/verify')
  return proof.verified && proof.events > 0 ? [] : [`the ledger does not verify: ${JSON.stringify(proof)}`]
}

async function judgeWork({ db, tenantId }: Installation): Promise<string[]> {
  let left: string[] = []
  const isDone = async () => {
    left = await listLeftWork(db, tenantId)
    return left.length === 0
  }
  const isSettled = await eventually(isDone, { withinMs: 20_000, everyMs: 200 }).catch(() => false)
  return isSettled ? [] : [`work is due and nobody does it: ${left.join(', ')}`]
}

/** The conversation goes on: the next task on it begins and ends. */
async function judgeThread(client: ApiClient, { threadId, brandId }: Job): Promise<string[]> {
  const message = 'How are our posts doing? Do not publish anything.'
  const asked = await client.send<TaskView>('POST', '/v1/tasks', { message, brandId, threadId })
  const ended = await eventually(
    async () => {
      const task = await client.get<TaskView>(`/v1/tasks/${asked.id}`)
      return ['success', 'error', 'timeout'].includes(task.status) && task
    },
    { withinMs: 40_000, everyMs: 200 },
  ).catch(() => undefined)
  if (!ended) return ['the thread is stuck: a follow-up did not end']
  return ended.status === 'success' ? [] : [`a follow-up ended as ${ended.status}: ${ended.error?.message}`]
}

/** An idle daemon has no children, a stopped one leaves nothing but the sandbox and the database it may have. */
async function judgeEnd({ fleet, dataDir, mode }: Installation): Promise<string[]> {
  const broken: string[] = []
  const daemons = new Set(fleet.names.map((name) => fleet.pidOf(name)))
  const isAllowed = (one: ReturnType<typeof listProcesses>[number]) =>
    isSandbox(one) || (mode === 'embedded' && isDatabase(one))
  const strangers = (known: ReadonlySet<number>) =>
    listProcesses(dataDir).filter((one) => !known.has(one.pid) && !isAllowed(one))
  const idle = strangers(daemons)
  if (idle.length > 0)
    broken.push(`children of an idle daemon: ${idle.map(({ command }) => command.slice(0, 120))}`)
  for (const name of fleet.names) {
    const code = await fleet.stop(name)
    if (code !== 0) broken.push(`the ${name} ended with ${code} when asked to stop`)
  }
  const left = strangers(new Set())
  if (left.length > 0) broken.push(`left behind: ${left.map(({ command }) => command.slice(0, 120))}`)
  const work = await readdir(join(dataDir, 'work'))
  if (work.length > 0) broken.push(`left in the work directory: ${work.join(', ')}`)
  return broken
}
