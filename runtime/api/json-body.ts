/** Reads a JSON body within bounds: too long, too deep or not JSON is refused before anything is built from it. */
import type { Context } from 'hono'
import { StakazoError } from '../core/errors.ts'

export async function readJsonBody(
  c: Context,
  { maxBytes, maxDepth }: { maxBytes: number; maxDepth: number },
): Promise<{ text: string; value: unknown }> {
  const text = await readText(c, maxBytes)
  const mediaType = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (text !== '' && !/^application\/(\w[\w.-]*\+)?json$/.test(mediaType)) {
    throw new StakazoError('bad-input', `content-type is "${mediaType}"; send application/json`)
  }
  if (text === '') return { text, value: undefined }
  const depth = measureDepth(text)
  if (depth > maxDepth) {
    throw new StakazoError('bad-input', `the body is nested ${depth} deep; at most ${maxDepth} is read`)
  }
  try {
    return { text, value: JSON.parse(text) }
  } catch (cause) {
    throw new StakazoError('bad-json', (cause as Error).message, { cause })
  }
}

/** Stops reading at the limit, whatever Content-Length claims. */
export async function readText(c: Context, maxBytes: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const tooLarge = (maxBytes: number) =>
  new StakazoError('too-large', `the body has more than ${maxBytes} bytes`, { details: { maxBytes } })

/** Deepest bracket outside of strings, without parsing: a hostile body must not cost a stack. */
function measureDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (isInString) {
      if (char === '\\') at++
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth)
    else if (char === '}' || char === ']') depth--
  }
  return deepest
}
