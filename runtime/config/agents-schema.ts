/** The JSON schema editors read; `agents.schema.json` beside this file is its output, and a test says it is current. */
import { z } from 'zod'
import { AgentsFile } from './agents-file.ts'

export const AGENTS_SCHEMA_FILE = new URL('./agents.schema.json', import.meta.url)

export function agentsJsonSchema(): string {
  const schema = z.toJSONSchema(AgentsFile, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify({ title: 'Stakazo agents.yaml', ...schema }, null, 2)}\n`
}
