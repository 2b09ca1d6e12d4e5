/**
 * `submit-report`: how a model hands in. Its schema is the agent's report, so that every vendor checks the shape before
 * we do; the parsed report is the only thing that leaves a role.
 */
import type { AIMessage } from '@langchain/core/messages'
import { ToolMessage } from '@langchain/core/messages'
import { z } from 'zod'
import { SUBMIT_REPORT } from './ports.ts'

/** A tool as vendors take it: a name, a sentence and a JSON Schema. */
export interface ToolOffer {
  type: 'function'
  function: { name: string; description: string; parameters: Record<string, unknown> }
}

export const offerTool = (name: string, does: string, input: z.ZodType): ToolOffer => ({
  type: 'function',
  function: { name, description: does, parameters: objectSchema(input) },
})

export const offerReport = (report: z.ZodType): ToolOffer =>
  offerTool(SUBMIT_REPORT, 'Hand in your finished report. This ends your work.', report)

export type HandIn =
  | { kind: 'report'; report: unknown }
  | { kind: 'invalid'; answers: ToolMessage[] }
  | { kind: 'none' }

/** Looks for a handed-in report in a model's turn and parses it; an invalid one is answered with what is wrong. */
export function readHandIn(turn: AIMessage, schema: z.ZodType): HandIn {
  const call = turn.tool_calls?.find((one) => one.name === SUBMIT_REPORT)
  if (!call) return { kind: 'none' }
  const parsed = schema.safeParse(unwrap(call.args))
  if (parsed.success) return { kind: 'report', report: parsed.data }
  const problem = z.prettifyError(parsed.error)
  const answers = (turn.tool_calls ?? []).map(
    (one) =>
      new ToolMessage({
        tool_call_id: one.id ?? '',
        name: one.name,
        status: 'error',
        content: JSON.stringify({
          ok: false,
          code: 'report-invalid',
          message: one === call ? problem : 'not run: the report beside it was invalid',
        }),
      }),
  )
  return { kind: 'invalid', answers }
}

/** Vendors demand an object at the top; a union of objects travels inside `report`. */
function objectSchema(schema: z.ZodType): Record<string, unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  delete json.$schema
  if (json.type === 'object') return json
  return { type: 'object', properties: { report: json }, required: ['report'], additionalProperties: false }
}

const unwrap = (args: Record<string, unknown>): unknown =>
  Object.keys(args).length === 1 && 'report' in args ? args.report : args
