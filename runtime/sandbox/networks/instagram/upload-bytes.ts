/**
 * `POST https://rupload.facebook.com/ig-api-upload/{v}/{container}`: bytes go straight to disk, so that what arrived
 * before a broken connection stays and the next request resumes at `offset`. The file's length is the truth.
 */
import { createWriteStream, existsSync, statSync } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Fault } from '../../faults.ts'
import type { WireReply } from '../../wire.ts'
import { GraphRefusal } from '../graph/refusal.ts'
import type { Container } from './containers.ts'
import { type Call, type Instagram, NETWORK, ok } from './context.ts'
import { LIMITS } from './contract.ts'
import { finishVideo } from './create-container.ts'
import { assertPullable, pullMedia } from './pull-media.ts'

export function bytesTransferred({ world, containers }: Instagram, container: Container): number {
  const path = world.store.mediaPath(containers.fileName(container.id))
  return existsSync(path) ? statSync(path).size : 0
}

export async function uploadBytes(call: Call, container: Container): Promise<WireReply> {
  if (container.phase !== 'awaiting-bytes')
    return refused('ProcessingFailedError', 'The upload is complete already', false)
  const { uploading } = call.ig
  if (uploading.has(container.id))
    return refused('ConcurrentUploadError', 'Another request uploads to this session', true)
  uploading.add(container.id)
  try {
    const url = call.request.headers.file_url
    return typeof url === 'string'
      ? await uploadFromUrl(call, container, url)
      : await uploadBody(call, container)
  } finally {
    uploading.delete(container.id)
  }
}

async function uploadBody(call: Call, container: Container): Promise<WireReply> {
  const { ig, request, fault } = call
  const [offset, fileSize] = [wholeNumber(request.headers.offset), wholeNumber(request.headers.file_size)]
  if (offset === undefined || fileSize === undefined || fileSize === 0) {
    return refused('InvalidHeaderError', 'The headers offset and file_size are required', false)
  }
  const limit = container.type === 'REELS' ? LIMITS.reel.bytes : LIMITS.story.bytes
  if (fileSize > limit) return refused('FileTooLargeError', `file_size ${fileSize} is over ${limit}`, false)
  if (container.fileSize !== undefined && container.fileSize !== fileSize) {
    return refused('InvalidHeaderError', `file_size was ${container.fileSize} before`, false)
  }
  const present = bytesTransferred(ig, container)
  if (offset !== present)
    return refused('OffsetInvalidError', `Request starting offset is invalid, ${present} is next`, false)
  ig.containers.setFileSize(container.id, fileSize)

  const stopAt = cutAt(fault, fileSize - present)
  const cut = await receive(
    call,
    container,
    present,
    Math.min(fileSize - present, stopAt ?? Number.POSITIVE_INFINITY),
  )
  const total = bytesTransferred(ig, container)
  const isReset = stopAt !== undefined && total < fileSize
  const isComplete = total === fileSize && !cut.isOver
  accept(call, container, { from: present, to: total, isComplete })
  if (isReset || cut.isBroken) return { status: 400, body: {}, isDropped: true }
  if (cut.isOver) return refused('ProcessingFailedError', 'More bytes than file_size were sent', false)
  return isComplete
    ? ok({ success: true, message: 'Upload successful.' })
    : refused('PartialRequestError', 'Partial request (did not match length of file)', true)
}

/** Writes at most `wanted` bytes behind what is there. */
async function receive(
  { ig, request }: Call,
  container: Container,
  present: number,
  wanted: number,
): Promise<{ isBroken: boolean; isOver: boolean }> {
  let taken = 0
  const outcome = { isBroken: false, isOver: false }
  const head = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const rest = wanted - taken
      taken += chunk.length
      if (chunk.length > rest) outcome.isOver = true
      done(null, chunk.subarray(0, Math.max(0, rest)))
    },
  })
  const path = ig.world.store.mediaPath(ig.containers.fileName(container.id))
  const file = createWriteStream(path, { flags: present === 0 ? 'w' : 'r+', start: present })
  try {
    await pipeline(request.body, head, file)
  } catch (error) {
    ig.world.log('an upload broke off', { containerId: container.id, taken, error: String(error) })
    outcome.isBroken = true
  }
  return outcome
}

async function uploadFromUrl(call: Call, container: Container, url: string): Promise<WireReply> {
  const { ig } = call
  try {
    assertPullable(url)
    await pullMedia(
      url,
      ig.world.store.mediaPath(ig.containers.fileName(container.id)),
      LIMITS.reel.bytes,
      ig.stop,
    )
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error
    return refused('ProcessingFailedError', error.message, false)
  }
  const size = bytesTransferred(ig, container)
  ig.containers.setFileSize(container.id, size)
  accept(call, container, { from: 0, to: size, isComplete: true })
  return ok({ success: true, message: 'Upload successful.' })
}

function accept(
  { ig, request, account, fault }: Call,
  container: Container,
  detail: { from: number; to: number; isComplete: boolean },
): void {
  ig.world.store.transaction(() => {
    if (detail.isComplete) finishVideo(ig, container, fault)
    ig.world.witness.append({
      kind: 'bytes',
      network: NETWORK,
      requestId: request.requestId,
      accountId: account.id,
      containerId: container.id,
      detail,
    })
  })
}

const cutAt = (fault: Fault | undefined, missing: number): number | undefined =>
  fault?.kind === 'reset-mid-upload' ? (fault.afterBytes ?? Math.floor(missing / 2)) : undefined

function wholeNumber(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

const refused = (type: string, message: string, retriable: boolean): WireReply => ({
  status: 400,
  body: { success: false, debug_info: { retriable, type, message } },
})
