/** The person of a round: puts the main job in through the API and answers its questions, by id and hash. */
import { listPending, sendDecision } from '../../runtime/cli/answer-approval.ts'
import { openApiClient } from '../../runtime/cli/api-client.ts'
import { linkAccount } from '../../runtime/cli/demo/demo-scene.ts'
import type { TaskView } from '../../runtime/cli/follow-task.ts'
import type { Brand } from '../../runtime/core/entities.ts'
import type { Random } from '../../runtime/core/random.ts'
import { SLOW_MS_MAX } from './durations.ts'
import type { Installation } from './installation.ts'

export interface Job {
  readonly taskId: string
  readonly threadId: string
  readonly brandId: string
  readonly clips: ClipCount
}

export type ClipCount = 2 | 3

const messageOf = (clips: ClipCount) =>
  `Cut this video into ${clips} vertical clips, write captions in the brand's voice and publish them today on Instagram`

const BRAND = {
  name: 'Low Tide Records',
  language: 'en',
  zone: 'Europe/London',
  voice: {
    tone: ['warm', 'direct'],
    uses: ['turn it up'],
    avoids: ['content'],
    hashtags: ['#LowTide'],
    emoji: 'few',
  },
  facts: { artist: 'Marea', title: 'Pulse', release: 'out now' },
}

export async function startJob(
  installation: Installation,
  { film, random, clips }: { film: string; random: Random; clips: ClipCount },
): Promise<Job> {
  const client = await installation.client()
  const brand = await client.send<Brand>('POST', '/v1/brands', BRAND)
  await linkAccount(client, installation.sandboxUrl, brand)
  await slowDown(installation.sandboxUrl, random)
  const asset = await client.upload(film, { brandId: brand.id })
  const asked = { message: messageOf(clips), brandId: brand.id, attachments: [asset.id] }
  const task = await client.send<TaskView>('POST', '/v1/tasks', asked)
  return { taskId: task.id, threadId: task.threadId, brandId: brand.id, clips }
}

/** The one call takes a while, before the network acts or after, so that kills find it under way; so does reading back. */
async function slowDown(sandboxUrl: string, random: Random): Promise<void> {
  const sandbox = openApiClient({ url: sandboxUrl, key: 'none' })
  const seed = Math.floor(random.next() * 1_000_000)
  const publish = { kind: 'slow', route: 'media_publish', ms: SLOW_MS_MAX }
  await sandbox.send('POST', '/control/faults', { ...publish, phase: 'before', probability: 0.5, seed })
  await sandbox.send('POST', '/control/faults', { ...publish, phase: 'after' })
  await sandbox.send('POST', '/control/faults', { kind: 'slow', route: 'media', phase: 'before', ms: 400 })
}

/** Yes to the oldest open question. Whoever answers while a daemon dies may hear nothing, and simply asks again. */
export async function approveNext(installation: Installation, { taskId }: Job): Promise<void> {
  try {
    const client = await installation.client()
    const [oldest] = await listPending(client, taskId)
    if (oldest) await sendDecision(client, oldest, { kind: 'approve' }, 'operator')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['not-running', 'approval-closed', 'ECONNRESET'].includes(code)) throw error
  }
}
