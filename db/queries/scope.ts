import type { Clock } from '../../runtime/core/clock.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { newId } from '../../runtime/core/ids.ts'
import type { Trust } from '../../runtime/core/trust.ts'

/** For whom a query works, beside the tenant its transaction belongs to. */
export interface Scope {
  readonly brandId: string
  readonly taskId: string | undefined
  readonly runId: string | undefined
  readonly agent: string
  readonly clock: Clock
  /** What a row written now carries: the least of what its writer has read. */
  readonly trust: Trust
}

export const stamp = ({ clock }: Scope) => ({ id: newId(clock), createdAt: clock.now() })

/** The row that must be there; another tenant's or brand's id does not exist here. */
export function existing<T>(row: T | undefined, what: string, id: string): T {
  if (row === undefined) throw new StakazoError('not-found', `there is no ${what} ${id}`)
  return row
}
