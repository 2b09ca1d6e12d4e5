/** A write with an Idempotency-Key happens once; asked again it gets the first answer. */
import { admitRequest, forgetRequest, keepAnswer } from '../../db/queries/idempotency.ts'
import { sha256Hex } from '../core/digest.ts'
import { StakazoError } from '../core/errors.ts'
import type { RequestContext } from './route.ts'

export interface Answered {
  status: number
  body: unknown
  isReplay?: boolean
  /** What is kept for replays instead of the body. */
  kept?: unknown
}

const KEY_CHARS_MAX = 255

/** Only successes are kept: a failed request wrote nothing and may be repaired and sent again. */
export async function answerOnce(
  { ports, principal, tenantId }: RequestContext,
  key: string | undefined,
  request: string,
  perform: () => Promise<Answered>,
): Promise<Answered> {
  if (key === undefined) return await perform()
  if (key.length === 0 || key.length > KEY_CHARS_MAX) {
    throw new StakazoError(
      'bad-input',
      `Idempotency-Key has ${key.length} characters; 1 to ${KEY_CHARS_MAX} are read`,
    )
  }
  const id = `${principal.keyId}:${key}`
  const admission = await ports.database.tenant(tenantId, (tx) =>
    admitRequest(tx, ports.clock, id, sha256Hex(request)),
  )
  if (admission.kind === 'in-flight')
    throw new StakazoError('idempotency-in-flight', 'the first request with this key has not ended yet')
  if (admission.kind === 'mismatch')
    throw new StakazoError('idempotency-mismatch', 'this key came with another request before')
  if (admission.kind === 'replay')
    return { status: admission.status, body: admission.response, isReplay: true }
  try {
    const answer = await perform()
    await ports.database.tenant(tenantId, (tx) =>
      keepAnswer(tx, id, answer.status, answer.kept ?? answer.body),
    )
    return answer
  } catch (error) {
    await ports.database.tenant(tenantId, (tx) => forgetRequest(tx, id))
    throw error
  }
}
