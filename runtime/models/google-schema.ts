/**
 * JSON Schema as zod writes it, in the dialect Gemini's function declarations take: no $ref, const, oneOf, type lists,
 * exclusive bounds, records or additionalProperties, enums of strings only. Anything else is answered with 400.
 */
type Schema = Record<string, unknown>

const KEPT = [
  'title', 'description', 'nullable', 'maxItems', 'minItems', 'required', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum',
] as const // biome-ignore format: a list of words reads better packed

const FORMATS: Record<string, readonly string[]> = {
  string: ['enum', 'date-time'],
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
}

const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? (value as Schema) : {}

function resolve(schema: Schema, root: Schema, depth: number): Schema {
  const name = /^#\/(?:\$defs|definitions)\/(.+)$/.exec(String(schema.$ref ?? ''))?.[1]
  // A schema that contains itself is cut after a few levels: the dialect cannot say it at all.
  if (!name || depth > 8) return schema
  const { $ref: _, ...beside } = schema
  return { ...asSchema(asSchema(root.$defs ?? root.definitions)[name]), ...beside }
}

function typeOf(schema: Schema): { type?: string; nullable?: boolean } {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
    (type) => typeof type === 'string',
  )
  const [type] = types.filter((each) => each !== 'null')
  return { ...(type ? { type } : {}), ...(types.includes('null') ? { nullable: true } : {}) }
}

/** Values of another type than string are described instead, since they cannot be listed. */
function choices(schema: Schema, type: string | undefined): Schema {
  const values = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined
  if (!values) return {}
  if (values.every((value) => typeof value === 'string')) return { type: 'string', enum: values }
  const told = [schema.description, `One of: ${values.map((value) => JSON.stringify(value)).join(', ')}.`]
    .filter(Boolean)
    .join(' ')
  return { type: type ?? typeof values[0], description: told }
}

function union(schema: Schema, root: Schema, depth: number): Schema | undefined {
  const members = schema.anyOf ?? schema.oneOf
  if (!Array.isArray(members)) return undefined
  const solid = members.map(asSchema).filter(({ type }) => type !== 'null')
  const nullable = solid.length < members.length ? { nullable: true } : {}
  const described = schema.description ? { description: schema.description } : {}
  const converted = solid.map((member) => convert(member, root, depth + 1))
  return converted.length === 1
    ? { ...converted[0], ...described, ...nullable }
    : { ...described, ...nullable, anyOf: converted }
}

/** An object without named properties is refused; it is asked for as JSON text instead. */
function objectOf(schema: Schema, root: Schema, depth: number): Schema {
  const properties = Object.entries(asSchema(schema.properties)).map(([name, child]) => [
    name,
    convert(asSchema(child), root, depth + 1),
  ])
  if (properties.length > 0) return { properties: Object.fromEntries(properties) }
  return { type: 'string', ...asText(schema, 'A JSON object') }
}

const asText = (schema: Schema, what: string): Schema => ({
  description: [schema.description, `${what}, written as text.`].filter(Boolean).join(' '),
})

function convert(source: Schema, root: Schema, depth: number): Schema {
  const schema = resolve(source, root, depth)
  const joined = union(schema, root, depth)
  if (joined) return joined
  const { type, nullable } = typeOf(schema)
  const out: Schema = { ...(type ? { type } : {}), ...(nullable ? { nullable } : {}) }
  for (const key of KEPT) if (schema[key] !== undefined) out[key] = schema[key]
  const step = type === 'integer' ? 1 : 0
  if (typeof schema.exclusiveMinimum === 'number') out.minimum = schema.exclusiveMinimum + step
  if (typeof schema.exclusiveMaximum === 'number') out.maximum = schema.exclusiveMaximum - step
  if (type && FORMATS[type]?.includes(String(schema.format))) out.format = schema.format
  if (type === 'array') out.items = convert(asSchema(schema.items), root, depth + 1)
  const shaped = {
    ...out,
    ...choices(schema, type),
    ...(type === 'object' ? objectOf(schema, root, depth) : {}),
  }
  return shaped.type ? shaped : { ...shaped, type: 'string', ...asText(schema, 'Any JSON value') }
}

/** Undefined for a tool without arguments: Gemini wants no `parameters` then. */
export function toGoogleSchema(schema: Schema): Schema | undefined {
  if (Object.keys(asSchema(schema.properties)).length === 0) return undefined
  return convert(schema, schema, 0)
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const holdsAnything = (schema: Schema): boolean =>
  !['type', 'enum', 'const', 'anyOf', 'oneOf'].some((key) => key in schema)

/** Undoes what was asked for as text: a string where the schema wants an object, or anything at all, is read as JSON. */
export function fromGoogleValue(value: unknown, source: Schema, root = source, depth = 0): unknown {
  const schema = resolve(source, root, depth)
  if (typeof value === 'string') {
    return typeOf(schema).type === 'object' || holdsAnything(schema) ? tryParse(value) : value
  }
  const into = (child: unknown, childSchema: unknown) =>
    fromGoogleValue(child, asSchema(childSchema), root, depth + 1)
  if (Array.isArray(value)) return value.map((each) => into(each, schema.items ?? { type: 'string' }))
  if (typeof value !== 'object' || value === null) return value
  const properties = asSchema(schema.properties)
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      properties[name] ? into(child, properties[name]) : child,
    ]),
  )
}
