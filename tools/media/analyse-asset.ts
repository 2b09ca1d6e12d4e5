import type { Asset } from '../../runtime/core/entities.ts'
import type { RecordContext } from '../../runtime/core/tool.ts'
import { analyseMedia, type MediaAnalysis } from './engine/analyse.ts'
import { ENGINE_VERSION } from './engine/render-key.ts'
import { openFilm } from './open-film.ts'

const ANALYSIS_ENGINE = `analyse-${ENGINE_VERSION}`

/** Sound, motion, cuts and silences of an asset; a film decoded once is never decoded for this again. */
export async function analyseAsset(
  ctx: Pick<RecordContext, 'blobs' | 'media' | 'signal' | 'store' | 'progress'>,
  asset: Asset,
): Promise<MediaAnalysis> {
  const known = await ctx.store.findAnalysis(asset.sha256, ANALYSIS_ENGINE)
  if (known) return known as MediaAnalysis
  const film = await openFilm(ctx, asset)
  const binaries = await ctx.media.binaries()
  using _slot = await ctx.media.slot(ctx.signal)
  const analysis = await analyseMedia(binaries, film, {
    signal: ctx.signal,
    onProgress: (fraction) => ctx.progress(fraction, 'watching and listening to the film'),
  })
  await ctx.store.saveAnalysis(asset.sha256, ANALYSIS_ENGINE, analysis)
  return analysis
}
