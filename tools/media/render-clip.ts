import { z } from 'zod'
import { type Asset, type Clip, Format, type Rendition } from '../../runtime/core/entities.ts'
import { defineTool, type RecordContext } from '../../runtime/core/tool.ts'
import { type Rendition as Rendered, renderClip as render } from './engine/render.ts'
import { renderKey } from './engine/render-key.ts'
import { openFilm } from './open-film.ts'

const RenditionBrief = z.object({
  renditionId: z.uuid(),
  format: Format,
  width: z.int(),
  height: z.int(),
  durationMs: z.number(),
  bytes: z.int(),
  reframe: z.string().describe('How the picture was fitted: center-crop, pad or none.'),
  loudnessLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
})

export const renderClip = defineTool({
  name: 'render-clip',
  does: 'Render a clip as finished files in one or more formats (9:16 for reels and stories, 1:1 or 4:5 for feeds, 16:9 for wide players), loudness normalised and every file verified. Ask for all formats of a clip at once: the film is decoded once for all. What was rendered before is reused.',
  effect: { kind: 'record' },
  input: z.object({
    clipId: z.uuid(),
    formats: z.array(Format).min(1).max(4).describe('Each at most once.'),
    quality: z.enum(['draft', 'final']).default('final').describe('draft only to look at; publish final.'),
  }),
  output: z.object({ renditions: z.array(RenditionBrief) }),
  yields: 'clean',
  async run({ clipId, formats, quality }, ctx) {
    const clip = await ctx.store.getClip(clipId)
    const asset = await ctx.store.getAsset(clip.assetId)
    const wanted = [...new Set(formats)].map((format) => ({
      format,
      key: renderKey(asset.sha256, clip, { shape: format }, quality),
    }))
    const ready = new Map<Format, Rendition>()
    for (const { format, key } of wanted) {
      const reused = await reuse(ctx, clip, key)
      if (reused) ready.set(format, reused)
    }
    const missing = wanted.filter(({ format }) => !ready.has(format))
    if (missing.length > 0) {
      for (const made of await make(ctx, asset, clip, quality, missing)) ready.set(made.format, made)
    }
    ctx.progress(1, `clip ${clip.ordinal} is rendered`)
    return { renditions: wanted.flatMap(({ format }) => brief(ready.get(format))) }
  },
})

/** Equal bytes are not made twice: not for this clip, and not for another one with the same span. */
async function reuse(ctx: RecordContext, clip: Clip, renderKeyText: string): Promise<Rendition | undefined> {
  const found = await ctx.store.findRendition(renderKeyText)
  if (!found || !(await ctx.blobs.has(found.sha256))) return undefined
  if (found.clipId === clip.id) return found
  const { id: _id, createdAt: _createdAt, ...same } = found
  return ctx.store.saveRendition({ ...same, clipId: clip.id, renderKey: renderKeyText })
}

async function make(
  ctx: RecordContext,
  asset: Asset,
  clip: Clip,
  quality: Rendition['quality'],
  wanted: readonly { format: Format; key: string }[],
): Promise<Rendition[]> {
  const film = await openFilm(ctx, asset)
  const binaries = await ctx.media.binaries()
  using _slot = await ctx.media.slot(ctx.signal)
  await using workspace = await ctx.media.workspace()
  const rendered = await render(binaries, film, {
    clip,
    renditions: wanted.map(({ format }) => ({ shape: format })),
    quality,
    folder: workspace.path,
    name: 'clip',
    signal: ctx.signal,
    onProgress: (fraction) => ctx.progress(fraction, `rendering clip ${clip.ordinal}`),
  })
  const saved: Rendition[] = []
  for (const one of rendered.renditions) {
    const key = wanted.find(({ format }) => format === one.shape)?.key ?? ''
    saved.push(await keep(ctx, asset, clip, quality, key, one))
  }
  return saved
}

async function keep(
  ctx: RecordContext,
  asset: Asset,
  clip: Clip,
  quality: Rendition['quality'],
  key: string,
  one: Rendered,
): Promise<Rendition> {
  const parents = [asset.sha256]
  const film = await ctx.blobs.adopt(one.path, { mediaType: 'video/mp4', parents })
  const cover = one.cover && (await ctx.blobs.adopt(one.cover.path, { mediaType: 'image/jpeg', parents }))
  return ctx.store.saveRendition({
    clipId: clip.id,
    format: one.shape,
    sha256: film.sha256,
    coverSha256: cover?.sha256 ?? null,
    width: one.width,
    height: one.height,
    durationMs: one.durationMs,
    bytes: film.bytes,
    reframe: one.reframe,
    quality,
    loudnessLufs: measured(one, 'loudness in LUFS'),
    truePeakDbtp: measured(one, 'true peak in dBTP'),
    renderKey: key,
  })
}

/** What the verifier measured on the finished file, null for a silent one. */
function measured({ checks }: Rendered, name: string): number | null {
  const value = Number.parseFloat(checks.find((check) => check.name === name)?.measured ?? '')
  return Number.isFinite(value) ? value : null
}

const brief = (rendition: Rendition | undefined): z.infer<typeof RenditionBrief>[] =>
  rendition ? [{ ...rendition, renditionId: rendition.id }] : []
