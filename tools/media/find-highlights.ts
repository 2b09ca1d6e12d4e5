import { z } from 'zod'
import { ACT_STATES, type ActState, TERMINAL_STATES } from '../../runtime/core/effect.ts'
import type { Clip, ClipScore } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { defineTool, type RecordContext } from '../../runtime/core/tool.ts'
import { analyseAsset } from './analyse-asset.ts'
import { planLengths } from './clip-lengths.ts'
import { chooseHighlights, type Highlight } from './engine/highlights.ts'

const Ms = z.int().min(500).max(600_000)

export const ClipBrief = z.object({
  clipId: z.uuid(),
  ordinal: z.int().describe('What a person means by "clip 2".'),
  startMs: z.int(),
  endMs: z.int(),
  score: z.number().describe('0 to 1, from sound, motion, pace and clean borders.'),
})
export type ClipBrief = z.infer<typeof ClipBrief>

export const toClipBrief = ({ id, ordinal, startMs, endMs, score }: Clip): ClipBrief => ({
  clipId: id,
  ordinal,
  startMs,
  endMs,
  score: score.total,
})

export const findHighlights = defineTool({
  name: 'find-highlights',
  does: 'Choose the strongest, distinct moments of a film as clips, by measured sound, motion and cuts, with borders on cuts and silences, and save them. Leave lengths out unless somebody asked for them. Asking again gives the same clips; for more clips raise ordinalFrom past the ones there are.',
  effect: { kind: 'record' },
  input: z.object({
    assetId: z.uuid().describe('The film.'),
    count: z.int().min(1).max(12).describe('How many clips.'),
    minMs: Ms.optional().describe('Shortest length allowed.'),
    maxMs: Ms.optional().describe('Longest length allowed.'),
    targetMs: Ms.optional().describe('Length wished for.'),
    ordinalFrom: z.int().min(1).max(200).default(1).describe('Number of the first clip.'),
  }),
  output: z.object({
    clips: z.array(ClipBrief),
    fewerBecause: z.string().optional().describe('Why there are fewer than asked for.'),
  }),
  yields: 'clean',
  async run({ assetId, count, ordinalFrom, ...wished }, ctx) {
    const asset = await ctx.store.getAsset(assetId)
    const analysis = await analyseAsset(ctx, asset)
    const lengths = planLengths(analysis.durationMs, count, wished)
    const current = await listCurrent(ctx, assetId)
    const isReplaced = (clip: Clip) =>
      clip.taskId === ctx.caller.taskId && clip.ordinal >= ordinalFrom && clip.ordinal < ordinalFrom + count
    const taken = await listTaken(
      ctx,
      current.filter((clip) => !isReplaced(clip)),
    )
    const { clips: chosen, shortfall } = chooseHighlights(analysis, { count, ...lengths, taken })
    const fewerBecause = shortfall && explainTaken(shortfall, taken)
    if (chosen.length === 0) {
      throw new StakazoError('media-too-short', fewerBecause ?? 'no part of the film makes a clip', {
        details: { durationMs: analysis.durationMs, ...lengths, taken: taken.length },
      })
    }
    const clips: ClipBrief[] = []
    for (const [index, highlight] of chosen.entries()) {
      const ordinal = ordinalFrom + index
      const earlier = current.find((clip) => isReplaced(clip) && clip.ordinal === ordinal)
      clips.push(toClipBrief(await saveHighlight(ctx, assetId, ordinal, highlight, earlier)))
    }
    return { clips, ...(fewerBecause ? { fewerBecause } : {}) }
  },
})

async function listCurrent({ store, caller }: RecordContext, assetId: string): Promise<Clip[]> {
  const tasks = await store.listThreadTasks()
  const threadTaskIds = [...new Set([caller.taskId, ...tasks.map((task) => task.taskId)])]
  return store.listClips({ threadTaskIds, assetId })
}

/**
 * A follow-up that wants more must not get moments again that are live or on their way; what was rejected or only
 * drafted earlier is free, or a second try would get the leavings.
 */
async function listTaken({ store, caller }: RecordContext, clips: readonly Clip[]): Promise<Clip[]> {
  const earlier = clips.filter((clip) => clip.taskId !== caller.taskId)
  const taskIds = [...new Set(earlier.flatMap((clip) => clip.taskId ?? []))]
  const posts = (await Promise.all(taskIds.map((taskId) => store.listPosts({ taskId })))).flat()
  const postIds = posts.map((post) => post.id)
  const publications = postIds.length > 0 ? await store.listPublications({ postIds, states: IN_USE }) : []
  const inUse = new Set(
    posts.filter((post) => publications.some((each) => each.postId === post.id)).map((post) => post.clipId),
  )
  return clips.filter((clip) => clip.taskId === caller.taskId || inUse.has(clip.id))
}

const IN_USE: readonly ActState[] = ACT_STATES.filter(
  (state) => state !== 'draft' && (state === 'verified' || !TERMINAL_STATES.has(state)),
)

const explainTaken = (shortfall: string, taken: readonly Clip[]): string =>
  taken.length === 0
    ? shortfall
    : `${shortfall}, beside the ${taken.length} of this conversation that are in use already`

async function saveHighlight(
  ctx: RecordContext,
  assetId: string,
  ordinal: number,
  { startMs, endMs, ...highlight }: Highlight,
  earlier: Clip | undefined,
): Promise<Clip> {
  if (earlier && earlier.startMs === startMs && earlier.endMs === endMs) return earlier
  const fresh = { assetId, ordinal, startMs, endMs, score: toScore(highlight) }
  return ctx.store.saveClip(earlier ? { ...fresh, supersedes: earlier.id } : fresh)
}

const toScore = ({
  score,
  breakdown,
  reasons,
}: Pick<Highlight, 'score' | 'breakdown' | 'reasons'>): ClipScore => ({
  total: score,
  sound: breakdown.sound ?? 0,
  motion: breakdown.motion,
  cuts: breakdown.pace,
  reasons: [...reasons],
})
