/** What the gate and the executor need of a verb; one file a verb beside this one. */
import type { IntentRow } from '../../../db/queries/effects-intents.ts'
import type { Tx } from '../../../db/tx.ts'
import type { Grant, OuterEffectKind, Verb } from '../../core/effect.ts'
import type { Account, Review } from '../../core/entities.ts'
import type {
  Connector,
  Handle,
  Lookup,
  PreflightFinding,
  Publisher,
  Verified,
} from '../../core/ports/publisher.ts'
import type { Trust } from '../../core/trust.ts'

/** An act as the rows describe it right now. */
export interface ActTarget {
  account: Account
  brand: { id: string; zone: string; isFrozen: boolean }
  /** Worlds of everything involved; one differing is a mismatch. */
  worlds: readonly string[]
  /** Canonical content of the act: its hash is what a person approves. */
  payload: Record<string, unknown>
  /** Hash of what people would see; undefined for acts that show nothing. */
  look: string | undefined
  trust: Trust
  assetId: string
  areRightsConfirmed: boolean
  text: string
  reviews: readonly Review[]
  preflight: readonly PreflightFinding[]
  costMicros: number
  quota: Connector['quota'] | undefined
  /** The time written on the row itself. */
  dueAt: string | null
  /** What a person is shown of it. */
  shown: Record<string, unknown>
}

/** One act under way: the publisher's verbs with everything bound but the handle. */
export interface Act {
  prepare(saved: Handle | undefined, save: (handle: Handle) => Promise<void>): Promise<Handle>
  commit(grant: Grant, handle: Handle): Promise<{ remoteId: string | undefined; answer: unknown }>
  lookup(handle: Handle): Promise<Lookup>
  verify(remoteId: string): Promise<Verified>
}

export interface ActVerb {
  readonly verb: Verb
  readonly effect: OuterEffectKind
  /** Least trust it may ever act on without a person; a policy can only ask for more. */
  readonly needsTrust: Trust
  /** Reads and locks the target. Throws `not-found`, or `conflict` where the act makes no sense. */
  read(tx: Tx, targetId: string, connectors: Readonly<Record<string, Connector>>): Promise<ActTarget>
  /** Works from the stored payload, which is what was approved, never from the rows again. */
  open(publisher: Publisher, row: IntentRow): Act
}
