/** What people do to acts, as routes need it; `runtime/effects` does it. */
import type { IntentReply } from '../core/effect.ts'
import type { Approval } from '../core/entities.ts'

export interface Answer {
  readonly id: string
  /** Hash of what the person saw. */
  readonly hash: string
  readonly by: string
}

export interface Acts {
  approve(tenantId: string, answer: Answer & { confirmations?: Confirmations }): Promise<Approval>
  reject(tenantId: string, answer: Answer & { reason: string }): Promise<Approval>
  /** Changes the content and approves exactly that; the answer carries the new hash. */
  edit(
    tenantId: string,
    answer: Answer & { change: PostEdit; confirmations?: Confirmations },
  ): Promise<Approval>
  undo(tenantId: string, publicationId: string, by: string): Promise<IntentReply>
  /** A person looked at the platform and says what became of an act nobody could settle. */
  settle(
    tenantId: string,
    id: string,
    by: string,
    found: { isPosted: boolean; remoteId?: string },
  ): Promise<void>
  pause(tenantId: string, by: string, what: PauseTarget, reason: string): Promise<void>
  resume(tenantId: string, by: string, what: PauseTarget): Promise<void>
  freeze(tenantId: string, brandId: string, by: string, reason: string): Promise<void>
  thaw(tenantId: string, brandId: string, by: string): Promise<void>
  cancelTask(tenantId: string, taskId: string, reason: string): Promise<void>
  verifyLedger(tenantId: string): Promise<LedgerVerdict>
  why(tenantId: string, id: string): Promise<WhyLine[]>
}

export interface Confirmations {
  copyrightConfirmed: boolean
  termsAccepted: boolean
}

export interface PostEdit {
  caption?: string
  altText?: string
  hashtags?: string[]
}

export type PauseTarget =
  | { kind: 'all' }
  | { kind: 'account'; accountId: string }
  | { kind: 'agent'; agent: string }

export interface LedgerVerdict {
  verified: boolean
  events: number
  problem: string | null
}

export interface WhyLine {
  at: string
  type: string
  agent: string | null
  summary: string
}
