import { type Job, type Processor, UnrecoverableError, WaitingError } from 'bullmq'
import { systemClock } from '../core/clock.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import type { JobHandler } from '../core/ports/queue.ts'
import type { JobIds } from './backend.ts'

export interface RunningJobs {
  /**
   * Waits for the running jobs; after `patienceMs` aborts their signals and waits a little more.
   * Returns how many still run.
   */
  settle(patienceMs: number): Promise<number>
}

/** How long an aborted job may take to notice. */
const NOTICE_MS = 3_000
const REASON_CHARS_MAX = 500

/** The handler as BullMQ wants it, and a hand on what it is doing. */
export function openProcessor(handler: JobHandler): { process: Processor<JobIds>; running: RunningJobs } {
  const closing = new AbortController()
  const running = new Set<Promise<void>>()

  const perform = async (job: Job<JobIds>, token: string | undefined, signal: AbortSignal): Promise<void> => {
    const { tenantId, id } = job.data
    try {
      await handler({ kind: job.name, tenantId, id, attempt: job.attemptsMade + 1 }, { signal })
    } catch (error) {
      if (closing.signal.aborted) await giveBack(job, token)
      throw toFailure(error)
    }
  }

  // BullMQ makes a signal only for a processor that takes three arguments.
  const process: Processor<JobIds> = (job, token, signal) => {
    const stop = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
    const work = perform(job, token, stop)
    running.add(work)
    return work.finally(() => running.delete(work))
  }

  const settled = (ms: number) => {
    const patience = new AbortController()
    const all = Promise.allSettled(running).then(() => patience.abort())
    return Promise.race([all, systemClock.sleep(ms, patience.signal).catch(() => undefined)])
  }

  const settle = async (patienceMs: number) => {
    await settled(patienceMs)
    closing.abort(new StakazoError('cancelled', 'the queue is closing; the job goes back'))
    await settled(NOTICE_MS)
    return running.size
  }

  return { process, running: { settle } }
}

/** Back into the queue as if never taken: no attempt is lost. */
async function giveBack(job: Job<JobIds>, token: string | undefined): Promise<never> {
  await job.moveToWait(token)
  throw new WaitingError()
}

/** What stays with a dead letter: code and message, never a stack; repetition only where the error's row allows it. */
function toFailure(error: unknown): Error {
  const { code, message, row } = fromUnknown(error)
  const reason = `${code}: ${message}`.slice(0, REASON_CHARS_MAX)
  const isPointless = error instanceof StakazoError && code !== 'bug' && row.retry !== 'later'
  return isPointless ? new UnrecoverableError(reason) : new Error(reason, { cause: error })
}
