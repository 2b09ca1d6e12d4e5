/** What a prompt may name: everything else is written out in prose or handed over in the brief. */
import { z } from 'zod'
import { StakazoError } from '../runtime/core/errors.ts'

export const PromptValues = z.object({
  brand: z.object({ name: z.string(), language: z.string(), zone: z.string() }),
  /** The person's language. */
  language: z.string(),
  /** Business instant. */
  now: z.string(),
})
export type PromptValues = z.infer<typeof PromptValues>

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g

export const listPlaceholders = (template: string): string[] => [
  ...new Set([...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')),
]

/** Puts the values in; a placeholder nobody knows is our mistake and never reaches a model. */
export function fillPrompt(template: string, values: PromptValues): string {
  return template.replace(PLACEHOLDER, (_, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (at, key) => (at as Record<string, unknown> | undefined)?.[key],
        PromptValues.parse(values),
      )
    if (typeof value !== 'string')
      throw new StakazoError('bug', `a prompt names {{${path}}}, which nobody gives`)
    return value
  })
}
