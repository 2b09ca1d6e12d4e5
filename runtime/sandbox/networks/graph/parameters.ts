/**
 * Parameters of a Graph call: query, form, JSON or multipart, all merged to text as Graph does, then read by a strict
 * schema. Lists and maps arrive as JSON text (`["a","b"]`) or, for lists, separated by commas.
 */
import { z } from 'zod'
import { instantMs, isInstant } from '../../../core/clock.ts'
import type { WireRequest } from '../../wire.ts'
import { refuseParameter } from './refusal.ts'

export type RawParameters = ReadonlyMap<string, string>

/** Parameters every call may carry. */
const COMMON_PARAMETERS = ['access_token', 'appsecret_proof'] as const

const BODY_MAX_BYTES = 1024 * 1024

export async function readParameters(request: WireRequest): Promise<RawParameters> {
  const merged = new Map<string, string>(request.query)
  if (request.method === 'GET' || request.method === 'HEAD') return merged
  for (const [name, value] of await readBody(request)) merged.set(name, value)
  return merged
}

async function readBody(request: WireRequest): Promise<Iterable<[string, string]>> {
  const bytes = await collect(request)
  if (bytes.length === 0) return []
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return readJson(bytes.toString('utf8'))
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
    return [...form].map(([name, value]) => {
      if (typeof value !== 'string') throw refuseParameter(`Param ${name} must be text, a file was sent`)
      return [name, value]
    })
  }
  if (type === '' || type.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams(bytes.toString('utf8'))
  throw refuseParameter(`Unsupported content type ${type}`)
}

async function collect({ body }: WireRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > BODY_MAX_BYTES) throw refuseParameter('The request body is too large')
  }
  return Buffer.concat(chunks)
}

function readJson(text: string): [string, string][] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuseParameter('The body is not valid JSON')
    throw cause
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(value)
  if (!fields.success) throw refuseParameter('The body must be a JSON object')
  return Object.entries(fields.data).map(([name, field]) => [
    name,
    typeof field === 'string' ? field : JSON.stringify(field),
  ])
}

const fromJson = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    context.addIssue({ code: 'custom', message: 'must be valid JSON' })
    return z.NEVER
  }
}

/** Types of the codegen specs, read from text. */
export const graphString = z.string()
export const graphBool = z
  .enum(['true', 'false', '1', '0'], 'must be a boolean')
  .transform((text) => text === 'true' || text === '1')
export const graphInt = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be an integer')
  .transform(Number)
export const graphId = z.string().regex(/^\d{1,25}$/, 'must be a numeric id')
export const graphTime = z.string().transform((text, context) => {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000
  if (isInstant(text) || z.iso.date().safeParse(text).success) return instantMs(text)
  context.addIssue({ code: 'custom', message: 'must be a unix timestamp or a date' })
  return z.NEVER
})
export const graphList = z
  .string()
  .transform((text, context): unknown =>
    text.trim().startsWith('[') ? fromJson(text, context) : text.split(','),
  )
  .pipe(z.array(z.coerce.string()).min(1, 'must not be empty'))
export const graphMap = z.string().transform(fromJson).pipe(z.record(z.string(), z.unknown()))
export const graphMapList = z
  .string()
  .transform(fromJson)
  .pipe(z.array(z.record(z.string(), z.unknown())))
export const graphEnum = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of {${values.join(', ')}}`)
/** A list whose every member is in the enum, such as `metric`. */
export const graphEnumList = <const T extends readonly [string, ...string[]]>(values: T) =>
  graphList.pipe(z.array(graphEnum(values)))

/** Reads what the schema declares and refuses the rest by name. */
export function parseParameters<T extends z.ZodRawShape>(
  schema: z.ZodObject<T>,
  raw: RawParameters,
): z.infer<z.ZodObject<T>> {
  const given: Record<string, string> = {}
  for (const [name, value] of raw) {
    if (COMMON_PARAMETERS.some((common) => common === name)) continue
    if (!(name in schema.shape)) throw refuseParameter(`Tried accessing nonexisting parameter (${name})`)
    given[name] = value
  }
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const name = String(issue?.path[0] ?? '')
  if (!(name in given)) throw refuseParameter(`The parameter ${name} is required`)
  throw refuseParameter(`Param ${name} ${issue?.message ?? 'is invalid'}`)
}
