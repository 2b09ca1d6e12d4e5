/** From a draft to a container that is ready to be published: create, send the bytes, wait until it is processed. */
import { z } from 'zod'
import { HOUR, MINUTE, SECOND } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { Handle, PublishDraft, PublisherPorts } from '../../runtime/core/ports/publisher.ts'
import { isCode } from './define-connector.ts'
import { readGraphFailure } from './graph-errors.ts'
import { graph, readQuota, readStatus, textOf, UPLOAD } from './instagram-calls.ts'
import { InstagramChoices } from './instagram-rules.ts'

const UPLOAD_TIMEOUT_MS = 10 * MINUTE
/** Uploads begun again from where they broke, within one attempt of the executor. */
const UPLOAD_TRIES = 4
/** Growing waits while a film is processed, some 10 minutes in all; Meta's own advice is five, once a minute. */
const POLL_MS = [1, 1, 2, 3, 5, 8, 10, 15, 15, 30, 30, 60, 60, 60, 60, 60, 60, 60, 60].map((s) => s * SECOND)
/** A container lives 24 hours; one this old is not worth uploading into. */
const CONTAINER_FRESH_MS = 20 * HOUR

const Container = z.object({ id: z.string(), uri: z.url() })
const Uploaded = z.object({
  success: z.boolean(),
  debug_info: z.object({ retriable: z.boolean().optional(), message: z.string().optional() }).optional(),
})

/** Takes up a saved container where it stands; a new one is saved before its first byte goes. */
export async function prepareReel(
  ports: PublisherPorts,
  draft: PublishDraft,
  saved: Handle | undefined,
  save: (handle: Handle) => Promise<void>,
): Promise<Handle> {
  const kept = saved && (await isWorthKeeping(ports, saved)) ? saved : undefined
  const handle = kept ?? (await createContainer(ports, draft))
  if (!kept) await save(handle)
  await uploadFilm(ports, draft, handle)
  await awaitProcessing(ports, handle)
  return handle
}

async function isWorthKeeping(ports: PublisherPorts, saved: Handle): Promise<boolean> {
  const status = await readStatus(ports, saved)
  if (status?.status_code === 'PUBLISHED') throw publishedAlready()
  if (status?.status_code === 'FINISHED') return true
  const isFresh = ports.nowMs() - Number(saved.createdAtMs) < CONTAINER_FRESH_MS
  return status?.status_code === 'IN_PROGRESS' && isFresh
}

async function createContainer(ports: PublisherPorts, draft: PublishDraft): Promise<Handle> {
  const { remoteId } = ports.account
  const quota = await readQuota(ports, remoteId)
  if (quota?.total !== undefined && quota.usage >= quota.total) {
    throw new StakazoError(
      'platform-daily-cap',
      `${quota.usage} of ${quota.total} posts of this day are used`,
    )
  }
  const choices = InstagramChoices.parse(draft.options)
  const form = {
    media_type: 'REELS',
    upload_type: 'resumable',
    caption: draft.caption,
    share_to_feed: choices.shareToFeed,
    audio_name: choices.audioName,
    is_ai_generated: choices.isAiGenerated,
    // A cover file would need a public address, so the cover is a frame of the film.
    thumb_offset: choices.coverOffsetMs,
  }
  const call = { method: 'POST', call: 'repeatable', form } as const
  const container = await graph(ports, `${remoteId}/media`, Container, call)
  const { origin } = new URL(container.uri)
  if (origin !== UPLOAD) throw new StakazoError('platform-surprise', `the upload address lies at ${origin}`)
  return { containerId: container.id, uploadUri: container.uri, createdAtMs: ports.nowMs() }
}

/** Sends what is missing, by the platform's own count of what arrived. */
async function uploadFilm(ports: PublisherPorts, draft: PublishDraft, handle: Handle): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const status = await readStatus(ports, handle)
    const offset = status?.video_status?.uploading_phase?.bytes_transferred ?? 0
    if (status && status.status_code !== 'IN_PROGRESS') return
    if (offset >= draft.media.bytes) return
    try {
      return await sendBytes(ports, draft, textOf(handle, 'uploadUri'), offset)
    } catch (error) {
      const mayPass = isCode(error, 'outcome-unknown', 'platform-transient', 'platform-unreachable')
      if (!mayPass || attempt === UPLOAD_TRIES) throw error
      await ports.sleep(attempt * SECOND)
    }
  }
}

async function sendBytes(
  ports: PublisherPorts,
  { media }: PublishDraft,
  url: string,
  offset: number,
): Promise<void> {
  const { token } = ports.account
  const answer = await ports.wire.send({
    method: 'POST',
    url,
    call: 'repeatable',
    headers: { authorization: `OAuth ${token}`, offset: String(offset), file_size: String(media.bytes) },
    body: { stream: () => ports.blobs.open(media.sha256, { start: offset }), bytes: media.bytes - offset },
    timeoutMs: UPLOAD_TIMEOUT_MS,
    signal: ports.signal,
  })
  const uploaded = Uploaded.safeParse(answer.json)
  if (uploaded.data?.success) return
  const failure = uploaded.success ? undefined : readGraphFailure(answer, 'POST instagram upload', token)
  if (failure) throw failure.error
  const isRetriable = uploaded.data?.debug_info?.retriable === true
  const details = { said: uploaded.data?.debug_info?.message?.slice(0, 300), offset }
  const code = isRetriable ? 'platform-transient' : 'platform-content'
  throw new StakazoError(code, 'Instagram did not take the bytes', { details })
}

async function awaitProcessing(ports: PublisherPorts, handle: Handle): Promise<void> {
  for (const waitMs of [0, ...POLL_MS]) {
    if (waitMs > 0) await ports.sleep(waitMs)
    const status = await readStatus(ports, handle)
    if (status?.status_code === 'FINISHED') return
    if (status?.status_code === 'PUBLISHED') throw publishedAlready()
    if (status?.status_code === 'ERROR') throw refusedFilm(status.status ?? '')
    if (status?.status_code === 'EXPIRED')
      throw new StakazoError('platform-transient', 'the container expired')
  }
  throw new StakazoError('platform-transient', 'Instagram still processes the film')
}

/** `status` carries Instagram's subcode, such as `Error: 2207026`: trouble of its own passes with a new container. */
function refusedFilm(said: string): StakazoError {
  const isPassing = /2207001|2207003|2207032|2207053/.test(said)
  const details = { said: said.slice(0, 300) }
  const code = isPassing ? 'platform-transient' : 'platform-content'
  return new StakazoError(code, 'Instagram could not process the film', { details })
}

/** The answer of an earlier commit was lost: it must be looked up, never prepared again. */
const publishedAlready = () => new StakazoError('platform-duplicate', 'the container is published already')
