/**
 * Errors of Meta's Graph API in our words (reference: Graph error handling, Instagram error codes). Branches on
 * `code` and `error_subcode` alone: the texts are localised.
 */
import { z } from 'zod'
import { MINUTE, SECOND } from '../../runtime/core/clock.ts'
import { type ErrorCode, StakazoError } from '../../runtime/core/errors.ts'
import type { WireAnswer } from '../../runtime/core/ports/wire.ts'

const GraphError = z.object({
  error: z.object({
    message: z.string().default(''),
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    fbtrace_id: z.string().optional(),
  }),
})

type Row = readonly [code: number, subcode: number | undefined, ours: ErrorCode, words: string]

/** The first row that fits wins, so a row with a subcode stands before the one without. */
const ROWS: readonly Row[] = [
  [-2, 2207003, 'platform-transient', 'the media took too long to download'],
  [-2, 2207020, 'platform-transient', 'the container expired; a new one is needed'],
  [-1, 2207001, 'platform-transient', 'an internal error of the platform'],
  [-1, 2207032, 'platform-transient', 'the container could not be made; a new one is needed'],
  [-1, 2207053, 'platform-transient', 'an unknown upload error; a new container is needed'],
  [1, 2207057, 'platform-content', 'the cover offset lies outside the film'],
  [4, 2207051, 'blocked-by-platform', 'suspected spam'],
  [9, 2207042, 'platform-daily-cap', 'the account used up its posts of the day'],
  [24, 2207006, 'not-found', 'the media is not known'],
  [24, 2207008, 'platform-transient', 'the container is not known yet'],
  [25, 2207050, 'blocked-by-platform', 'the account is restricted'],
  [100, 33, 'not-found', 'it does not exist or is out of reach'],
  [352, undefined, 'platform-content', 'the video format is not accepted'],
  [368, undefined, 'blocked-by-platform', 'temporarily blocked for policy violations'],
  [506, undefined, 'platform-duplicate', 'an identical post exists'],
  [9004, undefined, 'platform-content', 'the media could not be fetched from its address'],
  [9007, undefined, 'platform-transient', 'the media is not ready to be published'],
  [36000, undefined, 'platform-content', 'the image is too large'],
  [36001, undefined, 'platform-content', 'the image format is not accepted'],
  [36003, undefined, 'platform-content', 'the aspect ratio is not accepted'],
  [36004, undefined, 'platform-content', 'the caption is too long or has too many tags'],
  [102, undefined, 'auth-expired', 'the session is over'],
  [190, undefined, 'auth-expired', 'the token is not valid any more'],
  [2500, undefined, 'bug', 'the path is unknown to the platform'],
  [3, undefined, 'platform-permission', 'the app lacks a capability'],
  [10, undefined, 'platform-permission', 'the app lacks a permission'],
  [1, undefined, 'platform-transient', 'an unknown error of the platform'],
  [2, undefined, 'platform-transient', 'the service is down'],
  [-1, undefined, 'platform-transient', 'an internal error of the platform'],
  [-2, undefined, 'platform-transient', 'an internal error of the platform'],
  [100, undefined, 'platform-content', 'a parameter is not accepted'],
]

/** App, user, page and business-use-case limits. Asking again while throttled lengthens the block. */
const THROTTLES = new Set([4, 17, 32, 341, 613])
const isThrottle = (code: number) => THROTTLES.has(code) || (code >= 80_000 && code <= 80_014)
const isPermission = (code: number) => code >= 200 && code <= 299

export interface GraphFailure {
  error: StakazoError
  code: number | undefined
  subcode: number | undefined
  /** The platform said it failed inside: the act may have happened all the same. */
  isInternal: boolean
}

/** Undefined when the answer is no error. */
export function readGraphFailure(answer: WireAnswer, what: string, secret: string): GraphFailure | undefined {
  const parsed = GraphError.safeParse(answer.json)
  if (!parsed.success) return answer.status < 400 ? undefined : withoutBody(answer, what)
  const {
    code,
    error_subcode: subcode,
    is_transient: isTransient,
    fbtrace_id: traceId,
    message,
  } = parsed.data.error
  const [ours, words] = classify(code, subcode, answer.status, isTransient === true)
  const said = message.replaceAll(secret, '[token]').slice(0, 300)
  const retryAfterMs = ours === 'platform-throttled' ? waitOf(answer) : undefined
  const error = new StakazoError(ours, `${what}: ${words} (${code}${subcode ? `/${subcode}` : ''})`, {
    details: { code, subcode, traceId, said, ...(retryAfterMs ? { retryAfterMs } : {}) },
  })
  const isInternal =
    answer.status >= 500 || (INTERNAL.has(code) && ours === 'platform-transient' && subcode !== EXPIRED)
  return { error, code, subcode, isInternal }
}

/** Codes with which the platform speaks of itself; an expired container is its word about our request. */
const INTERNAL = new Set([1, 2, -1, -2])
const EXPIRED = 2_207_020

function classify(
  code: number,
  subcode: number | undefined,
  status: number,
  isTransient: boolean,
): [ErrorCode, string] {
  const row = ROWS.find(([one, sub]) => one === code && (sub === undefined || sub === subcode))
  if (row && !(row[0] === 100 && isTransient)) return [row[2], row[3]]
  if (isThrottle(code)) return ['platform-throttled', 'too many calls']
  if (isPermission(code)) return ['platform-permission', 'a permission is missing']
  if (isTransient || status >= 500) return ['platform-transient', 'a passing failure of the platform']
  if (status === 401) return ['auth-expired', 'the token was refused']
  return ['platform-content', 'refused for a reason we do not know']
}

function withoutBody({ status, headers }: WireAnswer, what: string): GraphFailure {
  const code: ErrorCode =
    status === 429
      ? 'platform-throttled'
      : status >= 500 || status === 408
        ? 'platform-transient'
        : 'platform-surprise'
  const seconds = Number(headers['retry-after'])
  const details = { status, ...(seconds > 0 ? { retryAfterMs: seconds * SECOND } : {}) }
  const error = new StakazoError(code, `${what} answered ${status} without a body we can read`, { details })
  return { error, code: undefined, subcode: undefined, isInternal: code === 'platform-transient' }
}

const UseCase = z.record(
  z.string(),
  z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })),
)

/** Meta says in a header how many minutes to stay away. */
function waitOf({ headers }: WireAnswer): number | undefined {
  const header = headers['x-business-use-case-usage']
  if (header === undefined) return undefined
  const usage = UseCase.safeParse(parseJson(header))
  if (!usage.success) return undefined
  const minutes = Object.values(usage.data).flatMap((list) =>
    list.map((one) => one.estimated_time_to_regain_access ?? 0),
  )
  return Math.max(0, ...minutes) * MINUTE || undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
