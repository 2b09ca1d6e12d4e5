import type { ErrorCode } from '../core/errors.ts'

export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3, policy: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const BY_POLICY: ReadonlySet<ErrorCode> = new Set([
  'policy-denied',
  'budget-exhausted',
  'rights-unconfirmed',
  'world-mismatch',
])

export const exitCodeOf = (code: ErrorCode): ExitCode => (BY_POLICY.has(code) ? EXIT.policy : EXIT.failed)

/** How a task ended, as a shell reads it. */
export function exitCodeOfTask(task: { status: string; outcome: string | null }): ExitCode {
  if (task.status === 'interrupted') return EXIT.waiting
  if (task.outcome === 'done') return EXIT.done
  return task.outcome === 'over-budget' ? EXIT.policy : EXIT.failed
}
