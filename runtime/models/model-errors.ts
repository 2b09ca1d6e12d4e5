/** Turns what three SDKs throw into rows of our error table; routing then reads the row, never a message. */
import { type ErrorCode, StakazoError } from '../core/errors.ts'

type ModelErrorCode = Extract<ErrorCode, `model-${string}`>

interface Wrong {
  status: number | undefined
  /** Every machine-readable word the vendor gave: code, type, reason. */
  words: string
  message: string
  retryAfterMs: number | undefined
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** `retry-after` in seconds or milliseconds; a date is left alone, since business time may be wound. */
function retryAfterFromHeaders(headers: unknown): number | undefined {
  if (!(headers instanceof Headers)) return undefined
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (Number.isFinite(ms)) return ms
  const text = headers.get('retry-after') ?? ''
  return /^\d+(\.\d+)?$/.test(text) ? Number.parseFloat(text) * 1_000 : undefined
}

/** Google names its delay in the body: `{"@type": "…google.rpc.RetryInfo", "retryDelay": "12s"}`. */
function retryAfterFromDetails(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined
  for (const detail of details) {
    const delay = /^(\d+(?:\.\d+)?)s$/.exec(String(asRecord(detail).retryDelay ?? ''))?.[1]
    if (delay) return Number.parseFloat(delay) * 1_000
  }
  return undefined
}

function readWrong(error: unknown): Wrong {
  const {
    status,
    code,
    type,
    name,
    message,
    headers,
    error: body,
    errorDetails,
    lc_error_code,
  } = asRecord(error)
  const inner = asRecord(body)
  const innermost = asRecord(inner.error)
  const reasons = Array.isArray(errorDetails) ? errorDetails.map((detail) => asRecord(detail).reason) : []
  const words = [
    code,
    type,
    name,
    lc_error_code,
    inner.code,
    inner.type,
    innermost.type,
    innermost.code,
    ...reasons,
  ]
  return {
    status: typeof status === 'number' ? status : undefined,
    words: words.filter((word) => typeof word === 'string').join(' '),
    message: typeof message === 'string' ? message : String(error),
    retryAfterMs: retryAfterFromHeaders(headers) ?? retryAfterFromDetails(errorDetails),
  }
}

const CONTEXT =
  /context.?length|maximum context|context window|prompt is too long|input token count.*exceeds|ContextOverflow|request_too_large/i
const REFUSED = /content_policy|content_filter|invalid_prompt|blocked|prohibited_content/i
const KEY =
  /API_KEY_INVALID|API key not valid|invalid_api_key|authentication_error|permission_error|billing_error/i

/** Vendors disagree about statuses (Google answers a bad key with 400), so words are asked first. */
function codeOf({ status, words, message }: Wrong): ModelErrorCode {
  if (CONTEXT.test(words) || CONTEXT.test(message) || status === 413) return 'model-context-too-long'
  if (KEY.test(words) || KEY.test(message) || status === 401 || status === 402 || status === 403)
    return 'model-auth'
  if (REFUSED.test(words)) return 'model-refused'
  if (status === 429 || /rate_limit_error|insufficient_quota/.test(words)) return 'model-rate-limited'
  if (status === 503 || status === 529 || /overloaded_error/.test(words)) return 'model-overloaded'
  if (status === 408 || status === 504 || /Timeout/.test(words)) return 'model-timeout'
  if ((status !== undefined && status >= 500) || /api_error|server_error/.test(words))
    return 'model-unavailable'
  if (status !== undefined) return 'model-bad-request'
  return isNetwork(words, message) ? 'model-unavailable' : 'model-bad-request'
}

const NETWORK =
  /fetch failed|terminated|connection error|network|socket|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|premature|Error reading from the stream|Failed to parse stream/i
const isNetwork = (words: string, message: string): boolean =>
  NETWORK.test(message) || /APIConnection|ECONN|UND_ERR/.test(words)

/** Vendors echo parts of keys; nothing that looks like one may reach a log. */
const redact = (text: string): string => text.replace(/\b(sk-|AIza|Bearer )[\w*.-]+/g, '$1•••').slice(0, 300)

/** An error of ours deep in the causes (a refused egress, say) is what really happened. */
function findOurs(error: unknown): StakazoError | undefined {
  for (
    let at: unknown = error, depth = 0;
    at !== undefined && depth < 5;
    at = asRecord(at).cause, depth += 1
  ) {
    if (at instanceof StakazoError) return at
  }
  return undefined
}

/** The funnel for everything an SDK throws. Never throws. */
export function toModelError(error: unknown, link: string): StakazoError {
  const ours = findOurs(error)
  if (ours) return ours
  const wrong = readWrong(error)
  const code = codeOf(wrong)
  const { status, retryAfterMs } = wrong
  return new StakazoError(code, `${link}: ${redact(wrong.message)}`, {
    cause: error,
    details: { link, ...(status ? { status } : {}), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  })
}

export function retryAfterMsOf(error: StakazoError): number | undefined {
  const value = error.details?.retryAfterMs
  return typeof value === 'number' ? value : undefined
}
