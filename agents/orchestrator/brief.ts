/** What the orchestrator is handed: to plan, to judge what came of it, or to act on drafts. */
import { z } from 'zod'
import { ROLES } from '../../runtime/core/agent.ts'
import { ActState } from '../../runtime/core/effect.ts'
import { PostReview } from '../brand-voice/report.ts'

export const Refusal = z.object({ asked: z.string(), because: z.string() })
export type Refusal = z.infer<typeof Refusal>

const ThreadPublication = z.object({
  publicationId: z.uuid(),
  accountId: z.uuid(),
  network: z.string(),
  state: ActState,
  dueAt: z.string().nullish(),
  url: z.string().nullish(),
})

const ThreadPost = z.object({
  postId: z.uuid(),
  /** Written earlier, perhaps by others: data. */
  caption: z.string(),
  publications: z.array(ThreadPublication),
})

const ThreadClip = z.object({
  clipId: z.uuid(),
  ordinal: z.int(),
  startMs: z.number(),
  endMs: z.number(),
  posts: z.array(ThreadPost),
})
export type ThreadClip = z.infer<typeof ThreadClip>

const Common = {
  /** The person's language where the message does not tell. */
  language: z.string(),
  message: z.string(),
  /** The one role the person wants, when they named one. */
  agent: z.enum(ROLES).nullish(),
  brand: z.object({ id: z.uuid(), name: z.string(), language: z.string(), zone: z.string() }),
  now: z.string(),
  accounts: z.array(
    z.object({ accountId: z.uuid(), network: z.string(), username: z.string(), status: z.string() }),
  ),
  assets: z.array(z.object({ assetId: z.uuid(), kind: z.string(), durationMs: z.number().nullish() })),
  /** Earlier tasks of the conversation, newest first. */
  thread: z.array(z.object({ message: z.string(), clips: z.array(ThreadClip) })),
  /** Who can be given a step, and the shape of its brief. */
  roles: z.array(z.object({ role: z.string(), mission: z.string(), brief: z.unknown().optional() })),
}

export const PlanBrief = z.object({ stage: z.literal('plan'), ...Common })
export type PlanBrief = z.infer<typeof PlanBrief>

export const JudgedPublication = z.object({
  publicationId: z.uuid(),
  postId: z.uuid(),
  network: z.string(),
  username: z.string(),
  state: ActState,
  url: z.string().nullish(),
  dueAt: z.string().nullish(),
  reason: z.string().nullish(),
  approval: z.object({ status: z.string(), reason: z.string().nullish() }).nullish(),
})
export type JudgedPublication = z.infer<typeof JudgedPublication>

export const JudgeBrief = z.object({
  stage: z.literal('judge'),
  ...Common,
  steps: z.array(
    z.object({
      key: z.string(),
      agent: z.string(),
      status: z.string(),
      headline: z.string().nullish(),
      report: z.unknown(),
      error: z.string().nullish(),
    }),
  ),
  publications: z.array(JudgedPublication),
  metrics: z.array(z.object({ publicationId: z.uuid(), metric: z.string(), value: z.number() })).optional(),
  replansLeft: z.int(),
  /** What the plan said and refused, to be repeated in the answer. */
  say: z.string().optional(),
  refusals: z.array(Refusal).optional(),
  /** Degradations: who answered instead of whom, and why. */
  notes: z.array(z.string()),
})
export type JudgeBrief = z.infer<typeof JudgeBrief>

export const ActPost = z.object({
  postId: z.uuid(),
  ordinal: z.int(),
  publicationIds: z.array(z.uuid()),
})
export type ActPost = z.infer<typeof ActPost>

export const ActAction = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('publish'),
    posts: z.array(ActPost),
    /** ISO instant; absent means as soon as the gate lets it. */
    at: z.string().nullish(),
    /** A time was asked for: without one nothing goes out at all. */
    isTimed: z.boolean().optional(),
    only: z.array(z.int()).optional(),
    except: z.array(z.int()).optional(),
    /** Only these of the posts' publications; the others stay as they are. */
    publicationIds: z.array(z.uuid()).optional(),
    /** One list for each reviewer; a post goes out only when every reviewer passed it. */
    reviews: z.array(z.array(PostReview)).optional(),
  }),
  z.object({ do: z.literal('move'), publicationIds: z.array(z.uuid()), at: z.string() }),
  z.object({ do: z.literal('cancel'), publicationIds: z.array(z.uuid()), because: z.string() }),
  z.object({ do: z.literal('undo'), publicationIds: z.array(z.uuid()) }),
  z.object({ do: z.literal('remember'), subject: z.string(), predicate: z.string(), text: z.string() }),
])
export type ActAction = z.infer<typeof ActAction>

export const ActBrief = z.object({
  stage: z.literal('act'),
  language: z.string(),
  actions: z.array(ActAction).min(1),
})
export type ActBrief = z.infer<typeof ActBrief>

export const OrchestratorBrief = z.discriminatedUnion('stage', [PlanBrief, JudgeBrief, ActBrief])
export type OrchestratorBrief = z.infer<typeof OrchestratorBrief>
