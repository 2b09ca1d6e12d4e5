/** The keys a schema knows at a path, for "did you mean". */
import { z } from 'zod'

export function listKeysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let current: z.ZodType | undefined = unwrap(schema)
  for (const part of path) {
    if (current instanceof z.ZodObject) current = unwrap(current.shape[part] as z.ZodType | undefined)
    else if (current instanceof z.ZodArray) current = unwrap(current.element as z.ZodType)
    else if (current instanceof z.ZodRecord) current = unwrap(current.valueType as z.ZodType)
    else return []
  }
  if (current instanceof z.ZodObject) return Object.keys(current.shape)
  if (current instanceof z.ZodRecord && current.keyType instanceof z.ZodEnum) {
    return current.keyType.options.map(String)
  }
  return []
}

const WRAPPERS = [z.ZodOptional, z.ZodDefault, z.ZodPrefault, z.ZodNullable]

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema
  while (WRAPPERS.some((wrapper) => inner instanceof wrapper)) {
    inner = (inner as z.ZodOptional).unwrap() as z.ZodType
  }
  return inner
}
