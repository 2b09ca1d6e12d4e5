/** The `fields` parameter: `id,caption,comments.limit(5){id,text}`, parsed and answered from a table of readers. */
import { type GraphProblem, GraphRefusal, refuseParameter } from './refusal.ts'

export interface FieldRequest {
  name: string
  limit: number | undefined
  fields: FieldRequest[] | undefined
}

/** Reads one field of a node; undefined leaves it out of the answer, as Graph does with absent values. */
type FieldReader<Node> = (node: Node, request: FieldRequest) => unknown
export type FieldTable<Node> = Readonly<Record<string, FieldReader<Node>>>

const DEPTH_MAX = 3

export function parseFields(text: string): FieldRequest[] {
  const tokens = text.match(/[A-Za-z0-9_]+|[{}(),.]|\S/g) ?? []
  let at = 0
  const fail = () => refuseParameter(`Syntax error "Expected name" in fields near ${tokens[at] ?? 'the end'}`)
  const take = (expected: string) => {
    if (tokens[at] !== expected) throw fail()
    at += 1
  }
  const list = (depth: number): FieldRequest[] => {
    if (depth > DEPTH_MAX) throw refuseParameter('The fields nest too deep')
    const fields = [field(depth)]
    while (tokens[at] === ',') {
      at += 1
      fields.push(field(depth))
    }
    return fields
  }
  const field = (depth: number): FieldRequest => {
    const name = tokens[at] ?? ''
    if (!/^[A-Za-z0-9_]+$/.test(name)) throw fail()
    at += 1
    let limit: number | undefined
    while (tokens[at] === '.') {
      at += 1
      take('limit')
      take('(')
      limit = Number(tokens[at])
      if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100) throw fail()
      at += 1
      take(')')
    }
    if (tokens[at] !== '{') return { name, limit, fields: undefined }
    at += 1
    const fields = list(depth + 1)
    take('}')
    return { name, limit, fields }
  }
  const fields = list(1)
  if (at !== tokens.length) throw fail()
  return fields
}

const NO_SUCH_FIELD: GraphProblem = { code: 100, message: '(#100) Tried accessing nonexisting field' }

/** Always carries `id`; an unknown field refuses the whole call. */
export function readFields<Node>(
  type: string,
  table: FieldTable<Node>,
  node: Node,
  requests: readonly FieldRequest[],
): Record<string, unknown> {
  const answer: Record<string, unknown> = {}
  for (const request of requests) {
    const reader = Object.hasOwn(table, request.name) ? table[request.name] : undefined
    if (!reader) {
      throw new GraphRefusal(
        NO_SUCH_FIELD,
        `(#100) Tried accessing nonexisting field (${request.name}) on node type (${type})`,
      )
    }
    const value = reader(node, request)
    if (value !== undefined) answer[request.name] = value
  }
  if (!('id' in answer) && table.id)
    answer.id = table.id(node, { name: 'id', limit: undefined, fields: undefined })
  return answer
}
