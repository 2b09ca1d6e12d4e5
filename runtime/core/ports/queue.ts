/**
 * The queue wakes; rows are the truth. A job says "look at this thing of this tenant" and holds ids only, so losing,
 * repeating or reordering one costs time and never correctness: whoever is woken claims the row before acting.
 *
 *     await queue.work(['run'], (job, { signal }) => runOnce(job.id, signal), { concurrency: 8 })
 *     await queue.add({ kind: 'run', tenantId, id: runId, dedupeKey: runId })
 */
import type { Instant } from '../clock.ts'

/** What to look at, and whose it is. `kind` is one of those the queue was opened with. */
export interface JobRef {
  readonly kind: string
  readonly tenantId: string
  readonly id: string
}

/** A higher one goes before every lower one; within one, tenants take turns. */
export type JobPriority = 'critical' | 'high' | 'medium' | 'low'

export interface NewJob extends JobRef {
  /** `medium` unless said. */
  readonly priority?: JobPriority
  /** Real milliseconds, not business time. */
  readonly delayMs?: number
  /**
   * While a job of this tenant, kind and key waits, another is dropped; while one runs, exactly one more follows it,
   * because what changed meanwhile may have been read too early. Delayed jobs are the same only if due in one second.
   */
  readonly dedupeKey?: string
}

export interface RunningJob extends JobRef {
  /** 1 at first. */
  readonly attempt: number
}

/**
 * Returning ends the job. Throwing repeats it after 1, 2 and 4 s and then makes it a dead letter; a StakazoError whose
 * row says that repeating is pointless makes it one at once. `signal` aborts when the queue closes and patience is
 * over, or when the job was given to another worker: stop then; the job is delivered again.
 */
export type JobHandler = (job: RunningJob, context: { readonly signal: AbortSignal }) => Promise<void>

export interface QueueDepth {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly dead: number
}

export interface DeadLetter extends JobRef {
  /** For `retryDead`. */
  readonly jobId: string
  readonly attempts: number
  /** `<error code>: <message>`. */
  readonly reason: string
  readonly failedAt: Instant
}

export interface Queue extends AsyncDisposable {
  /** Resolves once the job is durable. Throws `queue-unavailable`; nothing was added then. */
  add(job: NewJob): Promise<void>
  /** Starts handling; `concurrency` holds for each kind. A kind has one handler a process. */
  work(
    kinds: readonly string[],
    handler: JobHandler,
    options: { readonly concurrency: number },
  ): Promise<void>
  /** By kind. */
  depth(): Promise<Record<string, QueueDepth>>
  /** Newest first. */
  deadLetters(filter?: { readonly tenantId?: string; readonly limit?: number }): Promise<DeadLetter[]>
  /** Delivers a dead letter again, with all its attempts. Throws `not-found`. */
  retryDead(jobId: string): Promise<void>
  /**
   * Takes no more jobs and waits for the running ones; those still running when patience ends see their signal abort
   * and go back to the queue without losing an attempt.
   */
  close(): Promise<void>
}
