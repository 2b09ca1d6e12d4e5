/**
 * Every error we raise is a row of this table; retry logic, HTTP status and the hint a person reads come from the row,
 * never from the message. README's error table is tested against it in both directions.
 */

/** Who can mend it. */
export type Blame = 'owner' | 'operator' | 'platform' | 'model' | 'bug'
/** `never`: the same request fails again. `later`: it may pass. `after-human`: somebody must act first. */
export type Retry = 'never' | 'later' | 'after-human'

export interface ErrorRow {
  readonly blame: Blame
  readonly retry: Retry
  readonly status: number
  readonly hint: string
}

const row = (blame: Blame, retry: Retry, status: number, hint: string): ErrorRow => ({
  blame,
  retry,
  status,
  hint,
})

export const ERRORS = {
  // what came in
  'bad-input': row('owner', 'never', 400, 'Correct the named field and send it again.'),
  'bad-json': row('owner', 'never', 400, 'The body is not valid JSON; check quotes and commas.'),
  'too-large': row('owner', 'never', 413, 'Send less, or upload a file to /v1/assets instead.'),
  'not-found': row('owner', 'never', 404, 'Check the id; ids of another tenant do not exist here.'),
  unauthorized: row(
    'owner',
    'after-human',
    401,
    'Send `Authorization: Bearer <key>`; `stakazo start` shows the owner key once.',
  ),
  forbidden: row('owner', 'after-human', 403, 'This key lacks the scope; use another key or ask the owner.'),
  conflict: row('owner', 'never', 409, 'The thing changed or exists already; read it again.'),
  'idempotency-mismatch': row(
    'owner',
    'never',
    422,
    'This Idempotency-Key was used with another body; take a new key.',
  ),
  'idempotency-in-flight': row(
    'owner',
    'later',
    409,
    'The first request with this key is still running; ask again shortly.',
  ),
  'rate-limited': row('owner', 'later', 429, 'Wait as long as the Retry-After header says.'),
  'unsupported-platform': row('owner', 'never', 422, 'See `stakazo platforms` for what is live.'),
  'unsupported-request': row(
    'owner',
    'never',
    422,
    'Ask for something this version can do; the message names what it cannot.',
  ),
  // configuration and the machine
  'config-invalid': row(
    'operator',
    'after-human',
    500,
    'Correct the named line of agents.yaml or the named variable.',
  ),
  'port-busy': row(
    'operator',
    'after-human',
    500,
    'Another program listens there; set STAKAZO_PORT or stop it.',
  ),
  'already-running': row(
    'operator',
    'after-human',
    409,
    'A daemon owns this data directory; `stakazo stop` ends it.',
  ),
  'not-running': row('operator', 'after-human', 503, 'Start the daemon with `stakazo start`.'),
  'database-unavailable': row(
    'operator',
    'later',
    503,
    'Run `stakazo doctor`; check DATABASE_URL or the data directory.',
  ),
  'queue-unavailable': row(
    'operator',
    'later',
    503,
    'Run `stakazo doctor`; check REDIS_URL or DATABASE_URL.',
  ),
  'database-version': row(
    'operator',
    'after-human',
    500,
    'Use the Stakazo version that wrote the data directory, or dump it there and load it here.',
  ),
  'embedded-unsupported': row(
    'operator',
    'after-human',
    500,
    'Set DATABASE_URL to a PostgreSQL of your own; the message says why the embedded one cannot run.',
  ),
  'disk-full': row(
    'operator',
    'after-human',
    507,
    'Free space where the data directory lives and start again; nothing was lost.',
  ),
  'storage-unavailable': row('operator', 'later', 503, 'Check STAKAZO_STORE and free disk space.'),
  'secret-unreadable': row(
    'operator',
    'after-human',
    500,
    'STAKAZO_MASTER_KEY does not open this secret; restore the key it was written with.',
  ),
  'node-too-old': row(
    'operator',
    'after-human',
    500,
    'Use Node 22.18 or newer; npm scripts here bring Node 24 along.',
  ),
  // running
  cancelled: row('owner', 'never', 409, 'Somebody cancelled it; submit it again if that was wrong.'),
  'stale-lease': row(
    'bug',
    'never',
    409,
    'Another worker took this run over; nothing was written by the old one.',
  ),
  'tenant-missing': row('bug', 'never', 500, 'A query ran without a tenant and saw nothing; report it.'),
  'limit-reached': row(
    'owner',
    'never',
    422,
    'The run stopped at its own limit; raise it in agents.yaml or narrow the task.',
  ),
  'plan-invalid': row(
    'model',
    'later',
    422,
    'The plan had a cycle or an unknown agent and was asked for again.',
  ),
  'report-invalid': row(
    'model',
    'later',
    422,
    'The report did not have the promised shape and was asked for again.',
  ),
  'playbook-diverged': row(
    'bug',
    'never',
    500,
    'The rules changed while a run was under way; start the task again.',
  ),
  'tool-unknown': row(
    'model',
    'never',
    422,
    'The model called a tool it was not given; it is told so and goes on.',
  ),
  // the gate
  'policy-denied': row(
    'owner',
    'after-human',
    403,
    'The verdict says which rule refused; loosen it on purpose or change the request.',
  ),
  'approval-mismatch': row(
    'owner',
    'never',
    409,
    'The content changed since it was shown; look at the new approval and answer that.',
  ),
  'approval-closed': row('owner', 'never', 409, 'It was answered or expired already; see the approval.'),
  'rights-unconfirmed': row(
    'owner',
    'after-human',
    403,
    'Confirm rights and terms for the asset first (approve with the confirmation, or PUT /v1/assets/{id}/rights).',
  ),
  'world-mismatch': row(
    'operator',
    'after-human',
    403,
    'Sandbox accounts act only in STAKAZO_MODE=sandbox, live ones only in live.',
  ),
  'budget-exhausted': row(
    'owner',
    'after-human',
    402,
    'Raise the cap in the policy or wait for the next period.',
  ),
  'egress-refused': row('bug', 'never', 403, 'The address is not a declared origin of a connector.'),
  'grant-missing': row('bug', 'never', 500, 'A connector was asked to write without a grant of the gate.'),
  'needs-person': row(
    'platform',
    'after-human',
    409,
    'Look at the account on the platform, then settle it with `stakazo settle <id> --posted|--not-posted`.',
  ),
  // media
  'media-empty': row('owner', 'never', 422, 'The file has no bytes; export it again.'),
  'media-unreadable': row(
    'owner',
    'never',
    422,
    'The file is damaged or no media file; export it again as MP4.',
  ),
  'media-unsupported': row('owner', 'never', 422, 'Convert it to MP4 (H.264 and AAC) and send it again.'),
  'media-too-short': row('owner', 'never', 422, 'Use a longer film or ask for fewer or shorter clips.'),
  'media-too-large': row('owner', 'never', 413, 'Scale or cut it below the named limit.'),
  'ffmpeg-missing': row(
    'operator',
    'after-human',
    500,
    'Install ffmpeg or set FFMPEG_PATH and FFPROBE_PATH.',
  ),
  'ffmpeg-failed': row(
    'bug',
    'later',
    500,
    'The details hold the last lines of ffmpeg; report them with the file.',
  ),
  'render-failed-verification': row(
    'bug',
    'later',
    500,
    'A rendered file broke its own promise and was discarded.',
  ),
  // models
  'model-rate-limited': row(
    'model',
    'later',
    503,
    'The provider throttles; the next model of the tier is asked.',
  ),
  'model-overloaded': row(
    'model',
    'later',
    503,
    'The provider is overloaded; the next model of the tier is asked.',
  ),
  'model-auth': row('operator', 'after-human', 502, 'The provider refused the API key; correct it.'),
  'model-refused': row('model', 'never', 502, 'The model declined; the next model of the tier is asked.'),
  'model-malformed': row('model', 'later', 502, 'The model answered with something unreadable.'),
  'model-context-too-long': row(
    'model',
    'never',
    502,
    'The conversation exceeds the model; a larger one is asked.',
  ),
  'model-timeout': row('model', 'later', 504, 'The provider did not answer in time.'),
  'model-unavailable': row('model', 'later', 503, 'No model of the tier could answer.'),
  'model-bad-request': row('bug', 'never', 502, 'The provider found the request invalid; report it.'),
  'replay-diverged': row(
    'owner',
    'never',
    409,
    'The run asks something its recording does not hold; record it again if that was meant.',
  ),
  // the world outside
  'platform-unreachable': row(
    'platform',
    'later',
    502,
    'No connection was made, so nothing was sent; it is tried again.',
  ),
  'outcome-unknown': row(
    'platform',
    'later',
    502,
    'The answer was lost; the runtime looks it up before anything else.',
  ),
  'platform-transient': row(
    'platform',
    'later',
    502,
    'The platform failed before acting; it is tried again.',
  ),
  'platform-throttled': row('platform', 'later', 503, 'The platform asks to wait; the queue does.'),
  'platform-daily-cap': row(
    'platform',
    'later',
    503,
    'The account reached its daily cap; it is moved behind the window.',
  ),
  'auth-expired': row(
    'owner',
    'after-human',
    401,
    'Connect the account again: `stakazo connect <platform>`.',
  ),
  'platform-permission': row(
    'owner',
    'after-human',
    403,
    'Grant the missing permission on the platform and connect again.',
  ),
  'platform-content': row(
    'owner',
    'never',
    422,
    'The platform refused the content; the message names the rule.',
  ),
  'blocked-by-platform': row(
    'platform',
    'after-human',
    403,
    'The platform sees a policy problem; the account is paused until you look.',
  ),
  'platform-duplicate': row(
    'platform',
    'never',
    409,
    'The platform has this post already; it is looked up and adopted.',
  ),
  'platform-surprise': row(
    'bug',
    'never',
    502,
    'The platform answered in a shape we do not know; report it.',
  ),
  // nobody's fault but ours
  bug: row('bug', 'never', 500, 'This is our mistake; the log has the details under the request id.'),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

export class StakazoError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>> | undefined

  /** `message` says what happened, with the measured value and the limit; never a secret, never foreign text unquoted. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'StakazoError'
    this.code = code
    this.details = options.details
  }

  get row(): ErrorRow {
    return ERRORS[this.code]
  }
}

/** The only funnel from an unknown failure to ours: what we raised stays, an abort is `cancelled`, the rest is `bug`. */
export function fromUnknown(error: unknown): StakazoError {
  if (error instanceof StakazoError) return error
  if (error instanceof Error && error.name === 'AbortError') {
    return error.cause instanceof StakazoError
      ? error.cause
      : new StakazoError('cancelled', 'it was cancelled', { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new StakazoError('bug', message, { cause: error })
}

export interface ErrorBody {
  code: ErrorCode
  message: string
  hint: string
  docs: string
  details?: Readonly<Record<string, unknown>>
}

/** What a client sees. A bug's message stays inside: it may carry anything. */
export function toErrorBody(error: StakazoError, requestId?: string): ErrorBody {
  const isInternal = error.code === 'bug' || error.code === 'grant-missing' || error.code === 'tenant-missing'
  return {
    code: error.code,
    message: isInternal
      ? `something went wrong inside${requestId ? ` (request ${requestId})` : ''}`
      : error.message,
    hint: error.row.hint,
    docs: `README.md#error-${error.code}`,
    ...(error.details && !isInternal ? { details: error.details } : {}),
  }
}
