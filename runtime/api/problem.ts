/** Every failure leaves as `{code, message, hint, docs, requestId}` with the status of its row. */
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { ERRORS, type ErrorCode, fromUnknown, StakazoError, toErrorBody } from '../core/errors.ts'

export const Problem = z
  .object({
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What happened'),
    hint: z.string().describe('What to do next'),
    docs: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' })

export function toProblem(
  error: StakazoError,
  requestId: string,
  headers: Headers = new Headers(),
): Response {
  const body = { ...toErrorBody(error, requestId), requestId }
  headers.set('content-type', 'application/json; charset=utf-8')
  headers.set('x-request-id', requestId)
  if (error.code === 'unauthorized') headers.set('www-authenticate', 'Bearer')
  return new Response(JSON.stringify(body), { status: error.row.status, headers })
}

/** zod's complaints, one a field, as one sentence. */
export function toBadInput(error: z.ZodError, where: string): StakazoError {
  const issues = error.issues.map(({ path, message, ...issue }) => ({
    path: path.join('.'),
    message:
      'keys' in issue && Array.isArray(issue.keys) ? `unknown field ${issue.keys.join(', ')}` : message,
  }))
  const sentence = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  return new StakazoError('bad-input', `${where}: ${sentence}`, { details: { issues } })
}

export function fromFailure(error: unknown): StakazoError {
  if (error instanceof HTTPException) {
    const code = error.status === 413 ? 'too-large' : error.status === 404 ? 'not-found' : 'bad-input'
    return new StakazoError(code, error.message, { cause: error })
  }
  return fromUnknown(error)
}
