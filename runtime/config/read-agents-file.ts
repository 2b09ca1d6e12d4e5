/** agents.yaml to a checked value; every complaint carries the line and, for a key, the nearest one that exists. */
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { StakazoError } from '../core/errors.ts'
import { AgentsFile } from './agents-file.ts'
import { findNearest } from './nearest.ts'
import { listKeysAt } from './schema-keys.ts'

/** `name` is only shown. Throws `config-invalid` with all complaints at once, in the order of their lines. */
export function parseAgentsFile(text: string, name = 'agents.yaml'): AgentsFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const broken = document.errors[0]
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0])
    const [reason] = broken.message.split('\n')
    throw new StakazoError('config-invalid', `${name}:${line}:${col}: ${reason}`, { details: { line } })
  }
  const parsed = AgentsFile.safeParse(document.toJS() ?? {})
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues
    .flatMap((issue) => explain(issue, document, lines))
    .sort((left, right) => left.line - right.line)
  const text_ = complaints.map(({ line, sentence }) => `${name}:${line}: ${sentence}`).join('\n')
  throw new StakazoError('config-invalid', text_, { details: { complaints } })
}

interface Complaint {
  line: number
  sentence: string
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): Complaint[] {
  const path = issue.path as (string | number)[]
  const where = path.length === 0 ? 'the file' : path.join('.')
  // A record over an enum reports its unknown key as a path of its own, an object as a list.
  const unknown =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ key, parent: path }))
      : issue.code === 'invalid_key'
        ? [{ key: String(path.at(-1)), parent: path.slice(0, -1) }]
        : []
  if (unknown.length === 0)
    return [{ line: lineOf(document, lines, path), sentence: `${where}: ${issue.message}` }]
  return unknown.map(({ key, parent }) => {
    const known = listKeysAt(AgentsFile, parent)
    const near = findNearest(key, known)
    const advice = near ? `did you mean "${near}"?` : `known: ${known.join(', ')}`
    const place = parent.length === 0 ? '' : ` in ${parent.join('.')}`
    return {
      line: lineOf(document, lines, [...parent, key]),
      sentence: `unknown key "${key}"${place}; ${advice}`,
    }
  })
}

/** Line of a key, else of its nearest ancestor that was written. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = findKey(document, path.slice(0, length))
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function findKey(document: Document, path: readonly (string | number)[]): Node | undefined {
  const last = path.at(-1)
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
    return isNode(pair?.key) ? pair.key : undefined
  }
  const node = document.getIn(path, true)
  return isNode(node) ? node : undefined
}
