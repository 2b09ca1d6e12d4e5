/**
 * A brief may name what an earlier step will have found: `{"$from": "create", "path": "posts"}` stands for that value of
 * the step's report and is put in its place before the step is released.
 */
import { z } from 'zod'

export const StepReference = z.object({ $from: z.string(), path: z.string() })
export type StepReference = z.infer<typeof StepReference>

export const fromStep = (key: string, path: string): StepReference => ({ $from: key, path })

export const isStepReference = (value: unknown): value is StepReference =>
  StepReference.safeParse(value).success

/** Every reference in a brief, however deep. */
export function listReferences(value: unknown): StepReference[] {
  if (isStepReference(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(listReferences)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(listReferences)
  return []
}
