/**
 * A playbook is a role as rules: the same job without a model.
 *
 * It is a generator that the model layer re-runs from its start on every turn, feeding back the recorded results of the
 * calls it yielded before. So it must be deterministic: no clock, no chance, nothing but the brief and the outcomes.
 */
import type { Json } from './digest.ts'

export interface PlaybookCall {
  readonly tool: string
  readonly args: Readonly<Record<string, Json | undefined>>
  /** One line a person reads while it runs. */
  readonly say?: string
}

/** A tool's answer as the model sees it; a refusal is an outcome, not an exception. */
export type ToolOutcome<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Yields one call or several at once; gets one outcome or as many, in order; returns the report. */
export type PlaybookRun<Report> = Generator<
  PlaybookCall | PlaybookCall[],
  Report,
  ToolOutcome | ToolOutcome[]
>
export type Playbook<Brief, Report> = (brief: Brief) => PlaybookRun<Report>

export const call = (tool: string, args: PlaybookCall['args'] = {}, say?: string): PlaybookCall => ({
  tool,
  args,
  say,
})

/** Typed yield of one call: `const info = yield* ask<Info>(call('probe-video', {…}))`. */
export function* ask<T>(
  one: PlaybookCall,
): Generator<PlaybookCall, ToolOutcome<T>, ToolOutcome | ToolOutcome[]> {
  const outcome = yield one
  return (Array.isArray(outcome) ? outcome[0] : outcome) as ToolOutcome<T>
}

/** Several calls at once, outcomes in the same order; an empty list asks nothing. */
export function* askAll<T>(
  calls: PlaybookCall[],
): Generator<PlaybookCall[], ToolOutcome<T>[], ToolOutcome | ToolOutcome[]> {
  if (calls.length === 0) return []
  const outcomes = yield calls
  return (Array.isArray(outcomes) ? outcomes : [outcomes]) as ToolOutcome<T>[]
}
