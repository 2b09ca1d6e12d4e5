/** What every connector shares: reading answers, holding grants to their word. Vocabulary: runtime/core/ports/publisher.ts. */
import type { z } from 'zod'
import type { Grant } from '../../runtime/core/effect.ts'
import { type ErrorCode, StakazoError } from '../../runtime/core/errors.ts'
import type { Connector, ConnectorAccount, PreflightFinding } from '../../runtime/core/ports/publisher.ts'

export const defineConnector = (connector: Connector): Connector => connector

/** Every answer passes here; a shape we do not know is said by its path, never by its content. */
export function parseAnswer<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'the answer'} (${code})`)
  throw new StakazoError('platform-surprise', `${what} answered in an unknown shape: ${issues.join(', ')}`)
}

/** The last line of every writing verb before its call: a grant for this account whose holder still holds its lease. */
export function assertGranted(grant: Grant | undefined, account: ConnectorAccount): void {
  if (grant?.accountId !== account.accountId) {
    throw new StakazoError('grant-missing', `nothing granted an act for account ${account.accountId}`)
  }
  grant.assertHeld()
}

/** Before the non-repeatable call a lost answer loses nothing: the same step is simply taken again. */
export async function beforeCommit<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StakazoError) || error.code !== 'outcome-unknown') throw error
    throw new StakazoError('platform-transient', error.message, {
      cause: error,
      details: { ...error.details },
    })
  }
}

export const isCode = (error: unknown, ...codes: ErrorCode[]): error is StakazoError =>
  error instanceof StakazoError && codes.includes(error.code)

/** A finding where `value` is beyond a limit, else nothing. */
export function findBeyond(
  rule: string,
  value: number,
  limit: { min?: number; max?: number },
  unit: string,
  fix: string,
): PreflightFinding[] {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limit
  if (value >= min && value <= max) return []
  const range = [
    limit.min === undefined ? '' : `at least ${min}`,
    limit.max === undefined ? '' : `at most ${max}`,
  ]
  return [{ rule, value: `${value} ${unit}`, limit: `${range.filter(Boolean).join(', ')} ${unit}`, fix }]
}
