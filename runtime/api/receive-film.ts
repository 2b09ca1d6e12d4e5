/**
 * A film comes in: streamed to a file of its own, looked at by the media engine, then taken into the store. Whatever
 * goes wrong before that leaves nothing behind.
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { Context } from 'hono'
import { probeMedia } from '../../tools/media/engine/probe.ts'
import { toMediaInfo } from '../../tools/media/open-film.ts'
import type { MediaInfo } from '../core/entities.ts'
import { StakazoError } from '../core/errors.ts'
import type { BlobRef } from '../core/ports/blobs.ts'
import type { ApiPorts } from './api-ports.ts'

export interface ReceivedFilm {
  name: string
  info: MediaInfo
  ref: BlobRef
}

/** Throws `too-large`, the `media-…` rows, `bad-input` for a form without a file, `cancelled` when the client leaves. */
export async function receiveFilm(
  ports: Pick<ApiPorts, 'media' | 'blobs' | 'config'>,
  tenantId: string,
  c: Context,
  signal: AbortSignal,
): Promise<ReceivedFilm> {
  const { uploadBytes } = ports.config.limits
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > uploadBytes) throw tooLarge(uploadBytes)
  await using workspace = await ports.media.workspace()
  const path = join(workspace.path, 'upload')
  const body = c.req.raw.body ? Readable.fromWeb(c.req.raw.body as never) : Readable.from([])
  const mediaType = c.req.header('content-type') ?? ''
  const name = mediaType.startsWith('multipart/form-data')
    ? await receiveForm(body, mediaType, path, uploadBytes, signal)
    : await receiveRaw(body, path, uploadBytes, signal)
  const binaries = await ports.media.binaries()
  using _slot = await ports.media.slot(signal)
  const probed = await probeMedia(binaries, path, { limits: { bytesMax: uploadBytes }, signal })
  const ref = await ports.blobs
    .forTenant({ tenantId })
    .adopt(path, { mediaType: `video/${probed.container}` })
  return { name, info: toMediaInfo(probed), ref }
}

async function receiveRaw(
  body: Readable,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  await write(body, path, maxBytes, signal)
  return 'upload'
}

/** The first file of the form is the film; further parts are refused, so that none is lost silently. */
async function receiveForm(
  body: Readable,
  mediaType: string,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const form = new Busboy({
    headers: { 'content-type': mediaType } as BusboyHeaders,
    limits: { files: 1, fields: 20, fieldSize: 4_096 },
  })
  let written: Promise<string> | undefined
  form.on('file', (_field, file, name) => {
    written = write(file, path, maxBytes, signal).then(() => name || 'upload')
    // Awaited below; until then a failure must not count as unhandled.
    written.catch((error: unknown) => form.destroy(error as Error))
  })
  form.on('filesLimit', () =>
    form.destroy(new StakazoError('bad-input', 'the form holds more than one file')),
  )
  await pipeline(body, form, { signal }).catch((error: unknown) => {
    if (error instanceof StakazoError) throw error
    if (signal.aborted) throw gone(error)
    throw new StakazoError('bad-input', `the form cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  })
  if (!written) throw new StakazoError('bad-input', 'the form holds no file; send it as the part "file"')
  return await written
}

async function write(source: Readable, path: string, maxBytes: number, signal: AbortSignal): Promise<void> {
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk)
    },
  })
  try {
    await pipeline(source, meter, createWriteStream(path, { mode: 0o600 }), { signal })
  } catch (error) {
    if (error instanceof StakazoError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new StakazoError('disk-full', 'the disk is full', { cause: error })
    throw gone(error)
  }
  if (bytes === 0) throw new StakazoError('media-empty', 'the upload has 0 bytes')
}

const gone = (cause: unknown) => new StakazoError('cancelled', 'the upload ended before its end', { cause })

const tooLarge = (maxBytes: number) =>
  new StakazoError('too-large', `the film has more than ${maxBytes} bytes`, { details: { maxBytes } })
