/** Errors as the Graph API words them: callers branch on `code` and `error_subcode`, never on the text. */

import { sha256Hex } from '../../../core/digest.ts'
import { StakazoError } from '../../../core/errors.ts'
import type { WireReply } from '../../wire.ts'

export interface GraphProblem {
  code: number
  subcode?: number
  message: string
  status?: number
  type?: string
  isTransient?: boolean
}

const tokenProblem = (subcode: number, message: string): GraphProblem => ({
  code: 190,
  subcode,
  status: 401,
  message: `Error validating access token: ${message}`,
})

/** Problems every Graph network shares. */
export const GRAPH_PROBLEMS = {
  unknown: { code: 1, status: 500, message: 'An unknown error occurred', isTransient: false },
  serviceDown: {
    code: 2,
    status: 500,
    message: 'An unexpected error has occurred. Please retry your request later.',
    isTransient: true,
  },
  capability: { code: 3, message: 'Application does not have the capability to make this API call.' },
  appLimit: { code: 4, status: 403, message: 'Application request limit reached', isTransient: true },
  permission: { code: 10, status: 403, message: 'Application does not have permission for this action' },
  noToken: {
    code: 2500,
    message: 'An active access token must be used to query information about the current user.',
  },
  notAToken: { code: 190, status: 401, message: 'Invalid OAuth access token - Cannot parse access token' },
  tokenAppRemoved: tokenProblem(458, 'The user has not authorized application.'),
  tokenCheckpoint: tokenProblem(459, 'The user is checkpointed.'),
  tokenPassword: tokenProblem(
    460,
    'The session has been invalidated because the user changed their password.',
  ),
  tokenExpired: tokenProblem(463, 'Session has expired.'),
  tokenUnconfirmed: tokenProblem(
    464,
    'Sessions for the user are not allowed because the user is not a confirmed user.',
  ),
  tokenInvalid: tokenProblem(467, 'The session is invalid because the user logged out.'),
  blocked: {
    code: 368,
    message: 'The action attempted has been deemed abusive or is otherwise disallowed',
  },
  customLimit: {
    code: 613,
    status: 403,
    message: 'Calls to this api have exceeded the rate limit.',
    isTransient: true,
  },
  deprecatedVersion: {
    code: 2635,
    message: 'You are calling a deprecated version of the API. Please update to the latest version.',
  },
  unknownPath: { code: 2500, message: 'Unknown path components' },
  invalidParameter: { code: 100, message: 'Invalid parameter' },
  invalidProof: { code: 100, message: 'Invalid appsecret_proof provided in the API argument' },
  notThere: {
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message:
      'Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.',
  },
} as const satisfies Record<string, GraphProblem>

export class GraphRefusal extends StakazoError {
  readonly problem: GraphProblem
  readonly headers: Record<string, string> | undefined

  constructor(problem: GraphProblem, message?: string, headers?: Record<string, string>) {
    const text = message ?? problem.message
    super('platform-content', text)
    this.name = 'GraphRefusal'
    this.problem = { ...problem, message: text }
    this.headers = headers
  }
}

export const refuseParameter = (message: string) =>
  new GraphRefusal(GRAPH_PROBLEMS.invalidParameter, `(#100) ${message}`)

export function graphErrorReply(
  problem: GraphProblem,
  requestId: string,
  headers?: Record<string, string>,
): WireReply {
  const { code, subcode, message, status = 400, type = 'OAuthException', isTransient = false } = problem
  return {
    status,
    headers,
    body: {
      error: {
        message,
        type,
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        is_transient: isTransient,
        fbtrace_id: traceId(requestId),
      },
    },
  }
}

/** Looks like Meta's and leads back to the request in our log. */
const traceId = (requestId: string) =>
  `A${Buffer.from(sha256Hex(requestId), 'hex').toString('base64url').slice(0, 22)}`
