import type { Asset, MediaInfo } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { ReadContext } from '../../runtime/core/tool.ts'
import type { Film, MediaInfo as FilmInfo } from './engine/media-info.ts'
import { probeMedia } from './engine/probe.ts'
import { ENGINE_VERSION } from './engine/render-key.ts'

const PROBE_ENGINE = `probe-${ENGINE_VERSION}`

/** The asset's film on this machine's disk with its facts, measured once for all who have the same bytes. */
export async function openFilm(
  ctx: Pick<ReadContext, 'blobs' | 'media' | 'signal' | 'store'>,
  asset: Pick<Asset, 'id' | 'kind' | 'sha256'>,
): Promise<Film> {
  if (asset.kind !== 'video') {
    throw new StakazoError('media-unsupported', `asset ${asset.id} is ${asset.kind}, not video`)
  }
  const path = await ctx.blobs.path(asset.sha256)
  const known = (await ctx.store.findAnalysis(asset.sha256, PROBE_ENGINE)) as FilmInfo | undefined
  if (known) return { path, info: known }
  const info = await probeMedia(await ctx.media.binaries(), path, { signal: ctx.signal })
  if (isRecorder(ctx.store)) await ctx.store.saveAnalysis(asset.sha256, PROBE_ENGINE, info)
  return { path, info }
}

type Recorder = { saveAnalysis(sha256: string, engine: string, analysis: unknown): Promise<void> }

const isRecorder = (store: object): store is Recorder => 'saveAnalysis' in store

/** The engine's facts in the words of the API. */
export const toMediaInfo = ({ video, audio, ...film }: FilmInfo): MediaInfo => ({
  durationMs: film.durationMs,
  width: video.width,
  height: video.height,
  fps: video.fps,
  hasAudio: audio.length > 0,
  videoCodec: video.codec,
  audioCodec: audio[0]?.codec ?? null,
  pixelFormat: video.pixelFormat,
  bitDepth: video.bitDepth,
  isHdr: video.hdr !== null,
  isVariableRate: video.isVariableRate,
  rotation: video.rotation,
  container: film.container,
  bytes: film.bytes,
})
