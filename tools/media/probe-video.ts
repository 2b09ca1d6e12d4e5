import { z } from 'zod'
import { MediaInfo } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'
import { openFilm, toMediaInfo } from './open-film.ts'

export const probeVideo = defineTool({
  name: 'probe-video',
  does: 'Measure an uploaded film: duration, size, frame rate, sound, codecs. Use it before choosing how many clips, and how long, the film can give.',
  effect: { kind: 'read' },
  input: z.object({ assetId: z.uuid().describe('The uploaded film.') }),
  output: MediaInfo,
  yields: 'clean',
  async run({ assetId }, ctx) {
    const film = await openFilm(ctx, await ctx.store.getAsset(assetId))
    return toMediaInfo(film.info)
  },
})
