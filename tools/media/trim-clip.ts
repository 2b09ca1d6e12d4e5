import { z } from 'zod'
import type { Clip } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool, type RecordContext } from '../../runtime/core/tool.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { analyseAsset } from './analyse-asset.ts'
import type { MediaAnalysis, Span } from './engine/analyse.ts'
import { ClipBrief, toClipBrief } from './find-highlights.ts'
import { snapSpan } from './snap-span.ts'

export const trimClip = defineTool({
  name: 'trim-clip',
  does: 'Shorten, lengthen or move one clip. Give targetMs to change its length around its strongest part, or startMs and endMs (film time) to set borders; they are moved to the nearest cut or silence. The result replaces the old clip and keeps its number; render it again afterwards.',
  effect: { kind: 'record' },
  input: z
    .object({
      clipId: z.uuid(),
      startMs: z.int().min(0).optional().describe('New start, in film time.'),
      endMs: z.int().min(1).optional().describe('New end, in film time.'),
      targetMs: z.int().min(500).max(600_000).optional().describe('New length.'),
    })
    .refine((wish) => wish.startMs !== undefined || wish.endMs !== undefined || wish.targetMs !== undefined, {
      message: 'say at least one of startMs, endMs, targetMs',
    }),
  output: z.object({ clip: ClipBrief }),
  yields: 'clean',
  needsTrust: TRUST.inference,
  touches: ({ clipId }) => [clipId],
  async run({ clipId, ...wish }, ctx) {
    const clip = await ctx.store.getClip(clipId)
    const analysis = await analyseAsset(ctx, await ctx.store.getAsset(clip.assetId))
    const wished = planSpan(analysis, clip, wish)
    if (wished.startMs < 0 || wished.endMs > analysis.durationMs || wished.endMs - wished.startMs < 500) {
      throw new StakazoError(
        'bad-input',
        `${wished.startMs} to ${wished.endMs} ms is no clip of a film of ${analysis.durationMs} ms`,
        { details: { ...wished, durationMs: analysis.durationMs, lengthMsMin: 500 } },
      )
    }
    const span = snapSpan(analysis, wished, {
      start: wished.startMs !== clip.startMs,
      end: wished.endMs !== clip.endMs,
    })
    return { clip: toClipBrief(await replace(ctx, clip, span)) }
  },
})

interface Wish {
  startMs?: number | undefined
  endMs?: number | undefined
  targetMs?: number | undefined
}

/** Pure: borders as asked for; a length alone keeps the loudest, liveliest part of the clip, or grows around it. */
export function planSpan(analysis: MediaAnalysis, clip: Span, { startMs, endMs, targetMs }: Wish): Span {
  if (startMs !== undefined && endMs !== undefined) return { startMs, endMs }
  if (startMs !== undefined)
    return { startMs, endMs: targetMs === undefined ? clip.endMs : startMs + targetMs }
  if (endMs !== undefined) return { startMs: targetMs === undefined ? clip.startMs : endMs - targetMs, endMs }
  const lengthMs = Math.min(targetMs ?? clip.endMs - clip.startMs, analysis.durationMs)
  return lengthMs <= clip.endMs - clip.startMs
    ? strongestPart(analysis, clip, lengthMs)
    : growAround(analysis, clip, lengthMs)
}

const STEP_MS = 500

function strongestPart(analysis: MediaAnalysis, clip: Span, lengthMs: number): Span {
  const energy = (slot: number) =>
    (analysis.motion[slot] ?? 0) + ((analysis.loudness?.[slot] ?? -70) + 70) * 0.5
  let best = clip.startMs
  let most = Number.NEGATIVE_INFINITY
  for (let startMs = clip.startMs; startMs + lengthMs <= clip.endMs; startMs += STEP_MS) {
    let sum = 0
    for (let atMs = startMs; atMs < startMs + lengthMs; atMs += STEP_MS)
      sum += energy(Math.floor(atMs / STEP_MS))
    if (sum > most) {
      most = sum
      best = startMs
    }
  }
  return { startMs: best, endMs: best + lengthMs }
}

function growAround({ durationMs }: MediaAnalysis, clip: Span, lengthMs: number): Span {
  const middle = (clip.startMs + clip.endMs) / 2
  const startMs = Math.round(Math.min(Math.max(0, middle - lengthMs / 2), durationMs - lengthMs))
  return { startMs, endMs: startMs + lengthMs }
}

/** A call repeated after a crash finds its own result: the replaced clip has a successor with the same borders. */
async function replace(ctx: RecordContext, clip: Clip, span: Span): Promise<Clip> {
  if (!clip.isCurrent) {
    const successor = (await ctx.store.listClips({ assetId: clip.assetId, all: true })).find(
      (each) => each.supersedes === clip.id,
    )
    if (successor?.startMs === span.startMs && successor.endMs === span.endMs) return successor
    throw new StakazoError(
      'conflict',
      `clip ${clip.id} was replaced by ${successor?.id ?? 'another'}; trim that one`,
    )
  }
  if (clip.startMs === span.startMs && clip.endMs === span.endMs) return clip
  const { assetId, ordinal, score } = clip
  return ctx.store.saveClip({ assetId, ordinal, score, ...span, supersedes: clip.id })
}
