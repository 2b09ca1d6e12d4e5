/**
 * What an act is, who may do it and what was decided.
 *
 * Nothing here acts: the gate (`runtime/effects`) writes an intent, the executor beside it is the only minter of grants
 * and the only caller of a connector.
 */
import { z } from 'zod'
import { Trust } from './trust.ts'

/** `read` looks, `record` writes our own storage, the other three leave the house and pass the gate. */
export const EFFECT_KINDS = ['read', 'record', 'write', 'message', 'spend'] as const
export type EffectKind = (typeof EFFECT_KINDS)[number]
export type OuterEffectKind = 'write' | 'message' | 'spend'

/** Ladder of autonomy, lowest first. Code sets an agent's ceiling; configuration and policy can only lower it. */
export const AUTONOMY = ['observe', 'propose', 'act-if-asked', 'act'] as const
export const Autonomy = z.enum(AUTONOMY)
export type Autonomy = z.infer<typeof Autonomy>

export const lowestAutonomy = (...rungs: readonly Autonomy[]): Autonomy =>
  rungs.reduce((low, rung) => (AUTONOMY.indexOf(rung) < AUTONOMY.indexOf(low) ? rung : low), 'act')

export const WORLDS = ['sandbox', 'live'] as const
export const World = z.enum(WORLDS)
/** Accounts and intents belong to one world for life; the gate refuses a mismatch. */
export type World = z.infer<typeof World>

/** Verbs the executor knows. One row of `runtime/effects/verbs/` each. */
export const VERBS = ['publish-post', 'delete-post'] as const
export const Verb = z.enum(VERBS)
export type Verb = z.infer<typeof Verb>

export const TARGET_KINDS = ['publication'] as const
export const TargetKind = z.enum(TARGET_KINDS)
export type TargetKind = z.infer<typeof TargetKind>

/**
 * The states of an act and of the publication it moves.
 * `sent` is written before the one non-repeatable call; a row found in `sent` without an owner is `unknown`.
 */
export const ACT_STATES = [
  'draft',
  'awaiting-approval',
  'scheduled',
  'claimed',
  'armed',
  'sent',
  'accepted',
  'verified',
  'unknown',
  'failed',
  'missed',
  'cancelled',
  'held',
] as const
export const ActState = z.enum(ACT_STATES)
export type ActState = z.infer<typeof ActState>

/** States that end an act: nothing will happen any more unless a person starts anew. */
export const TERMINAL_STATES: ReadonlySet<ActState> = new Set(['verified', 'failed', 'missed', 'cancelled'])

export const VerdictKind = z.enum(['allow', 'ask', 'deny'])
/** A decision of the policy: the kind, one sentence a person understands, and the rules that spoke. */
export const Verdict = z.object({ kind: VerdictKind, sentence: z.string(), rules: z.array(z.string()) })
export type Verdict = z.infer<typeof Verdict>

/** What a tool asks of the gate. The gate reads the target's content itself; a tool cannot smuggle another one in. */
export const IntentRequest = z.object({
  verb: Verb,
  target: z.object({ kind: TargetKind, id: z.uuid() }),
  /** Business time from which it may act; now when absent. */
  dueAt: z.string().optional(),
  /** Verb-specific rest, part of the hash an approval binds to. */
  extra: z.record(z.string(), z.unknown()).optional(),
})
export type IntentRequest = z.infer<typeof IntentRequest>

/** The gate's answer, at once: nothing has happened outside yet. */
export const IntentReply = z.object({
  intentId: z.uuid(),
  state: ActState,
  verdict: Verdict,
  approvalId: z.uuid().optional(),
  dueAt: z.string().optional(),
})
export type IntentReply = z.infer<typeof IntentReply>

declare const granted: unique symbol
/** Permission for exactly one act. Only `runtime/effects/executor.ts` can mint one; connectors demand it. */
export interface Grant {
  readonly [granted]: true
  readonly intentId: string
  readonly payloadHash: string
  readonly world: World
  readonly accountId: string
  /** Past this monotonic moment the holder lost its lease and must not send. */
  readonly assertHeld: () => void
}

/** What made somebody do it, carried with every act for `why`. */
export const Cause = z.object({
  taskId: z.uuid().optional(),
  runId: z.uuid().optional(),
  stepId: z.uuid().optional(),
  agent: z.string().optional(),
  toolCallId: z.string().optional(),
  reasoning: z.string().optional(),
  trust: Trust,
})
export type Cause = z.infer<typeof Cause>
